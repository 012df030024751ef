"""The portal's own application, with services and provider at its outer edge that answer from a table."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from portal.browser_sessions import SESSION_COOKIE, BrowserSession, Tokens
from portal.run_api import create_app, create_reception
from portal.settings import Settings
from tests.portal import answers

ISSUER = "https://issuer.example"
ADDRESS = "https://portal.example"
Answer = dict[str, Any] | list[Any] | Callable[[httpx.Request], httpx.Response]


@dataclass
class Neighbours:
    """What each path of each service answers; `away` names the services that do not answer at all."""

    answers: dict[str, Answer] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    asked: list[httpx.Request] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        service = request.url.host.partition(".")[0]
        if service in self.away:
            raise httpx.ConnectError("refused", request=request)
        path = f"{request.method} {request.url.path.removeprefix(f'/api/{service}/v1')}"
        found = self.answers.get(path)
        if callable(found):
            return found(request)
        if found is None:
            return httpx.Response(404, json={"type": "/problems/not-found", "title": "Nothing", "status": 404})
        return httpx.Response(201 if request.method == "POST" else 200, json=found)

    def bodies(self, method: str, ending: str) -> list[Any]:
        """What was sent to a path."""
        sent = [one for one in self.asked if one.method == method and one.url.path.endswith(ending)]
        return [json.loads(one.content) for one in sent]


@dataclass
class Portal:
    """A browser at the portal."""

    app: FastAPI
    client: httpx.AsyncClient
    neighbours: Neighbours

    def sign_in(self) -> BrowserSession:
        """As Amina, who answers for the household."""
        sessions = self.app.state.reception.sessions
        session: BrowserSession = sessions.open("amina", "Amina", "Amina Haddad", Tokens("token", None, "id", 1e12))
        self.client.cookies.set(SESSION_COOKIE, session.name, domain="portal.example")
        return session

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(path, **options)

    async def post(self, path: str, session: BrowserSession | None = None, **fields: Any) -> httpx.Response:
        """A form of one of our pages."""
        token = {"csrf_token": session.csrf_token} if session else {}
        headers = {"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"}
        return await self.client.post(path, data={**token, **fields}, headers=headers)


def pages_in(app: FastAPI) -> dict[str, str]:
    """The pattern of each address that can be opened, by its path; FastAPI keeps included routers as such."""
    routers = [route.original_router for route in app.routes if hasattr(route, "original_router")]
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    return {route.path: route.path_regex.pattern for route in routes if "GET" in (route.methods or ())}


def usual_answers() -> dict[str, Answer]:
    """A federation with one session, and a household with two children."""
    settlement = {
        "quarter": "2090Q4", "currency": "EUR", "first_id": answers.HOME, "second_id": answers.HOUSE,
        "first_owes_minor": 4000, "second_owes_minor": 1600, "net_minor": 2400, "lines": 2,
    }  # fmt: skip
    line = {
        "id": answers.BOOKING, "debtor_id": answers.HOME, "creditor_id": answers.HOUSE, "amount_minor": 4100,
        "currency": "EUR", "quarter": "2090Q4", "booking_id": answers.BOOKING, "charge_id": answers.BOOKING,
    }  # fmt: skip
    grounds = {
        "jurisdiction": "BE-FWB", "source": "Arrêté du 17 mars 2004", "status": "verified_secondary",
        "younger_below_age": 6, "younger": 3, "older": 7, "unknown": 1, "adults": 1, "group_size": 8,
        "younger_per_supervisor": None, "older_per_supervisor": None, "qualified_share": "1/3",
        "unqualified_share_max": None, "unqualified_not_counted": 1,
    }  # fmt: skip
    coverage = {
        "session_id": answers.SESSION, "supervisors_needed": 2, "qualified_needed": 1, "supervisors_present": 1,
        "qualified_present": 0, "is_short": True, "grounds": grounds,
    }  # fmt: skip
    message = {
        "id": answers.BOOKING, "organisation_id": answers.HOUSE, "subject": "Réservé", "body": "Bonjour",
        "language": "fr", "created_at": "2090-11-20T10:00:00Z", "read_at": None,
    }  # fmt: skip
    return {
        "GET /organisations": answers.page(*answers.DIRECTORY),
        f"GET /organisations/{answers.HALL}": answers.details(answers.DIRECTORY[3], address="Rue des Écoles 4"),
        f"GET /organisations/{answers.HOUSE}": answers.details(
            answers.DIRECTORY[1], address="Rue des Écoles 2", iban="BE89006820030085"
        ),
        "GET /memberships/mine": answers.page(),
        "GET /memberships": answers.page(),
        "GET /sessions": answers.page(answers.session()),
        f"GET /sessions/{answers.SESSION}": answers.session(),
        f"GET /sessions/{answers.SESSION}/roster": [],
        f"GET /sessions/{answers.SESSION}/history": [answers.change()],
        f"GET /agreements/{answers.PROGRAMME}/sessions": answers.page(),
        f"GET /sessions/{answers.SESSION}/agreement": {"session_id": answers.SESSION, "agreement": None},
        f"GET /sessions/{answers.SESSION}/messages": [answers.told(), answers.told(state="to_print", channel="post")],
        f"GET /activities/{answers.ACTIVITY}": answers.activity(),
        "GET /activities": answers.page(answers.activity()),
        "GET /programmes": answers.page(answers.programme()),
        f"GET /programmes/{answers.PROGRAMME}": answers.programme(),
        f"GET /households/{answers.HOUSEHOLD}/contacts": [answers.contact()],
        f"GET /households/{answers.HOUSEHOLD}": answers.household(),
        f"GET /participants/{answers.YANIS}": {**answers.participant(), "household_id": None},
        f"GET /contacts/{answers.BOOKING}": answers.contact(),
        f"PATCH /contacts/{answers.BOOKING}": answers.contact(),
        f"PATCH /households/{answers.HOUSEHOLD}": answers.household(),
        "POST /households": answers.household(),
        f"POST /households/{answers.HOUSEHOLD}/contacts": answers.contact(),
        f"POST /contacts/{answers.BOOKING}/link-code": answers.contact(),
        f"POST /contacts/{answers.BOOKING}/paper-code": answers.paper_code(),
        f"DELETE /contacts/{answers.BOOKING}/account": answers.contact(linked=False),
        f"PATCH /participants/{answers.YANIS}": answers.participant(),
        "POST /participants": answers.participant(),
        f"GET /households/{answers.HOUSEHOLD}/attestable-years": [answers.attestable()],
        f"GET /households/{answers.HOUSEHOLD}/attestations": answers.page(answers.attestation()),
        "POST /attestations": answers.attestation(made_at=None),
        "GET /erasures": answers.page(answers.erasure()),
        "GET /consent-wordings": answers.wordings(),
        f"GET /households/{answers.HOUSEHOLD}/consents": answers.page(answers.consent()),
        f"GET /participants/{answers.YANIS}/consents": answers.page(answers.consent()),
        "POST /consents": answers.consent(),
        "GET /households": answers.page(answers.household()),
        "GET /participants": answers.page(
            answers.participant(), answers.participant(answers.LINA, "Lina", "2088-01-01")
        ),
        "GET /bookings": answers.page(answers.booking()),
        f"GET /bookings/{answers.BOOKING}": answers.booking(),
        f"GET /bookings/{answers.BOOKING}/decisions": [],
        "POST /bookings": answers.booking(),
        "POST /guest-bookings": answers.guest_hold(),
        "POST /guest-bookings/link": answers.guest_booking(),
        "POST /guest-bookings/confirmation": answers.guest_booking(),
        "POST /guest-bookings/offer-acceptance": answers.booking(),
        "POST /guest-bookings/offer-refusal": answers.booking(state="cancelled"),
        "POST /guest-bookings/cancellation": answers.guest_booking(),
        "GET /charges": answers.page(answers.charge()),
        "GET /dues": answers.page(answers.due()),
        "GET /budgets": answers.page(answers.budget()),
        f"GET /budgets/{answers.BUDGET}": answers.budget(),
        f"GET /budgets/{answers.BUDGET}/spendings": answers.page(answers.spending()),
        "GET /share-rules": answers.page(answers.share_rule()),
        "GET /settlements": [settlement],
        "GET /settlements/lines": answers.page(line, {**line, "amount_minor": -100}),
        "GET /coverage": answers.page(coverage),
        f"GET /sessions/{answers.SESSION}/coverage": {**coverage, "supervisors": [{"display_name": "Noah"}]},
        f"GET /sessions/{answers.SESSION}/attendance": answers.sheet(),
        "GET /people": answers.page(answers.person()),
        f"GET /people/{answers.YANIS}": answers.person(),
        "GET /people/mine": [answers.person()],
        "GET /qualifications": answers.page(answers.paper()),
        "GET /leaves": answers.page(answers.leave()),
        "GET /well-being": [{"person_id": answers.YANIS, "display_name": "Noah", "signs": ["many_evenings"]}],
        "GET /substitute-requests": answers.page(),
        "GET /holds": answers.page(),
        "GET /hours": answers.page(answers.hours()),
        "GET /hours/sums": [
            {"engagement": "volunteer", "people": 2, "minutes": 150, "value_minor": 3750, "allowance_minor": 2000}
        ],
        f"GET /people/{answers.YANIS}/availability": {
            "person_id": answers.YANIS,
            "version": 4,
            "windows": [answers.window()],
        },
        "GET /passports": answers.page(answers.passport()),
        f"GET /passports/{answers.LINA}": answers.passport(),
        "GET /shifts": answers.page(answers.shift()),
        f"GET /shifts/{answers.SHIFT}": answers.shift(),
        f"GET /shifts/{answers.SHIFT}/candidates": [],
        "GET /assignments/mine": [answers.assignment()],
        f"GET /assignments/{answers.BOOKING}/exchanges": [answers.exchange()],
        f"GET /erasures/{answers.GUEST_CODE}": answers.erasure(),
        "POST /erasures": answers.erasure(state="asked", answers=[]),
        f"GET /proposals/{answers.BUDGET}": answers.proposal(),
        "GET /resources": answers.page(answers.resource()),
        f"GET /resources/{answers.HALL}": answers.resource(),
        f"GET /resources/{answers.HALL}/papers": [answers.resource_paper()],
        f"GET /resources/{answers.HALL}/closures": answers.page(answers.resource_closure()),
        f"GET /resources/{answers.HALL}/photos": [{"id": answers.BUDGET, "description": "La scène"}],
        f"GET /resources/{answers.HALL}/calendar-address": {"resource_id": answers.HALL, "made_at": None},
        f"GET /resources/{answers.HALL}/keys": [
            answers.resource_key(),
            answers.resource_key(id=answers.BOOKING, label="A4", held_by=None),
        ],
        f"GET /resources/{answers.HALL}/leases": [answers.lease()],
        "GET /reservations": answers.page(answers.reservation()),
        "GET /agreements": answers.page(answers.agreement()),
        f"GET /agreements/{answers.PROGRAMME}": answers.agreement(),
        "GET /meetings": answers.page(answers.meeting()),
        f"GET /meetings/{answers.PROGRAMME}": answers.meeting(),
        "GET /tasks": answers.page(answers.task()),
        "GET /task-owners": answers.page({"id": answers.YANIS, "display_name": "Noah", "role": "animator"}),
        f"GET /activities/{answers.ACTIVITY}/risk-sheet": answers.risk_sheet(),
        f"GET /activities/{answers.ACTIVITY}/checklist": answers.checklist(),
        f"GET /sessions/{answers.SESSION}/opening": answers.readiness(),
        f"GET /sessions/{answers.SESSION}/incidents": answers.page(answers.incident()),
        "GET /follow-ups": answers.page({**answers.follow_up(), "session_id": answers.SESSION, "severity": "minor"}),
        "GET /vacancies": answers.page(answers.vacancy()),
        f"GET /vacancies/{answers.PROGRAMME}": answers.vacancy(),
        "GET /applications": answers.page(answers.application()),
        "GET /trainings": answers.page(answers.training()),
        f"GET /trainings/{answers.PROGRAMME}": answers.training(),
        "GET /documents": answers.page(answers.document()),
        f"GET /documents/{answers.BUDGET}": answers.document(),
        f"GET /organisations/{answers.HOUSE}/employer-details": answers.employer(),
        "GET /hour-terms": [answers.hour_terms()],
        f"GET /shifts/{answers.SHIFT}/candidates-elsewhere": [answers.neighbour()],
        "GET /messages/mine": answers.page(message),
        "GET /messages": answers.page(),
    }


@pytest.fixture
def neighbours() -> Neighbours:
    return Neighbours(usual_answers())


SERVICES = ("partners", "activities", "staffing", "finance", "notifications")
SETTINGS = Settings(
    public_urls=ADDRESS,
    token_issuer=ISSUER,
    requests_per_minute_max=0,
    **{f"{service}_url": f"http://{service}.internal" for service in SERVICES},  # type: ignore[arg-type]
)


@cache
def application() -> FastAPI:
    """Made once, because its routes take longer to build than pages; what it remembers is each test's own."""
    return create_app(SETTINGS, create_reception(SETTINGS, httpx.AsyncClient()))


@pytest.fixture
async def portal(neighbours: Neighbours) -> AsyncIterator[Portal]:
    app = application()
    async with httpx.AsyncClient(transport=httpx.MockTransport(neighbours.answer)) as asking:
        app.state.reception = create_reception(SETTINGS, asking)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            yield Portal(app, client, neighbours)

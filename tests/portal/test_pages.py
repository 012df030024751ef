"""Every page works in every language, and when a service behind it is away."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from common.clock import now
from portal.directory import queries
from portal.languages import LANGUAGES
from tests.browser.pages import Made, pages_after_acts, pages_of
from tests.portal import answers
from tests.portal.conftest import SERVICES, Neighbours, Portal, pages_in

SESSION = f"/o/tremplin/sessions/{answers.SESSION}"
PUBLIC = [
    "/", "/o/tremplin", f"/o/tremplin?month={now():%Y-%m}", "/embed/tremplin",
    f"/o/tremplin/activities/{answers.ACTIVITY}", SESSION, "/signed-out", "/accessibility", f"{SESSION}/guest",
    f"{SESSION}/guest/sent?until=2090-11-20T12:00:00Z", f"/guest-bookings/{answers.GUEST_CODE}",
    f"/erasures/{answers.GUEST_CODE}", "/o/tremplin/vacancies", f"/o/tremplin/vacancies/{answers.PROGRAMME}",
]  # fmt: skip
PRIVATE = [
    "/household", "/household/consents", "/household/people", f"/household/contacts/{answers.BOOKING}",
    f"/household/members/{answers.YANIS}", f"/household/{answers.HOUSEHOLD}/new-member",
    "/household/documents", "/household/calendar",
    "/account", "/account/erasure", "/invitation", f"{SESSION}/booking",
    f"/bookings/{answers.BOOKING}", f"/bookings/{answers.BOOKING}/cancellation",
    f"{SESSION}/booking/check?for={answers.HOUSEHOLD}&who={answers.YANIS}",
]  # fmt: skip
MANAGE = "/manage/tremplin"
TEAM = [
    MANAGE, f"{MANAGE}/sessions/{answers.SESSION}", f"{MANAGE}/sessions/{answers.SESSION}/list",
    f"{MANAGE}/sessions/{answers.SESSION}/families?name=had", f"{MANAGE}/sessions/{answers.SESSION}/attendance",
    f"{MANAGE}/sessions/{answers.SESSION}/walk-ins?name=had",
    f"{MANAGE}/families?name=had", f"{MANAGE}/families/{answers.HOUSEHOLD}", f"{MANAGE}/participants/{answers.YANIS}",
    f"{MANAGE}/new-family?name=Sow&session={answers.SESSION}", f"{MANAGE}/families/{answers.HOUSEHOLD}/new-contact",
    f"{MANAGE}/families/{answers.HOUSEHOLD}/new-member", f"{MANAGE}/contacts/{answers.BOOKING}",
    f"{MANAGE}/participants/{answers.YANIS}/record",
    f"{MANAGE}/erasures", f"{MANAGE}/erasures/household/{answers.HOUSEHOLD}",
    f"{MANAGE}/calendar", f"{MANAGE}/calendar?by=place", f"{MANAGE}/calendar/people",
    f"{MANAGE}/plan?activity={answers.ACTIVITY}",
    f"{MANAGE}/sessions/{answers.SESSION}/agreement", f"{MANAGE}/sessions/{answers.SESSION}/needs",
    f"{MANAGE}/sessions/{answers.SESSION}/change", f"{MANAGE}/sessions/{answers.SESSION}/calling-off",
    f"{MANAGE}/programmes", f"{MANAGE}/new-programme", f"{MANAGE}/programmes/{answers.PROGRAMME}",
    f"{MANAGE}/programmes/{answers.PROGRAMME}/edit", f"{MANAGE}/programmes/{answers.PROGRAMME}/new-activity",
    f"{MANAGE}/sessions/{answers.SESSION}/opening", f"{MANAGE}/sessions/{answers.SESSION}/incidents",
    f"{MANAGE}/activities/{answers.ACTIVITY}/safety",
    f"{MANAGE}/new-resource", f"{MANAGE}/resources/{answers.HALL}", f"{MANAGE}/resources/{answers.HALL}/edit",
    f"{MANAGE}/resources/{answers.HALL}/photos", f"{MANAGE}/resources/{answers.HALL}/keys",
    f"{MANAGE}/resources/{answers.HALL}/leases", f"{MANAGE}/resources/{answers.HALL}/leases/{answers.BUDGET}",
    f"{MANAGE}/activities/{answers.ACTIVITY}", f"{MANAGE}/members", f"{MANAGE}/profile", f"{MANAGE}/logo",
    f"{MANAGE}/sites", f"{MANAGE}/new-site", f"{MANAGE}/sites/{answers.HALL}", f"{MANAGE}/rota", f"{MANAGE}/resources",
    f"{MANAGE}/meetings", f"{MANAGE}/new-meeting", f"{MANAGE}/meetings/{answers.PROGRAMME}",
    f"{MANAGE}/meetings/{answers.PROGRAMME}/edit", f"{MANAGE}/agreements", f"{MANAGE}/new-agreement",
    f"{MANAGE}/agreements/{answers.PROGRAMME}", f"{MANAGE}/agreements/{answers.PROGRAMME}/edit",
    f"{MANAGE}/rota/shifts/{answers.SHIFT}", f"{MANAGE}/rota/proposals/{answers.BUDGET}",
    f"{MANAGE}/people/{answers.YANIS}/availability",
    f"{MANAGE}/people/{answers.YANIS}/documents", f"{MANAGE}/employer", f"{MANAGE}/recruitment",
    f"{MANAGE}/recruitment/{answers.PROGRAMME}", f"{MANAGE}/trainings", f"{MANAGE}/trainings/{answers.PROGRAMME}",
    f"{MANAGE}/people", f"{MANAGE}/people/{answers.YANIS}", f"{MANAGE}/hours", f"{MANAGE}/passports",
    f"{MANAGE}/passports/{answers.LINA}",
    f"{MANAGE}/budgets", f"{MANAGE}/budgets/{answers.BUDGET}", f"{MANAGE}/budgets/{answers.BUDGET}/plan",
    f"{MANAGE}/new-budget", f"{MANAGE}/share-rules", f"{MANAGE}/share-rules/{answers.BUDGET}",
    f"{MANAGE}/messages", f"{MANAGE}/messages/letters",
    f"{MANAGE}/budgets/bookings/{answers.BOOKING}", f"{MANAGE}/settlements?quarter=2090Q4",
]  # fmt: skip
EVERY_PAGE = [
    *PUBLIC,
    *PRIVATE,
    "/messages",
    "/shifts",
    f"/shifts/substitute/{answers.BOOKING}",
    "/hours",
    "/availability",
    *TEAM,
]
WITHOUT_PAGE = {
    "/sign-in", "/signed-in", "/welcome", "/health/live", "/health/ready", "/metrics", "/live/places",
    "/o/{slug}/theme-{colour}.css", "/agenda.ics", "/agenda.json", "/o/{slug}/agenda.ics", "/o/{slug}/agenda.json",
    "/o/{slug}/sessions/{session_id}.ics", "/o/{slug}/sessions/{session_id}/image-{edition}.png",
    "/household/payments/{due_id}/code.svg", "/manage/{slug}/sessions/{session_id}/attendance/marks",
    "/federation.{kind}", "/federation/lending.{kind}", "/manage/{slug}/sessions/{session_id}/list.{kind}",
    "/manage/{slug}/budgets.{kind}", "/manage/{slug}/budgets/{budget_id}/charges.{kind}",
    "/manage/{slug}/budgets/{budget_id}/spendings.{kind}",
    "/manage/{slug}/people/{person_id}/documents/{document_id}.pdf", "/manage/{slug}/settlements.{kind}",
    "/photos/{photo_id}.webp", "/logos/{organisation_id}/{digest}.webp", "/calendars/resources/{secret}.ics",
    "/manage/{slug}/people.{kind}", "/manage/{slug}/hours.{kind}", "/manage/{slug}/members.{kind}",
    "/manage/{slug}/resources.{kind}", "/manage/{slug}/rota.{kind}", "/manage/{slug}/calendar.{kind}",
    "/manage/{slug}/agreements.{kind}", "/account/data.json", "/shifts.ics", "/calendars/{secret}.ics",
    "/calendars/bookings/{secret}.ics", "/household/documents/{attestation_id}.pdf",
}  # fmt: skip
FOR_OFFICES = {"/operations", "/federation", "/federation/new-member"}
"""Pages for other readers than those here; their features' tests open them."""


def director(neighbours: Neighbours) -> None:
    """The reader directs the youth house, where somebody is booked and somebody waits."""
    membership = {"organisation_id": answers.HOUSE, "role": "director", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    listed = [answers.entry(), answers.entry(answers.LINA, "waiting", waiting_since="2090-11-01T10:00:00Z")]
    neighbours.answers[f"GET /sessions/{answers.SESSION}/roster"] = listed


def test_every_route_has_a_page_here(portal: Portal) -> None:
    assert not_opened(portal, EVERY_PAGE) == WITHOUT_PAGE | FOR_OFFICES


def not_opened(portal: Portal, paths: Iterable[str]) -> set[str]:
    """The routes that none of these addresses leads to."""
    opened = {path.partition("?")[0] for path in paths}
    return {path for path, pattern in pages_in(portal.app).items() if not any(re.match(pattern, one) for one in opened)}


class AnyId(dict[str, Any]):
    """A stage on which everything has the same id."""

    def __missing__(self, _name: str) -> str:
        return answers.SESSION


def test_every_page_is_looked_at_in_a_browser(portal: Portal) -> None:
    ids = SimpleNamespace(sessions=defaultdict(lambda: [answers.SESSION]), activities=AnyId(), households=AnyId(),
                          participants=AnyId(), programmes=AnyId(), resources=AnyId(), workers=AnyId(),
                          organisations=AnyId(), day=now().date())  # fmt: skip
    scene = SimpleNamespace(state=ids, workshop=SESSION)
    made = Made(**dict.fromkeys((field.name for field in fields(Made)), answers.SESSION))
    paths = [path for _name, _who, path in (*pages_of(scene), *pages_after_acts(made))]
    assert not_opened(portal, paths) == WITHOUT_PAGE


@pytest.mark.parametrize("path", EVERY_PAGE)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_speaks_every_language(
    portal: Portal, neighbours: Neighbours, path: str, language: str
) -> None:
    if path not in PUBLIC:
        portal.sign_in()
    if path in TEAM:
        director(neighbours)
    answer = await portal.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert "%(" not in answer.text


@pytest.mark.parametrize("path", EVERY_PAGE)
@pytest.mark.parametrize("away", SERVICES)
async def test_no_page_breaks_when_a_service_is_away(
    portal: Portal, neighbours: Neighbours, path: str, away: str
) -> None:
    portal.sign_in()
    if path in TEAM:
        director(neighbours)
    await portal.get("/household")
    neighbours.away.add(away)
    answer = await portal.get(path)
    assert answer.status_code == 200
    assert "<h1" in answer.text


async def test_the_household_is_shown_without_its_debts_when_finance_is_away(
    portal: Portal, neighbours: Neighbours
) -> None:
    portal.sign_in()
    neighbours.away.add("finance")
    text = (await portal.get("/household")).text
    assert "Amounts cannot be shown just now." in text
    assert "Atelier cirque" in text


async def test_names_are_remembered_while_partners_is_away(
    portal: Portal, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "DIRECTORY_SECONDS", -1.0)
    assert "Le Tremplin" in (await portal.get("/")).text
    neighbours.away.add("partners")
    assert "Le Tremplin" in (await portal.get("/")).text


@pytest.mark.parametrize("path", ["/nowhere", "/o/nobody", f"/o/tilleuls/sessions/{answers.SESSION}", "/bookings/x"])
async def test_what_is_not_there_is_a_page_that_says_so(portal: Portal, path: str) -> None:
    portal.sign_in()
    answer = await portal.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


async def test_what_people_write_is_escaped(portal: Portal) -> None:
    text = (await portal.get(SESSION)).text
    assert "&lt;b&gt;Jongler&lt;/b&gt;" in text


async def test_language_and_theme_are_remembered(portal: Portal) -> None:
    answer = await portal.post("/preferences", language="nl", theme="dark", return_to="/o/tremplin")
    assert answer.headers["location"] == "/o/tremplin"
    text = (await portal.get("/")).text
    assert '<html lang="nl" data-theme="dark">' in text


async def test_the_script_gets_the_week_without_the_page(portal: Portal) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    text = (await portal.get("/?week=2090-11-20", headers=headers)).text
    assert text.lstrip().startswith('<section id="period"')


async def test_the_colours_of_an_association_are_kept_for_ever(portal: Portal) -> None:
    page = (await portal.get("/o/tremplin")).text
    address = page.partition('href="/o/tremplin/theme-')[2].partition('"')[0]
    answer = await portal.get(f"/o/tremplin/theme-{address}")
    assert answer.headers["cache-control"].endswith("immutable")
    assert (await portal.get("/o/tremplin/theme-000000.css")).status_code == 404


@pytest.mark.parametrize("path", TEAM)
async def test_the_pages_of_a_team_are_for_the_team(portal: Portal, path: str) -> None:
    assert (await portal.get(path)).status_code == 303
    portal.sign_in()
    assert (await portal.get(path)).status_code == 403


async def test_today_names_what_needs_somebody(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    director(neighbours)
    soon = now() + timedelta(hours=3)
    session = answers.session(starts_at=soon.isoformat(), ends_at=(soon + timedelta(hours=1)).isoformat())
    neighbours.answers["GET /sessions"] = answers.page(session)
    text = (await portal.get(MANAGE)).text
    assert "One session lacks supervisors" in text
    assert "One budget is nearly spent" in text


async def test_a_settlement_is_shown_from_our_side(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    director(neighbours)
    text = (await portal.get(f"{MANAGE}/settlements?quarter=2090Q4")).text
    assert "To receive" in text
    assert "€24.00" in text
    assert text.count("€40.00") == 2, "both lines of the booking are one"


async def test_a_session_shows_what_it_brings_to_those_who_read_money(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    director(neighbours)
    text = (await portal.get(f"{MANAGE}/sessions/{answers.SESSION}")).text
    assert "€12.00" in text
    assert f"{MANAGE}/budgets/{answers.BUDGET}" in text
    neighbours.away.add("finance")
    text = (await portal.get(f"{MANAGE}/sessions/{answers.SESSION}")).text
    assert "Amounts cannot be shown just now." in text
    assert "One place is booked" in text

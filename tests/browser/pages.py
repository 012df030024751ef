"""The pages that are looked at: who looks, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol


class Scene(Protocol):
    """What the addresses need to know."""

    @property
    def state(self) -> Any: ...

    @property
    def workshop(self) -> str: ...


@dataclass(frozen=True)
class Made:
    """The ids of what exists once somebody has acted."""

    contact: str
    booking: str
    assignment: str
    budget: str
    share_rule: str
    agreement: str
    meeting: str
    hall: str
    lease: str
    shift: str
    proposal: str
    helper: str
    vacancy: str
    training: str


NOBODY = ""


def pages_of(scene: Scene) -> Iterator[tuple[str, str, str]]:
    """(name, who, path) of every page in its usual state; the reader is named by what he signs in with."""
    session = scene.state.sessions["cirque"][0]
    activity = scene.state.activities["cirque"]
    household = scene.state.households["tremplin-01"]
    child = scene.state.participants["tremplin-01-1"]
    manage = "/manage/tremplin"
    public = {
        "agenda": "/", "month": f"/?month={datetime.now(UTC):%Y-%m}", "programme": "/o/tremplin",
        "widget": "/embed/tremplin",
        "guest": f"{scene.workshop}/guest", "guest-sent": f"{scene.workshop}/guest/sent?until=2026-12-01T12:00:00Z",
        "guest-link-unknown": "/guest-bookings/there-is-no-such-code",
        "vacancies": "/o/tremplin/vacancies",
        "erasure-unknown": "/erasures/there-is-no-such-code",
        "activity": f"/o/tremplin/activities/{activity}",
        "session": scene.workshop, "nothing-fits": "/?q=zzzz", "accessibility": "/accessibility",
        "signed-out": "/signed-out", "not-found": "/nowhere",
    }  # fmt: skip
    yield from ((name, NOBODY, path) for name, path in public.items())
    own = {
        "who": f"{scene.workshop}/booking",
        "check": f"{scene.workshop}/booking/check?for={household}&who={child}",
        "nobody-chosen": f"{scene.workshop}/booking/check?for={household}",
        "household": "/household", "consents": "/household/consents",
        "own-people": "/household/people", "own-member": f"/household/members/{child}",
        "documents": "/household/documents", "family-calendar": "/household/calendar",
        "new-member": f"/household/{household}/new-member", "messages": "/messages", "account": "/account",
        "erasure": "/account/erasure", "invitation": "/invitation",
    }  # fmt: skip
    yield from ((name, "amina", path) for name, path in own.items())
    programme = scene.state.programmes["apres-ecole"]
    hall = scene.state.resources["salle"]
    week = scene.state.day + timedelta(days=10)
    team = {
        "today": manage, "calendar": f"{manage}/calendar?week={week}",
        "places-calendar": f"{manage}/calendar?week={week}&by=place",
        "people-calendar": f"{manage}/calendar/people?week={week}",
        "plan": f"{manage}/plan?activity={activity}", "programmes": f"{manage}/programmes",
        "new-programme": f"{manage}/new-programme", "programme-editor": f"{manage}/programmes/{programme}",
        "new-activity": f"{manage}/programmes/{programme}/new-activity",
        "programme-edit": f"{manage}/programmes/{programme}/edit",
        "activity-editor": f"{manage}/activities/{activity}",
        "safety": f"{manage}/activities/{activity}/safety", "budgets": f"{manage}/budgets",
        "rota": f"{manage}/rota?week={week}", "shifts": "/shifts", "people": f"{manage}/people",
        "person": f"{manage}/people/{scene.state.workers['noah']}", "team-hours": f"{manage}/hours",
        "recruitment": f"{manage}/recruitment", "trainings": f"{manage}/trainings", "employer": f"{manage}/employer",
        "worker-availability": f"{manage}/people/{scene.state.workers['noah']}/availability",
        "worker-documents": f"{manage}/people/{scene.state.workers['noah']}/documents",
        "passports": f"{manage}/passports", "resources": f"{manage}/resources?week={week}",
        "new-resource": f"{manage}/new-resource", "resource": f"{manage}/resources/{hall}",
        "resource-edit": f"{manage}/resources/{hall}/edit", "photos": f"{manage}/resources/{hall}/photos",
        "keys": f"{manage}/resources/{hall}/keys", "leases": f"{manage}/resources/{hall}/leases",
        "families-by-name": f"{manage}/families?name=a", "family": f"{manage}/families/{household}",
        "new-family": f"{manage}/new-family", "family-contact": f"{manage}/families/{household}/new-contact",
        "family-member": f"{manage}/families/{household}/new-member",
        "record": f"{manage}/participants/{child}/record", "resident": f"{manage}/participants/{child}",
        "erasures": f"{manage}/erasures",
        "erase": f"{manage}/erasures/household/{household}",
        "agreements": f"{manage}/agreements", "new-agreement": f"{manage}/new-agreement",
        "meetings": f"{manage}/meetings", "new-meeting": f"{manage}/new-meeting",
        "to-tell": f"{manage}/messages", "letters": f"{manage}/messages/letters",
        "settlements": f"{manage}/settlements", "link": "/household", "forbidden": "/manage/tilleuls",
    }  # fmt: skip
    yield from ((name, "amelie", path) for name, path in team.items())
    pages = {
        "team-session": "", "families": "/families?name=a", "list": "/list", "attendance": "/attendance",
        "walk-ins": "/walk-ins",
        "change": "/change", "calling-off": "/calling-off", "opening": "/opening", "incidents": "/incidents",
        "session-agreement": "/agreement", "needs": "/needs",
    }  # fmt: skip
    yield from ((name, "amelie", f"{manage}/sessions/{session}{path}") for name, path in pages.items())
    yield from (("hours", "noah", "/hours"), ("availability", "noah", "/availability"))
    yield from (("new-budget", "sofia", f"{manage}/new-budget"), ("share-rules", "sofia", f"{manage}/share-rules"))
    site = scene.state.organisations["tremplin-salle"]
    led = {
        "members": "members", "profile": "profile", "logo": "logo",
        "sites": "sites", "new-site": "new-site", "site": f"sites/{site}",
    }  # fmt: skip
    yield from ((name, "karim", f"{manage}/{path}") for name, path in led.items())
    yield ("operations", "ines", "/operations")
    yield ("federation", "federica", "/federation?period=now")
    yield ("new-federation-member", "federica", "/federation/new-member")
    yield ("office-members", "federica", "/manage/maillage-demo/members")
    yield ("partner-members", "federica", "/manage/valbois/members")


def pages_after_acts(made: Made) -> Iterator[tuple[str, str, str]]:
    """(name, who, path) of the pages of what people make."""
    manage = "/manage/tremplin"
    own = {
        "own-contact": f"/household/contacts/{made.contact}", "booking": f"/bookings/{made.booking}",
        "cancellation": f"/bookings/{made.booking}/cancellation",
    }  # fmt: skip
    yield from ((name, "amina", path) for name, path in own.items())
    yield ("vacancy", NOBODY, f"/o/tremplin/vacancies/{made.vacancy}")
    yield ("substitute", "noah", f"/shifts/substitute/{made.assignment}")
    team = {
        "contact": f"contacts/{made.contact}", "agreement": f"agreements/{made.agreement}",
        "agreement-edit": f"agreements/{made.agreement}/edit", "meeting": f"meetings/{made.meeting}",
        "meeting-edit": f"meetings/{made.meeting}/edit", "lease": f"resources/{made.hall}/leases/{made.lease}",
        "shift": f"rota/shifts/{made.shift}", "proposal": f"rota/proposals/{made.proposal}",
        "applications": f"recruitment/{made.vacancy}", "training": f"trainings/{made.training}",
    }  # fmt: skip
    yield from ((name, "amelie", f"{manage}/{path}") for name, path in team.items())
    books = {
        "budget": f"budgets/{made.budget}", "budget-plan": f"budgets/{made.budget}/plan",
        "charges": f"budgets/bookings/{made.booking}", "share-rule": f"share-rules/{made.share_rule}",
    }  # fmt: skip
    yield from ((name, "sofia", f"{manage}/{path}") for name, path in books.items())
    yield ("passport", "marta", f"/manage/elan/passports/{made.helper}")

"""Whom an association looks for: a page for everybody with a form to apply, and the applications for who decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Json, Refused, part
from portal.directory.queries import get_association
from portal.entries import Entries
from portal.home_clock import home_today
from portal.home_zone import HOME_ZONE
from portal.languages import translate
from portal.pages import go, show
from portal.people.domain import KINDS, PAPER_KINDS
from portal.planning.queries import get_planner_post
from portal.recruitment import queries, use_cases
from portal.recruitment.domain import DECISIONS, DESCRIPTION_CHARACTERS_MAX, NEXT_STATE, Application
from portal.shifts.domain import ROLES
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
PUBLIC = "/o/{slug}/vacancies"
BASE = "/manage/{slug}/recruitment"
VACANCY = f"{BASE}/{{vacancy_id}}"
PLACES_MAX = 500


@router.get(PUBLIC)
async def show_vacancies(slug: str, visitor: Visit) -> HTMLResponse:
    """Everything that an association looks for, for everybody."""
    association = await get_association(visitor.asking, slug)
    today = home_today()
    found = await part(queries.list_vacancies(visitor, association, state="published"), [])
    open_ones = [one for one in found.value if one.takes_applications(today)]
    return await show(
        visitor, "recruitment/public.html", association=association, vacancies=open_ones, missing=found.missing
    )


@router.get(f"{PUBLIC}/{{vacancy_id}}")
async def show_vacancy(slug: str, vacancy_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """One vacancy with the form to apply, for who has signed in."""
    return await _show_public(visitor, slug, str(vacancy_id), None, None, is_sent="sent" in request.query_params)


@router.post(f"{PUBLIC}/{{vacancy_id}}")
async def apply(slug: str, vacancy_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Apply."""
    association = await get_association(visitor.asking, slug)
    vacancy = await queries.get_vacancy(visitor, association, str(vacancy_id))
    entries = Entries(form)
    body = {"display_name": entries.text("display_name"), "language": visitor.language, **_contact(entries)}
    body["message"] = entries.text("message", required=False, characters_max=DESCRIPTION_CHARACTERS_MAX) or None
    if entries.errors:
        return await _show_public(visitor, slug, vacancy.id, entries, None)
    try:
        await use_cases.apply(visitor, vacancy, body, form.get("key"))
    except Refused as problem:
        return await _show_public(visitor, slug, vacancy.id, entries, problem)
    return go(f"/o/{slug}/vacancies/{vacancy.id}?sent")


@router.get(BASE)
async def show_recruitment(slug: str, visitor: Visit) -> HTMLResponse:
    """All vacancies with how many wait for an answer, and the form for another one."""
    return await _show_recruitment(visitor, slug, None, None)


@router.post(BASE)
async def open_vacancy(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Write down whom the association looks for; nobody sees it before it is published."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    body = {"organisation_id": post.organisation.id, **_vacancy(entries)}
    if entries.errors:
        return await _show_recruitment(visitor, slug, entries, None)
    try:
        made = await use_cases.open_vacancy(visitor, body, form.get("key"))
    except Refused as problem:
        return await _show_recruitment(visitor, slug, entries, problem)
    return go(f"/manage/{slug}/recruitment/{made['id']}")


@router.get(VACANCY)
async def show_applications(slug: str, vacancy_id: UUID, visitor: Visit) -> HTMLResponse:
    """One vacancy with everybody who applied."""
    return await _show_applications(visitor, slug, str(vacancy_id), None, None)


@router.post(VACANCY)
async def move_vacancy(slug: str, vacancy_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Publish or close it."""
    post = await get_planner_post(visitor, slug)
    vacancy = await queries.get_vacancy(visitor, post.organisation, str(vacancy_id))
    entries = Entries(form)
    state, version = entries.choice("state", NEXT_STATE.values()), entries.number("version", 1, 999_999_999)
    try:
        if version is not None and state:
            await use_cases.move_vacancy(visitor, vacancy, state, version)
    except Refused as problem:
        return await _show_applications(visitor, slug, vacancy.id, None, problem)
    return go(f"/manage/{slug}/recruitment/{vacancy_id}")


@router.post(f"{VACANCY}/applications/{{application_id}}")
async def decide(slug: str, vacancy_id: UUID, application_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Invite, accept or refuse; who is accepted is recorded among the people."""
    post = await get_planner_post(visitor, slug)
    found = (await queries.list_applications(visitor, post, str(vacancy_id))).get(str(vacancy_id), [])
    application: Application | None = next((one for one in found if one.id == str(application_id)), None)
    if application is None:
        raise Refused(404, "not-found", "There is no such application", None)
    entries = Entries(form)
    state, version = entries.choice("state", DECISIONS), entries.number("version", 1, 999_999_999)
    invited = _invited(entries) if state == "interview" else None
    if entries.errors or version is None:
        return await _show_applications(visitor, slug, str(vacancy_id), entries, None)
    try:
        await use_cases.decide(visitor, application, {"state": state, "interview_at": invited}, version)
    except Refused as problem:
        return await _show_applications(visitor, slug, str(vacancy_id), entries, problem)
    return go(f"/manage/{slug}/recruitment/{vacancy_id}")


def _contact(entries: Entries) -> Json:
    email = entries.text("email", characters_max=254)
    if email and "@" not in email.strip("@"):
        entries.refuse("email", translate("Enter an e-mail address."))
    phone = entries.text("phone", required=False, characters_max=40)
    if phone and not all(character in "0123456789+()/. -" for character in phone):
        entries.refuse("phone", translate("Enter a telephone number."))
    return {"email": email, "phone": phone or None}


def _vacancy(entries: Entries) -> Json:
    starts_on = entries.day("starts_on")
    others = {name: entries.day(name) if entries.form.get(name) else None for name in ("ends_on", "apply_until")}
    return {
        "title": entries.text("title"),
        "description": entries.text("description", required=False, characters_max=DESCRIPTION_CHARACTERS_MAX),
        "footing": entries.choice("footing", KINDS),
        "role": entries.choice("role", ROLES),
        "required": [kind for kind in PAPER_KINDS if entries.form.get(f"paper-{kind}")],
        "places": entries.number("places", 1, PLACES_MAX),
        "starts_on": starts_on.isoformat() if starts_on else None,
        **{name: day.isoformat() if day else None for name, day in others.items()},
    }


def _invited(entries: Entries) -> str | None:
    """When somebody is invited for, on the association's clock; nothing entered leaves it open."""
    if not entries.form.get("on"):
        return None
    on, at = entries.day("on"), entries.clock_time("at")
    return datetime.combine(on, at, HOME_ZONE).isoformat() if on and at else None


async def _show_public(
    visitor: Visitor,
    slug: str,
    vacancy_id: str,
    entries: Entries | None,
    problem: Refused | None,
    *,
    is_sent: bool = False,
) -> HTMLResponse:
    association = await get_association(visitor.asking, slug)
    vacancy = await queries.get_vacancy(visitor, association, vacancy_id)
    name = visitor.session.display_name if visitor.session else ""
    return await show(
        visitor,
        "recruitment/vacancy.html",
        status=problem.status if problem else 422 if entries else 200,
        association=association,
        vacancy=vacancy,
        is_open=vacancy.takes_applications(home_today()),
        is_sent=is_sent,
        values=dict(entries.form.fields) if entries else {"display_name": name},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )


async def _show_recruitment(
    visitor: Visitor, slug: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    vacancies = await part(queries.list_vacancies(visitor, post.organisation), [])
    applications = await part(queries.list_applications(visitor, post), {})
    today = home_today().isoformat()
    fresh = {"footing": "volunteer", "role": "animator", "places": "1", "starts_on": today}
    facts: dict[str, Any] = {
        "vacancies": vacancies,
        "waiting": {key: sum(one.is_open for one in found) for key, found in applications.value.items()},
        "kinds": KINDS,
        "roles": ROLES,
        "paper_kinds": PAPER_KINDS,
        "values": dict(entries.form.fields) if entries else fresh,
        "errors": entries.errors if entries else {},
    }
    return await show(
        visitor,
        "recruitment/vacancies.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        problem=problem,
        key=str(new_id()),
        **facts,
    )


async def _show_applications(
    visitor: Visitor, slug: str, vacancy_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    vacancy = await queries.get_vacancy(visitor, post.organisation, vacancy_id)
    applications = await queries.list_applications(visitor, post, vacancy_id)
    return await show(
        visitor,
        "recruitment/applications.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        vacancy=vacancy,
        applications=applications.get(vacancy_id, []),
        following=NEXT_STATE[vacancy.state],
        errors=entries.errors if entries else {},
        problem=problem,
    )

"""The federation's office: its associations side by side, as bars, on a map and as a table; and founding others."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Json, Refused, part
from portal.directory.domain import Directory, Organisation
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.exporting import Kind, send_list
from portal.federation import use_cases
from portal.federation.domain import (
    FOUNDED_KINDS,
    PERIODS,
    belonging_to,
    map_of,
    most_booked,
    outside_of,
    period_of,
)
from portal.federation.queries import get_own_federation, list_loans, list_money, list_rows, list_supervisions
from portal.home_clock import home_today
from portal.home_zone import HOME_ZONE
from portal.languages import LANGUAGES, translate
from portal.members.domain import EMAIL_CHARACTERS_MAX, is_email
from portal.pages import go, show
from portal.problem_texts import text_of_problem
from portal.profile import use_cases as profiles
from portal.profile.domain import JURISDICTIONS, is_slug, languages_of, slug_of, time_zones, with_chosen
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()


@router.get("/federation")
async def show_federation(request: Request, visitor: Visit) -> HTMLResponse:
    """Offer, attendance, supervision and budgets of every association; small groups are left out."""
    federation = await get_own_federation(visitor)
    directory = await get_directory(visitor.asking)
    name = _period_name(request)
    period = period_of(name, home_today())
    year = period.last.year
    rows, supervisions, money, loans = await asyncio.gather(
        part(list_rows(visitor, federation, period, directory), []),
        part(list_supervisions(visitor, federation, period, directory), []),
        part(list_money(visitor, federation, year, directory), []),
        part(list_loans(visitor, federation, period, directory), []),
    )
    return await show(
        visitor,
        "federation/federation.html",
        own=federation,
        name=name,
        periods=PERIODS,
        period=period,
        rows=rows,
        map=map_of(rows.value),
        supervisions=supervisions,
        money=money,
        loans=loans,
        year=year,
        most_booked=most_booked(rows.value),
        members=belonging_to(directory, federation),
        news=_news(request, directory),
    )


@router.get("/federation.{kind}")
async def send_federation(kind: Kind, request: Request, visitor: Visit) -> Response:
    """The same as a file; what is left out stays empty."""
    federation = await get_own_federation(visitor)
    directory = await get_directory(visitor.asking)
    period = period_of(_period_name(request), home_today())
    headings = [
        translate("Association"), translate("Sessions"), translate("Called off"), translate("Places"),
        translate("Booked"), translate("On attendance lists"), translate("Present"),
    ]  # fmt: skip
    rows = [
        (row.association.name, row.sessions, row.cancelled, row.capacity, row.booked, row.marked, row.present)
        for row in await list_rows(visitor, federation, period, directory)
    ]
    return send_list(kind, f"associations-{period.first}-{period.last}", headings, rows)


@router.get("/federation/lending.{kind}")
async def send_lending(kind: Kind, request: Request, visitor: Visit) -> Response:
    """What was lent as a file; the numbers of few people stay empty."""
    federation = await get_own_federation(visitor)
    directory = await get_directory(visitor.asking)
    period = period_of(_period_name(request), home_today())
    headings = [
        translate("Lent by"), translate("To"), translate("Reservations"), translate("Hours"), translate("Price"),
        translate("Currency"), translate("People"), translate("Hours of people"),
    ]  # fmt: skip
    rows = [
        (
            loan.owner.name, loan.lodger.name, loan.reservations, loan.hours, loan.price_minor / 100, loan.currency,
            loan.people, loan.people_hours,
        )
        for loan in await list_loans(visitor, federation, period, directory)
    ]  # fmt: skip
    return send_list(kind, f"lending-{period.first}-{period.last}", headings, rows)


@router.get("/federation/new-member")
async def show_new_member(visitor: Visit) -> HTMLResponse:
    """The form to found an association or outside partner, and to agree that another one joins."""
    return await _show_new_member(visitor, None, None)


@router.post("/federation/members")
async def found(visitor: Visit, form: SignedForm) -> Response:
    """Found it and invite who will lead it, each once; a refused invitation is sent again with the same form."""
    federation = await get_own_federation(visitor)
    entries = Entries(form)
    organisation, leader = _read_organisation(entries), _read_leader(entries)
    if entries.errors:
        return await _show_new_member(visitor, entries, None)
    try:
        organisation_id = await use_cases.found(visitor, federation, organisation, form.get("key"))
        if leader:
            await use_cases.invite_first_leader(visitor, organisation_id, leader, form.get("key"))
    except Refused as problem:
        return await _show_new_member(visitor, entries, problem)
    return go(f"/manage/{organisation['slug']}/members")


@router.post("/federation/joinings")
async def agree_to_joining(visitor: Visit, form: SignedForm) -> Response:
    """Agree that an organisation of other federations joins this one too."""
    federation = await get_own_federation(visitor)
    organisation_id = form.get("organisation")
    if not is_id(organisation_id):
        return go("/federation/new-member")
    try:
        waits_for = await profiles.agree_to_joining(visitor, organisation_id, federation.id)
    except Refused as problem:
        return await _show_new_member(visitor, None, problem)
    return go(f"/federation?{'asked' if waits_for else 'joined'}={organisation_id}")


def _news(request: Request, directory: Directory) -> tuple[str, Organisation] | None:
    """What has just become of an organisation: asked to join, or joined."""
    for what in ("asked", "joined"):
        found = directory.by_id.get(request.query_params.get(what, ""))
        if found is not None:
            return what, found
    return None


def _read_organisation(entries: Entries) -> Json:
    """The organisation as the partners service takes it, without its federation."""
    name = entries.text("name")
    slug = entries.text("slug", required=False).lower() or slug_of(name, "association")
    if not is_slug(slug):
        entries.refuse("slug", translate("Only letters from a to z, digits, and hyphens between them."))
    others = [language for language in LANGUAGES if entries.form.get(f"also-{language}")]
    return {
        "kind": entries.choice("kind", FOUNDED_KINDS),
        "name": name,
        "slug": slug,
        "languages": languages_of(entries.choice("language", LANGUAGES), others),
        "jurisdiction": entries.text("jurisdiction"),
        "time_zone": entries.text("time_zone"),
    }


def _read_leader(entries: Entries) -> Json | None:
    """Who is invited to lead it; None when nobody is named yet."""
    name = entries.text("leader_name", required=False)
    email = entries.text("leader_email", required=False, characters_max=EMAIL_CHARACTERS_MAX)
    if not name and not email:
        return None
    if not name:
        entries.refuse("leader_name", translate("Fill this in."))
    if not is_email(email):
        entries.refuse("leader_email", translate("Enter an e-mail address."))
    language = entries.choice("leader_language", LANGUAGES)
    return {"display_name": name, "email": email, "language": language}


async def _show_new_member(visitor: Visitor, entries: Entries | None, problem: Refused | None) -> HTMLResponse:
    federation = await get_own_federation(visitor)
    directory = await get_directory(visitor.asking)
    fresh = {
        "kind": "association", "language": visitor.language, "leader_language": visitor.language,
        "jurisdiction": JURISDICTIONS[0], "time_zone": str(HOME_ZONE),
    }  # fmt: skip
    values = dict(entries.form.fields) if entries else fresh
    if problem is not None and problem.slug == "slug-taken" and entries is not None:
        entries.refuse("slug", text_of_problem(problem))
        problem = None
    return await show(
        visitor,
        "federation/new_member.html",
        status=problem.status if problem else 422 if entries else 200,
        own=federation,
        outside=outside_of(directory, federation),
        kinds=FOUNDED_KINDS,
        jurisdictions=with_chosen(JURISDICTIONS, values.get("jurisdiction", "")),
        zones=with_chosen(time_zones(), values.get("time_zone", "")),
        values=values,
        errors=entries.errors if entries else {},
        problem=problem,
        key=values.get("key") or str(new_id()),
    )


def _period_name(request: Request) -> str:
    name = request.query_params.get("period", "")
    return name if name in PERIODS else "ahead"

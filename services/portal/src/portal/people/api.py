"""Who works and helps: the record, the papers, leave, and what happens when somebody cannot come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from datetime import date
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Json, Refused, part
from portal.directory.domain import Post
from portal.entries import Entries
from portal.exporting import Kind, send_list
from portal.home_clock import home_today
from portal.languages import LANGUAGES, translate
from portal.pages import go, show, word
from portal.people import queries, use_cases
from portal.people.domain import (
    KINDS,
    MINUTES_OF_HOUR,
    ORDERS,
    PAPER_KINDS,
    WISHES,
    Leave,
    Paper,
    lines_of,
    wished_lines,
)
from portal.planning.queries import get_planner_post
from portal.substitutes import use_cases as substitutes
from portal.substitutes.queries import list_searches
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/people"
PERSON = f"{BASE}/{{person_id}}"
HOURS_OF_WEEK = 168
LONG_LIST = 12


@router.get(BASE)
async def show_people(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """Everybody, with papers, leave to decide and what is worth a word; places that somebody is sought for."""
    return await _show_people(visitor, slug, None, None, request.query_params)


@router.get(f"{BASE}.{{kind}}")
async def send_people(slug: str, kind: Kind, request: Request, visitor: Visit) -> Response:
    """The same people as a file, with how to reach them."""
    post, today = await get_planner_post(visitor, slug), home_today()
    people, papers = await asyncio.gather(queries.list_people(visitor, post), queries.list_papers(visitor))
    headings = [
        translate("Name"), translate("As"), translate("E-mail"), translate("Telephone"), translate("First day"),
        translate("Last day"), translate("Papers"),
    ]  # fmt: skip
    rows = [
        (
            line.person.display_name, word("people/words.html", "kind_name", line.person.kind), line.person.email,
            line.person.phone, line.person.started_on, line.person.ended_on,
            ", ".join(word("people/words.html", "paper_name", paper.kind) for paper in line.papers),
        )
        for line in wished_lines(lines_of(people, papers, [], {}, today), request.query_params, today)
    ]  # fmt: skip
    return send_list(kind, f"people-{today}", headings, rows)


@router.post(BASE)
async def register_person(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Record somebody who works or helps."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    fields = _record(entries)
    if entries.errors:
        return await _show_people(visitor, slug, entries, None)
    try:
        made = await use_cases.register_person(visitor, post, fields, form.get("key"))
    except Refused as problem:
        return await _show_people(visitor, slug, entries, problem)
    return go(f"/manage/{slug}/people/{made['id']}")


@router.post(f"{BASE}/leaves/{{leave_id}}")
async def decide_leave(slug: str, leave_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Say yes or no to who asks for leave, or take a leave back."""
    post = await get_planner_post(visitor, slug)
    leave = await _own_leave(visitor, str(leave_id))
    person = await queries.get_own_person(visitor, post, leave.person_id)
    state = Entries(form).choice("state", ("approved", "refused", "withdrawn")) or "refused"
    return await _then_show(visitor, slug, person.id, use_cases.decide_leave(visitor, leave, state))


@router.post(f"{BASE}/searches/{{search_id}}/withdrawal")
async def withdraw_search(slug: str, search_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Nobody is needed any more for a place that somebody was sought for."""
    await get_planner_post(visitor, slug)
    try:
        await substitutes.withdraw_search(visitor, str(search_id))
    except Refused as problem:
        return await _show_people(visitor, slug, None, problem)
    return go(f"/manage/{slug}/people")


@router.get(PERSON)
async def show_person(slug: str, person_id: UUID, visitor: Visit) -> HTMLResponse:
    """One person: record, papers, leave."""
    return await _show_person(visitor, slug, str(person_id), None, None)


@router.post(PERSON)
async def change_person(slug: str, person_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Change the record."""
    post = await get_planner_post(visitor, slug)
    person = await queries.get_own_person(visitor, post, str(person_id))
    entries = Entries(form)
    fields, version = _record(entries), entries.number("version", 1, 999_999_999)
    if entries.errors or version is None:
        return await _show_person(visitor, slug, person.id, entries, None)
    try:
        await use_cases.change_person(visitor, person.id, fields, version)
    except Refused as problem:
        return await _show_person(visitor, slug, person.id, entries, problem)
    return go(f"/manage/{slug}/people/{person.id}")


@router.post(f"{PERSON}/link-code")
async def send_link_code(slug: str, person_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Send the person a code to link an account."""
    await get_planner_post(visitor, slug)
    return await _then_show(visitor, slug, str(person_id), use_cases.send_link_code(visitor, str(person_id)))


@router.post(f"{PERSON}/unlinking")
async def unlink_account(slug: str, person_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Take the record away from its account."""
    post = await get_planner_post(visitor, slug)
    person = await queries.get_own_person(visitor, post, str(person_id))
    return await _then_show(visitor, slug, person.id, use_cases.unlink_account(visitor, person.id))


@router.post(f"{PERSON}/passport")
async def open_or_close_passport(slug: str, person_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Note a consent on paper of somebody without an account, or that it was taken back."""
    await get_planner_post(visitor, slug)
    if form.get("answer") == "yes":
        act = use_cases.open_passport(visitor, str(person_id), form.get("key"))
    else:
        act = use_cases.close_passport(visitor, str(person_id))
    return await _then_show(visitor, slug, str(person_id), act)


@router.post(f"{PERSON}/papers")
async def record_paper(slug: str, person_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Record a paper that was seen."""
    await get_planner_post(visitor, slug)
    entries = Entries(form)
    kind, issuer = entries.choice("paper", PAPER_KINDS), entries.text("issuer")
    issued_on, expires_on = entries.day("issued_on"), entries.day("expires_on") if form.get("expires_on") else None
    if entries.errors or issued_on is None:
        return await _show_person(visitor, slug, str(person_id), entries, None)
    fields = {
        "kind": kind, "issuer": issuer, "issued_on": issued_on.isoformat(),
        "expires_on": expires_on.isoformat() if expires_on else None,
    }  # fmt: skip
    recorded = use_cases.record_paper(visitor, str(person_id), fields, form.get("key"))
    return await _then_show(visitor, slug, str(person_id), recorded)


@router.post(f"{PERSON}/papers/{{paper_id}}")
async def confirm_or_remove_paper(
    slug: str, person_id: UUID, paper_id: UUID, visitor: Visit, form: SignedForm
) -> Response:
    """Say that a paper was seen, or take it off."""
    await get_planner_post(visitor, slug)
    paper = _find(await queries.list_papers(visitor, str(person_id)), str(paper_id))
    act = use_cases.confirm_paper if form.get("act") == "seen" else use_cases.remove_paper
    return await _then_show(visitor, slug, str(person_id), act(visitor, paper))


@router.post(f"{PERSON}/leave")
async def record_leave(slug: str, person_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Record leave; what a planner records is approved."""
    await get_planner_post(visitor, slug)
    entries = Entries(form)
    days = _days(entries)
    if days is None:
        return await _show_person(visitor, slug, str(person_id), entries, None)
    recorded = use_cases.record_leave(visitor, str(person_id), days, form.get("key"))
    return await _then_show(visitor, slug, str(person_id), recorded)


@router.post(f"{PERSON}/absence")
async def report_absence(slug: str, person_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Somebody cannot come: shows who is asked instead, and whom to telephone."""
    post = await get_planner_post(visitor, slug)
    person = await queries.get_own_person(visitor, post, str(person_id))
    entries = Entries(form)
    days = _days(entries)
    if days is None:
        return await _show_person(visitor, slug, person.id, entries, None)
    try:
        absence = await substitutes.report_absence(visitor, person.id, days, form.get("key"))
    except Refused as problem:
        return await _show_person(visitor, slug, person.id, None, problem)
    return await show(
        visitor, "people/absence.html", association=post.organisation, person=person, days=days, absence=absence
    )  # fmt: skip


def _days(entries: Entries) -> tuple[date, date] | None:
    first, last = entries.day("first_on"), entries.day("last_on")
    if first and last and last < first:
        entries.refuse("last_on", translate("The last day lies before the first."))
    return None if entries.errors or first is None or last is None else (first, last)


def _record(entries: Entries) -> Json:
    """The record that the form asks for; what was left empty is None."""
    hours = entries.number_or_none("weekly_hours", 0, HOURS_OF_WEEK)
    started_on = entries.day("started_on")
    ended_on = entries.day("ended_on") if entries.form.get("ended_on") else None
    email = entries.text("email", required=False, characters_max=254)
    if email and "@" not in email.strip("@"):
        entries.refuse("email", translate("Enter an e-mail address."))
    phone = entries.text("phone", required=False, characters_max=40)
    if phone and not all(character in "0123456789+()/. -" for character in phone):
        entries.refuse("phone", translate("Enter a telephone number."))
    return {
        "display_name": entries.text("display_name"),
        "kind": entries.choice("kind", KINDS),
        "email": email or None,
        "phone": phone or None,
        "language": entries.choice("language", LANGUAGES),
        "weekly_minutes_agreed": None if hours is None else hours * MINUTES_OF_HOUR,
        "started_on": started_on.isoformat() if started_on else None,
        "ended_on": ended_on.isoformat() if ended_on else None,
    }


def _find(papers: list[Paper], paper_id: str) -> Paper:
    """Raises Refused (404)."""
    found = next((paper for paper in papers if paper.id == paper_id), None)
    if found is None:
        raise Refused(404, "not-found", "This paper was taken off", None)
    return found


async def _own_leave(visitor: Visitor, leave_id: str) -> Leave:
    """Raises Refused (404)."""
    found = next((leave for leave in await queries.list_leaves(visitor) if leave.id == leave_id), None)
    if found is None:
        raise Refused(404, "not-found", "There is no such leave", None)
    return found


async def _then_show(visitor: Visitor, slug: str, person_id: str, act: Awaitable[None]) -> Response:
    """Do it, then show the person; a refusal is shown there too."""
    try:
        await act
    except Refused as problem:
        return await _show_person(visitor, slug, person_id, None, problem)
    return go(f"/manage/{slug}/people/{person_id}")


async def _show_people(
    visitor: Visitor,
    slug: str,
    entries: Entries | None,
    problem: Refused | None,
    asked: Mapping[str, str] = MappingProxyType({}),
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    today = home_today()
    people, papers, leaves, signs, searches = await asyncio.gather(
        part(queries.list_people(visitor, post), []),
        part(queries.list_papers(visitor), []),
        part(queries.list_leaves(visitor, state="requested"), []),
        part(queries.map_signs(visitor, post, today), {}),
        part(list_searches(visitor), []),
    )
    lines = lines_of(people.value, papers.value, leaves.value, signs.value, today)
    wished = {name: asked.get(name, "") for name in WISHES}
    return await show(
        visitor,
        "people/people.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        people=people,
        is_anybody_there=bool(lines),
        is_long=len(lines) >= LONG_LIST or any(wished.values()),
        lines=wished_lines(lines, wished, today),
        wished=wished,
        query=f"?{urlencode(wished)}" if any(wished.values()) else "",
        orders=ORDERS,
        searches=[one for one in searches.value if one.organisation_id == post.organisation.id],
        today=today,
        kinds=KINDS,
        paper_kinds=PAPER_KINDS,
        values=dict(entries.form.fields) if entries else _new_person(visitor, today),
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )


def _new_person(visitor: Visitor, today: date) -> dict[str, str]:
    return {"kind": "volunteer", "language": visitor.language, "started_on": today.isoformat()}


async def _show_person(
    visitor: Visitor, slug: str, person_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post: Post = await get_planner_post(visitor, slug)
    person, papers, leaves, consent = await asyncio.gather(
        queries.get_own_person(visitor, post, person_id),
        queries.list_papers(visitor, person_id),
        queries.list_leaves(visitor, person_id),
        queries.find_consent(visitor, person_id),
    )
    return await show(
        visitor,
        "people/person.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        person=person,
        papers=papers,
        leaves=leaves,
        consent=consent,
        today=home_today(),
        kinds=KINDS,
        paper_kinds=PAPER_KINDS,
        values={**person.values, **(dict(entries.form.fields) if entries else {})},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )

"""Documents for people: asked for, fetched as PDF, handed over, signed; and who the association is before the law."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Json, Refused
from portal.documents import queries, use_cases
from portal.documents.domain import ACCIDENT_FIELDS, DOCUMENT_KINDS, EMPLOYER_FIELDS, STEPS
from portal.entries import Entries
from portal.home_clock import home_today
from portal.languages import LANGUAGES, translate
from portal.pages import go, show
from portal.people.domain import MINUTES_OF_HOUR
from portal.people.queries import get_own_person
from portal.planning.queries import get_planner_post
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/people/{person_id}/documents"
EMPLOYER = "/manage/{slug}/employer"
HOURS_OF_WEEK = 168
VERSION_MAX = 999_999_999


@router.get(BASE)
async def show_documents(slug: str, person_id: UUID, visitor: Visit) -> HTMLResponse:
    """The documents of somebody, and the form to ask for another one."""
    return await _show_documents(visitor, slug, str(person_id), None, None)


@router.post(BASE)
async def ask_for_document(slug: str, person_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Ask for a document; it says what is true now."""
    await get_planner_post(visitor, slug)
    entries = Entries(form)
    body = _wish(entries)
    if entries.errors:
        return await _show_documents(visitor, slug, str(person_id), entries, None)
    try:
        await use_cases.ask_for_document(visitor, str(person_id), body, form.get("key"))
    except Refused as problem:
        return await _show_documents(visitor, slug, str(person_id), entries, problem)
    return go(f"/manage/{slug}/people/{person_id}/documents")


@router.post(f"{BASE}/{{document_id}}")
async def take_step(slug: str, person_id: UUID, document_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Say that a document was handed over or signed today, or is void."""
    await get_planner_post(visitor, slug)
    document = await queries.get_document(visitor, str(person_id), str(document_id))
    entries = Entries(form)
    state = entries.choice("state", {step for steps in STEPS.values() for step in steps})
    version = entries.number("version", 1, VERSION_MAX)
    try:
        if state and version is not None:
            await use_cases.take_step(visitor, document, state, version)
    except Refused as problem:
        return await _show_documents(visitor, slug, str(person_id), None, problem)
    return go(f"/manage/{slug}/people/{person_id}/documents")


@router.get(f"{BASE}/{{document_id}}.pdf")
async def send_document(slug: str, person_id: UUID, document_id: UUID, visitor: Visit) -> Response:
    """The file, as it was made."""
    await get_planner_post(visitor, slug)
    document = await queries.get_document(visitor, str(person_id), str(document_id))
    headers = {"Content-Disposition": f'attachment; filename="{document.kind}-{document.starts_on}.pdf"'}
    return Response(await queries.get_file(visitor, document), media_type="application/pdf", headers=headers)


@router.get(EMPLOYER)
async def show_employer(slug: str, visitor: Visit) -> HTMLResponse:
    """Who the association is before the law and how it is insured."""
    return await _show_employer(visitor, slug, None, None)


@router.post(EMPLOYER)
async def describe_employer(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Say so; documents that are asked for from now on say it too."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    body: Json = {name: entries.text(name) for name in EMPLOYER_FIELDS}
    accident = {name: entries.text(name, required=False) or None for name in ACCIDENT_FIELDS}
    if (accident[ACCIDENT_FIELDS[0]] is None) != (accident[ACCIDENT_FIELDS[1]] is None):
        missing = next(name for name in ACCIDENT_FIELDS if accident[name] is None)
        entries.refuse(missing, translate("Give both insurer and policy, or neither."))
    body |= {**accident, "is_confidential": form.get("is_confidential") == "on"}
    version = entries.number("version", 0, VERSION_MAX)
    if entries.errors or version is None:
        return await _show_employer(visitor, slug, entries, None)
    try:
        await use_cases.describe_employer(visitor, post, body, version)
    except Refused as problem:
        return await _show_employer(visitor, slug, entries, problem)
    return go(f"/manage/{slug}/employer")


def _wish(entries: Entries) -> Json:
    """The document as the staffing service takes it; what was left empty is None."""
    starts_on = entries.day("starts_on")
    ends_on = entries.day("ends_on") if entries.form.get("ends_on") else None
    if starts_on and ends_on and ends_on < starts_on:
        entries.refuse("ends_on", translate("The last day lies before the first."))
    hours = entries.number_or_none("weekly_hours", 0, HOURS_OF_WEEK)
    return {
        "kind": entries.choice("kind", DOCUMENT_KINDS),
        "language": entries.choice("language", LANGUAGES),
        "task": entries.text("task"),
        "starts_on": starts_on.isoformat() if starts_on else None,
        "ends_on": ends_on.isoformat() if ends_on else None,
        "weekly_minutes": None if hours is None else hours * MINUTES_OF_HOUR,
        "pay_minor": entries.amount_minor("pay"),
    }


async def _show_documents(
    visitor: Visitor, slug: str, person_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    person, documents, employer = await asyncio.gather(
        get_own_person(visitor, post, person_id),
        queries.list_documents(visitor, person_id),
        queries.find_employer(visitor, post),
    )
    kind = "volunteer_note" if person.kind == "volunteer" else "contract_summary"
    fresh = {"kind": kind, "language": person.language, "starts_on": home_today().isoformat()}
    return await show(
        visitor,
        "documents/documents.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        person=person,
        documents=documents,
        is_described=employer is not None,
        kinds=DOCUMENT_KINDS,
        values=dict(entries.form.fields) if entries else fresh,
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )


async def _show_employer(visitor: Visitor, slug: str, entries: Entries | None, problem: Refused | None) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    employer = await queries.find_employer(visitor, post)
    return await show(
        visitor,
        "documents/employer.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        values=dict(entries.form.fields) if entries else _values(employer, post.organisation.name),
        errors=entries.errors if entries else {},
        problem=problem,
    )


def _values(employer: Mapping[str, object] | None, name: str) -> dict[str, str]:
    """What the form starts with; the name is a guess before somebody has said anything."""
    if employer is None:
        return {"version": "0", "legal_name": name}
    names = (*EMPLOYER_FIELDS, *ACCIDENT_FIELDS, "version")
    values = {name: str(employer[name]) if employer[name] is not None else "" for name in names}
    return values | ({"is_confidential": "on"} if employer["is_confidential"] else {})

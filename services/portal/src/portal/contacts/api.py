"""Our family: whom to reach and how, and who belongs to it; changed by the family itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Json, Refused, part
from portal.booking.queries import list_own_households
from portal.contacts import queries, use_cases
from portal.entries import Entries
from portal.pages import go, show
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
PEOPLE = "/household/people"


@router.get(PEOPLE)
async def show_people(visitor: Visit) -> HTMLResponse:
    """Contacts and members, each with a way to change them."""
    _ = visitor.person
    return await show(visitor, "contacts/people.html", households=await part(queries.list_own_people(visitor), []))


@router.get("/household/contacts/{contact_id}")
async def edit_contact(contact_id: UUID, visitor: Visit) -> HTMLResponse:
    """How one contact is told things."""
    _ = visitor.person
    contact = await queries.get_contact(visitor, str(contact_id))
    values = {name: contact[name] or "" for name in ("display_name", "email", "phone", "language", "version")}
    values["channel"] = "phone" if contact["prefers_phone"] else "email"
    return await _form(visitor, "contacts/contact.html", str(contact_id), values)


@router.post("/household/contacts/{contact_id}")
async def change_contact(contact_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Keep what was changed."""
    entries = Entries(form)
    fields, version = use_cases.read_contact(entries), entries.number("version", 1, 999_999_999)
    if entries.errors or version is None:
        return await _form_again(visitor, "contacts/contact.html", str(contact_id), entries)
    try:
        await use_cases.change_contact(visitor, str(contact_id), fields, version)
    except Refused as problem:
        return await _form_again(visitor, "contacts/contact.html", str(contact_id), entries, problem)
    return go(PEOPLE)


@router.get("/household/members/{participant_id}")
async def edit_member(participant_id: UUID, visitor: Visit) -> HTMLResponse:
    """Name and date of birth of one member."""
    _ = visitor.person
    member = await queries.get_member(visitor, str(participant_id))
    values = {name: member[name] or "" for name in ("given_name", "family_name", "born_on", "version")}
    return await _form(visitor, "contacts/member.html", str(participant_id), values)


@router.post("/household/members/{participant_id}")
async def change_member(participant_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Keep what was corrected."""
    entries = Entries(form)
    fields, version = use_cases.read_member(entries), entries.number("version", 1, 999_999_999)
    if entries.errors or version is None:
        return await _form_again(visitor, "contacts/member.html", str(participant_id), entries)
    try:
        await use_cases.change_member(visitor, str(participant_id), fields, version)
    except Refused as problem:
        return await _form_again(visitor, "contacts/member.html", str(participant_id), entries, problem)
    return go(PEOPLE)


@router.get("/household/{household_id}/new-member")
async def ask_for_member(household_id: UUID, visitor: Visit) -> HTMLResponse:
    """Who else belongs to the family."""
    household = await _own_household(visitor, household_id)
    return await _form(visitor, "contacts/new_member.html", household["id"], {"family_name": household["name"]})


@router.post("/household/{household_id}/new-member")
async def add_member(household_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """One more member, who can be booked for at once."""
    household = await _own_household(visitor, household_id)
    entries = Entries(form)
    fields = use_cases.read_member(entries)
    if entries.errors:
        return await _form_again(visitor, "contacts/new_member.html", household["id"], entries)
    try:
        await use_cases.add_member(visitor, household, fields, form.get("key"))
    except Refused as problem:
        return await _form_again(visitor, "contacts/new_member.html", household["id"], entries, problem)
    return go(PEOPLE)


async def _own_household(visitor: Visitor, household_id: UUID) -> Json:
    """A household that the visitor answers for. Raises Refused (404)."""
    for household in await list_own_households(visitor):
        if household["id"] == str(household_id):
            return household
    raise Refused(404, "not-found", "The household of somebody else", None)


async def _form_again(
    visitor: Visitor, template: str, record_id: str, entries: Entries, problem: Refused | None = None
) -> HTMLResponse:
    return await _form(visitor, template, record_id, dict(entries.form.fields), entries.errors, problem)


async def _form(
    visitor: Visitor,
    template: str,
    record_id: str,
    values: dict[str, Any],
    errors: dict[str, str] | None = None,
    problem: Refused | None = None,
) -> HTMLResponse:
    return await show(
        visitor,
        template,
        status=problem.status if problem else 422 if errors else 200,
        record_id=record_id,
        values=values,
        errors=errors or {},
        problem=problem,
        key=str(new_id()),
    )

"""The families of an association: entered at the desk, found by name, with their people, contacts and consents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Json, Refused, part
from portal.consents import use_cases as consents
from portal.contacts.use_cases import add_member, change_contact, change_member, read_member
from portal.directory.domain import Post
from portal.entries import Entries
from portal.families import queries, use_cases
from portal.families.domain import MEMBER_ROWS, Family
from portal.pages import go, show
from portal.protection import Form
from portal.roster.queries import get_runner_post
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()
NEW = "/manage/{slug}/new-family"
FAMILY = "/manage/{slug}/families/{household_id}"
SINGLE = "/manage/{slug}/participants/{participant_id}"
CONTACT = "/manage/{slug}/contacts/{contact_id}"
VERSION_MAX = 999_999_999


@dataclass(frozen=True)
class _Note:
    """What the page of a family says of the act before it; `saved` is empty for what needs no word of its own."""

    saved: str | None = None
    problem: Refused | None = None
    entries: Entries | None = None
    code: str = ""
    session_id: str = ""


@router.get("/manage/{slug}/families")
async def find_families(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """Families and people without one, by name."""
    post = await get_runner_post(visitor, slug)
    name = request.query_params.get("name", "").strip()[:100]
    households, people = await queries.list_families(visitor, post, name) if name else ([], [])
    return await show(
        visitor,
        "families/families.html",
        association=post.organisation,
        name=name,
        households=households,
        people=people,
    )


@router.get(NEW)
async def ask_for_family(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """Who calls, and who takes part."""
    post = await get_runner_post(visitor, slug)
    name, session_id = request.query_params.get("name", "")[:100], request.query_params.get("session", "")
    language = next(iter(post.organisation.languages), visitor.language)
    values = {"name": name, "for_session": session_id if is_id(session_id) else "", "language": language}
    return await _show_new(visitor, post, values, {}, None)


@router.post(NEW)
async def enter_family(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Record the whole family; the same form again leads to the same family."""
    post = await get_runner_post(visitor, slug)
    entries = Entries(form)
    family = use_cases.read_family(entries)
    values = dict(form.fields)
    if entries.errors or not is_id(form.get("key")):
        return await _show_new(visitor, post, values, entries.errors, None)
    try:
        household_id = await use_cases.enter_family(visitor, post, family, form.get("key"))
    except Refused as problem:
        return await _show_new(visitor, post, values, {}, problem)
    session = f"&session={form.get('for_session')}" if is_id(form.get("for_session")) else ""
    return go(f"/manage/{slug}/families/{household_id}?saved{session}")


@router.get(FAMILY)
async def show_family(slug: str, household_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """One household."""
    post = await get_runner_post(visitor, slug)
    family = await queries.get_family(visitor, post, str(household_id))
    asked = request.query_params
    return await _show(visitor, post, family, _Note(asked.get("saved"), session_id=asked.get("session", "")))


@router.post(FAMILY)
async def rename_family(slug: str, household_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Give a household another name."""
    post = await get_runner_post(visitor, slug)
    family = await queries.get_family(visitor, post, str(household_id))
    entries = Entries(form)
    name, version = entries.text("name"), entries.number("version", 1, VERSION_MAX)
    if entries.errors or version is None:
        return await _show(visitor, post, family, _Note(entries=entries))
    try:
        await use_cases.rename_household(visitor, str(household_id), name, version)
    except Refused as problem:
        return await _show(visitor, post, family, _Note(problem=problem, entries=entries))
    return go(f"/manage/{slug}/{family.path}?saved")


@router.post(f"{FAMILY}/consents")
async def write_consents(slug: str, household_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Write down what a household has signed."""
    post = await get_runner_post(visitor, slug)
    return await _write(visitor, post, await queries.get_family(visitor, post, str(household_id)), form)


@router.get(f"{FAMILY}/new-contact")
async def ask_for_contact(slug: str, household_id: UUID, visitor: Visit) -> HTMLResponse:
    """Who else can be reached."""
    post = await get_runner_post(visitor, slug)
    household = await queries.get_household(visitor, post, str(household_id))
    values = {"language": next(iter(post.organisation.languages), visitor.language)}
    return await _show_form(visitor, post, "families/contact.html", household, values)


@router.post(f"{FAMILY}/new-contact")
async def add_contact(slug: str, household_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """One more contact of a household."""
    post = await get_runner_post(visitor, slug)
    household = await queries.get_household(visitor, post, str(household_id))
    entries = Entries(form)
    contact = use_cases.read_reached(entries)
    act = None if entries.errors else use_cases.add_contact(visitor, household["id"], contact, form.get("key"))
    return await _keep(visitor, post, "families/contact.html", household, entries, act)


@router.get(f"{FAMILY}/new-member")
async def ask_for_member(slug: str, household_id: UUID, visitor: Visit) -> HTMLResponse:
    """Who else belongs to the family."""
    post = await get_runner_post(visitor, slug)
    household = await queries.get_household(visitor, post, str(household_id))
    return await _show_form(visitor, post, "families/member.html", household, {"family_name": household["name"]})


@router.post(f"{FAMILY}/new-member")
async def add_to_family(slug: str, household_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """One more member of a household."""
    post = await get_runner_post(visitor, slug)
    household = await queries.get_household(visitor, post, str(household_id))
    entries = Entries(form)
    member = read_member(entries)
    act = None if entries.errors else add_member(visitor, household, member, form.get("key"))
    return await _keep(visitor, post, "families/member.html", household, entries, act)


@router.get(CONTACT)
async def edit_contact(slug: str, contact_id: UUID, visitor: Visit) -> HTMLResponse:
    """How one contact is reached, in the hands of the team."""
    post = await get_runner_post(visitor, slug)
    contact, household = await queries.get_contact(visitor, post, str(contact_id))
    values = {name: contact[name] or "" for name in ("display_name", "email", "phone", "language", "version")}
    values["channel"] = "phone" if contact["prefers_phone"] else "email"
    return await _show_form(visitor, post, "families/contact.html", household, values)


@router.post(CONTACT)
async def correct_contact(slug: str, contact_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Keep what was corrected of a contact."""
    post = await get_runner_post(visitor, slug)
    contact, household = await queries.get_contact(visitor, post, str(contact_id))
    entries = Entries(form)
    fields, version = use_cases.read_reached(entries), entries.number("version", 1, VERSION_MAX)
    act = None if entries.errors or version is None else change_contact(visitor, contact["id"], fields, version)
    return await _keep(visitor, post, "families/contact.html", household, entries, act)


@router.post(f"{CONTACT}/link-code")
async def send_link_code(slug: str, contact_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Send a contact the code that links an account to the family."""
    return await _of_account(visitor, slug, contact_id, use_cases.send_link_code, "sent")


@router.post(f"{CONTACT}/paper-code")
async def write_link_code(slug: str, contact_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Show a code to hand over, on this answer alone: it is in no address and kept nowhere."""
    post = await get_runner_post(visitor, slug)
    contact, household = await queries.get_contact(visitor, post, str(contact_id))
    family = await queries.get_family(visitor, post, household["id"])
    try:
        code = await use_cases.write_link_code(visitor, contact["id"])
    except Refused as problem:
        return await _show(visitor, post, family, _Note(problem=problem))
    return await _show(visitor, post, family, _Note(code=code))


@router.post(f"{CONTACT}/unlinking")
async def unlink_account(slug: str, contact_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Take the family away from the account of a contact."""
    return await _of_account(visitor, slug, contact_id, use_cases.unlink_account, "unlinked")


@router.get(SINGLE)
async def show_single(slug: str, participant_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """Somebody without a household."""
    post = await get_runner_post(visitor, slug)
    family = await queries.get_single(visitor, post, str(participant_id))
    return await _show(visitor, post, family, _Note(request.query_params.get("saved")))


@router.post(f"{SINGLE}/consents")
async def write_consents_of_single(slug: str, participant_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Write down what somebody without a household has signed."""
    post = await get_runner_post(visitor, slug)
    return await _write(visitor, post, await queries.get_single(visitor, post, str(participant_id)), form)


@router.get(f"{SINGLE}/record")
async def edit_member(slug: str, participant_id: UUID, visitor: Visit) -> HTMLResponse:
    """Name and date of birth of somebody."""
    post = await get_runner_post(visitor, slug)
    person = await queries.get_person(visitor, post, str(participant_id))
    values = {name: person[name] or "" for name in ("given_name", "family_name", "born_on", "version")}
    return await _show_form(visitor, post, "families/member.html", person, values)


@router.post(f"{SINGLE}/record")
async def correct_member(slug: str, participant_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Keep what was corrected of somebody."""
    post = await get_runner_post(visitor, slug)
    person = await queries.get_person(visitor, post, str(participant_id))
    entries = Entries(form)
    fields, version = read_member(entries), entries.number("version", 1, VERSION_MAX)
    act = None if entries.errors or version is None else change_member(visitor, person["id"], fields, version)
    return await _keep(visitor, post, "families/member.html", person, entries, act)


def _page_of(post: Post, record: Json) -> str:
    """The page that shows a household, or somebody with or without one."""
    household_id = record["household_id"] if "household_id" in record else record["id"]
    path = f"families/{household_id}" if household_id else f"participants/{record['id']}"
    return f"/manage/{post.organisation.slug}/{path}"


async def _keep(
    visitor: Visitor, post: Post, template: str, record: Json, entries: Entries, act: Awaitable[None] | None
) -> Response:
    """Do what a form asks for (None when something was entered wrongly), then show the family."""
    values = dict(entries.form.fields)
    if act is None:
        return await _show_form(visitor, post, template, record, values, entries.errors)
    try:
        await act
    except Refused as problem:
        return await _show_form(visitor, post, template, record, values, problem=problem)
    return go(f"{_page_of(post, record)}?saved")


async def _of_account(
    visitor: Visitor, slug: str, contact_id: UUID, act: Callable[[Visitor, str], Awaitable[None]], said: str
) -> Response:
    post = await get_runner_post(visitor, slug)
    contact, household = await queries.get_contact(visitor, post, str(contact_id))
    try:
        await act(visitor, contact["id"])
    except Refused as problem:
        family = await queries.get_family(visitor, post, household["id"])
        return await _show(visitor, post, family, _Note(problem=problem))
    return go(f"{_page_of(post, household)}?saved={said}")


async def _write(visitor: Visitor, post: Post, family: Family, form: Form) -> Response:
    key = form.get("key")
    try:
        await consents.answer(visitor, family.sheets, form.fields, key if is_id(key) else str(new_id()))
    except Refused as problem:
        return await _show(visitor, post, family, _Note(problem=problem))
    return go(f"/manage/{post.organisation.slug}/{family.path}?saved")


async def _show_new(
    visitor: Visitor, post: Post, values: dict[str, Any], errors: dict[str, str], problem: Refused | None
) -> HTMLResponse:
    """The form for a whole family; it keeps its key, so that what was recorded before is not recorded again."""
    return await show(
        visitor,
        "families/new.html",
        status=problem.status if problem else 422 if errors else 200,
        association=post.organisation,
        rows=MEMBER_ROWS,
        values=values,
        errors=errors,
        problem=problem,
        key=values["key"] if is_id(values.get("key", "")) else str(new_id()),
    )


async def _show_form(
    visitor: Visitor,
    post: Post,
    template: str,
    record: Json,
    values: dict[str, Any],
    errors: dict[str, str] | None = None,
    problem: Refused | None = None,
) -> HTMLResponse:
    return await show(
        visitor,
        template,
        status=problem.status if problem else 422 if errors else 200,
        association=post.organisation,
        family_page=_page_of(post, record),
        values=values,
        errors=errors or {},
        problem=problem,
        key=str(new_id()),
    )


async def _show(visitor: Visitor, post: Post, family: Family, note: _Note) -> HTMLResponse:
    entries, problem = note.entries, note.problem
    sessions = await part(queries.list_sessions_to_book(visitor, post), [])
    return await show(
        visitor,
        "families/family.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        post=post,
        family=family,
        sessions=sessions,
        asked_for=await queries.find_session_to_book(visitor, post, note.session_id),
        note=note,
        problem=problem,
        errors=entries.errors if entries else {},
        values=dict(entries.form.fields) if entries else dict(family.household or {}),
        key=str(new_id()),
    )

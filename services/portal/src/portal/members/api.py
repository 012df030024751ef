"""Members of an association: who works there, roles, ends; invitations, and taking one up."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Refused, part
from portal.directory.queries import list_posts
from portal.entries import Entries
from portal.exporting import Kind, send_list
from portal.languages import LANGUAGES, translate
from portal.members import use_cases
from portal.members.domain import EMAIL_CHARACTERS_MAX, Members, is_email, is_invitation_code, roles_in
from portal.members.queries import get_leader_post, get_members
from portal.pages import go, show, word
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/members"


@router.get(BASE)
async def show_members(slug: str, visitor: Visit) -> HTMLResponse:
    """Everybody who works for the association, and the form to invite somebody."""
    return await _show_members(visitor, slug, None, None)


@router.get(f"{BASE}.{{kind}}")
async def send_members(slug: str, kind: Kind, visitor: Visit) -> Response:
    """Who works there, is invited and worked there, as a file."""
    members = await get_members(visitor, await get_leader_post(visitor, slug))
    headings = [translate("Name"), translate("E-mail"), translate("Role"), translate("State")]
    rows = [
        (one["display_name"], one["email"], word("members/words.html", "role_name", one["role"]), state)
        for state, found in (
            (translate("Active"), members.active),
            (translate("Invited"), members.invited),
            (translate("Ended"), members.ended),
        )
        for one in found
    ]
    return send_list(kind, f"members-{slug}", headings, rows)


@router.post(BASE)
async def invite(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Invite somebody; the code goes to the address by mail and nowhere else."""
    post = await get_leader_post(visitor, slug)
    entries = Entries(form)
    person = {
        "display_name": entries.text("display_name"),
        "email": entries.text("email", characters_max=EMAIL_CHARACTERS_MAX),
        "role": entries.choice("role", roles_in(post.organisation.kind)),
        "language": entries.choice("language", LANGUAGES),
    }
    if not is_email(person["email"]):
        entries.refuse("email", translate("Enter an e-mail address."))
    if entries.errors:
        return await _show_members(visitor, slug, entries, None)
    try:
        await use_cases.invite(visitor, post, person, form.get("key"))
    except Refused as problem:
        return await _show_members(visitor, slug, entries, problem)
    return go(f"/manage/{slug}/members")


@router.post(f"{BASE}/{{membership_id}}/role")
async def change_role(slug: str, membership_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Give a member another role."""
    post = await get_leader_post(visitor, slug)
    entries = Entries(form)
    role, version = entries.choice("role", roles_in(post.organisation.kind)), entries.number("version", 1, 999_999_999)
    if version is None or entries.errors:
        return go(f"/manage/{slug}/members")
    try:
        await use_cases.change_role(visitor, str(membership_id), role, version)
    except Refused as problem:
        return await _show_members(visitor, slug, None, problem)
    visitor.forget("posts")
    return go(f"/manage/{slug}/members")


@router.post(f"{BASE}/{{membership_id}}/end")
async def end_membership(slug: str, membership_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """End a membership or withdraw an invitation."""
    await get_leader_post(visitor, slug)
    try:
        await use_cases.end_membership(visitor, str(membership_id))
    except Refused as problem:
        return await _show_members(visitor, slug, None, problem)
    visitor.forget("posts")
    return go(f"/manage/{slug}/members")


async def _show_members(visitor: Visitor, slug: str, entries: Entries | None, problem: Refused | None) -> HTMLResponse:
    post = await get_leader_post(visitor, slug)
    roles = roles_in(post.organisation.kind)
    return await show(
        visitor,
        "members/members.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation if post.organisation.kind == "association" else None,
        organisation=post.organisation,
        post=post,
        members=await part(get_members(visitor, post), Members([], [], [])),
        roles=roles,
        values=dict(entries.form.fields) if entries else {"language": visitor.language, "role": roles[-1]},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )


@router.get("/invitation")
async def show_invitation(request: Request, visitor: Visit) -> HTMLResponse:
    """Where somebody who was invited enters the code; once it is done, for whom they work now."""
    return await _show_invitation(visitor, request.query_params.get("joined"), None)


@router.post("/invitation")
async def accept_invitation(visitor: Visit, form: SignedForm) -> Response:
    """Take up an invitation by the code of the message, once."""
    code = form.get("code").strip()
    if not is_invitation_code(code):
        return await _show_invitation(visitor, None, Refused(422, "invitation-not-valid", "", None))
    try:
        membership = await use_cases.accept_invitation(visitor, code, form.get("key"))
    except Refused as problem:
        return await _show_invitation(visitor, None, problem)
    visitor.forget("posts")
    return go(f"/invitation?joined={membership['organisation_id']}")


async def _show_invitation(visitor: Visitor, joined_id: str | None, problem: Refused | None) -> HTMLResponse:
    _ = visitor.person
    posts = await part(list_posts(visitor), [])
    return await show(
        visitor,
        "members/invitation.html",
        status=problem.status if problem else 200,
        joined=next((post for post in posts.value if post.organisation.id == joined_id), None),
        problem=problem,
        key=str(new_id()),
    )

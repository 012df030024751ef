"""The keys of a room: which there are, who has them since when, and which are overdue."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Refused, part
from portal.entries import Entries
from portal.keys import queries, use_cases
from portal.languages import translate
from portal.meetings.queries import list_owners
from portal.pages import go, show
from portal.planning.queries import get_planner_post
from portal.resources.queries import get_own_resource
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/resources/{resource_id}/keys"
LABEL_CHARACTERS_MAX = 60


@router.get(BASE)
async def show_keys(slug: str, resource_id: UUID, visitor: Visit) -> HTMLResponse:
    """Every key and who has it."""
    return await _show_keys(visitor, slug, str(resource_id), None, None)


@router.post(BASE)
async def enter(slug: str, resource_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Enter a key, once."""
    entries = Entries(form)
    label = entries.text("label", characters_max=LABEL_CHARACTERS_MAX)
    note = entries.text("note", required=False)
    if entries.errors:
        return await _show_keys(visitor, slug, str(resource_id), entries, None)
    try:
        await use_cases.enter_key(visitor, str(resource_id), label, note, form.get("key"))
    except Refused as problem:
        return await _show_keys(visitor, slug, str(resource_id), entries, problem)
    return go(f"/manage/{slug}/resources/{resource_id}/keys")


@router.post(f"{BASE}/{{key_id}}/handover")
async def hand_over(slug: str, resource_id: UUID, key_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Give a key to a member, or to somebody by name."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    members = {one["id"]: one["display_name"] for one in await list_owners(visitor, post)}
    member_id = form.get("member") if form.get("member") in members else None
    name = members[member_id] if member_id else entries.text("holder")
    handed_over_on = entries.day("handed_over_on")
    due_on = entries.day("due_on") if form.get("due_on") else None
    if handed_over_on and due_on and due_on < handed_over_on:
        entries.refuse("due_on", translate("The last day lies before the first."))
    if entries.errors:
        return await _show_keys(visitor, slug, str(resource_id), entries, None)
    body = {"holder_name": name, "membership_id": member_id, "handed_over_on": str(handed_over_on)}
    body["due_on"] = due_on.isoformat() if due_on else None
    try:
        await use_cases.hand_over(visitor, str(key_id), body, form.get("key"))
    except Refused as problem:
        return await _show_keys(visitor, slug, str(resource_id), entries, problem)
    return go(f"/manage/{slug}/resources/{resource_id}/keys")


@router.post(f"{BASE}/{{key_id}}/return")
async def take_back(slug: str, resource_id: UUID, key_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """The key is back today."""
    post = await get_planner_post(visitor, slug)
    resource = await get_own_resource(visitor, post, str(resource_id))
    try:
        await use_cases.take_back(visitor, str(key_id), _today(resource["time_zone"]).isoformat())
    except Refused as problem:
        return await _show_keys(visitor, slug, str(resource_id), None, problem)
    return go(f"/manage/{slug}/resources/{resource_id}/keys")


@router.post(f"{BASE}/{{key_id}}/withdrawal")
async def withdraw(slug: str, resource_id: UUID, key_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """The key is lost or out of use."""
    entries = Entries(form)
    reason = entries.text("reason")
    if entries.errors:
        return await _show_keys(visitor, slug, str(resource_id), entries, None)
    try:
        await use_cases.withdraw_key(visitor, str(key_id), reason)
    except Refused as problem:
        return await _show_keys(visitor, slug, str(resource_id), entries, problem)
    return go(f"/manage/{slug}/resources/{resource_id}/keys")


async def _show_keys(
    visitor: Visitor, slug: str, resource_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    resource, keys, members = await asyncio.gather(
        get_own_resource(visitor, post, resource_id),
        queries.list_keys(visitor, resource_id),
        part(list_owners(visitor, post), []),
    )
    today = _today(resource["time_zone"])
    return await show(
        visitor,
        "keys/keys.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        resource=resource,
        keys=keys,
        today=today,
        read_day=date.fromisoformat,
        members=members.value,
        values=dict(entries.form.fields) if entries else {},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )


def _today(zone: str) -> date:
    return now().astimezone(ZoneInfo(zone)).date()

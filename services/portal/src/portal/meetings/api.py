"""Meetings with partners: who went where for whom, what was decided, and the tasks that follow."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Refused, part
from portal.directory.queries import get_directory
from portal.entries import TEXT_CHARACTERS_MAX, Entries
from portal.home_clock import home_today
from portal.home_zone import HOME_ZONE
from portal.languages import translate
from portal.meetings import use_cases
from portal.meetings.domain import KINDS, by_time, fields_of, lines_of, meeting_of, places_for_people
from portal.meetings.queries import get_own_meeting, get_team_post, list_meetings, list_owners, list_tasks
from portal.pages import go, show
from portal.planning.queries import get_planner_post
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()
BASE = "/manage/{slug}/meetings"
AGENDA_CHARACTERS_MAX, MINUTES_CHARACTERS_MAX = 4_000, 40_000
PEOPLE_MAX, DECISIONS_MAX = 100, 50


@router.get(BASE)
async def show_meetings(slug: str, visitor: Visit) -> HTMLResponse:
    """Open tasks, meetings to come, and those that were."""
    return await _show_meetings(visitor, slug, None)


@router.get("/manage/{slug}/new-meeting")
async def show_new_meeting(slug: str, visitor: Visit) -> HTMLResponse:
    """The empty form."""
    today = home_today().isoformat()
    values = {"kind": "meeting", "on": today, "starts": "10:00", "ends": "12:00"}
    return await _show_form(visitor, slug, None, values, {}, None)


@router.post(BASE)
async def write_down(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Write a meeting down, once."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    body = _read(entries, post.organisation.id)
    if entries.errors:
        return await _show_form(visitor, slug, None, dict(form.fields), entries.errors, None)
    try:
        created = await use_cases.write_down_meeting(
            visitor, {**body, "organisation_id": post.organisation.id}, form.get("key")
        )
    except Refused as problem:
        return await _show_form(visitor, slug, None, dict(form.fields), {}, problem)
    return go(f"/manage/{slug}/meetings/{created}")


@router.get(f"{BASE}/{{meeting_id}}")
async def show_meeting(slug: str, meeting_id: UUID, visitor: Visit) -> HTMLResponse:
    """What was written of a meeting, and its tasks."""
    return await _show_meeting(visitor, slug, str(meeting_id), None, None)


@router.get(f"{BASE}/{{meeting_id}}/edit")
async def show_edit(slug: str, meeting_id: UUID, visitor: Visit) -> HTMLResponse:
    """The form with what was written so far."""
    post = await get_planner_post(visitor, slug)
    found = await get_own_meeting(visitor, post, str(meeting_id))
    values = {**fields_of(found), "version": str(found["version"])}
    values |= {f"partner-{partner_id}": "on" for partner_id in found["partner_ids"]}
    return await _show_form(visitor, slug, str(meeting_id), values, {}, None)


@router.post(f"{BASE}/{{meeting_id}}/edit")
async def rewrite(slug: str, meeting_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Replace what is written."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    body, version = _read(entries, post.organisation.id), entries.number("version", 1, 999_999_999)
    if entries.errors or version is None:
        return await _show_form(visitor, slug, str(meeting_id), dict(form.fields), entries.errors, None)
    try:
        await use_cases.rewrite_meeting(visitor, str(meeting_id), body, version)
    except Refused as problem:
        return await _show_form(visitor, slug, str(meeting_id), dict(form.fields), {}, problem)
    return go(f"/manage/{slug}/meetings/{meeting_id}")


@router.post(f"{BASE}/{{meeting_id}}/tasks")
async def give_task(slug: str, meeting_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Give somebody a task, once."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    title, due_on, owner = entries.text("title"), entries.day("due_on"), form.get("owner")
    if not is_id(owner):
        entries.refuse("owner", translate("Choose one."))
    if entries.errors or due_on is None:
        return await _show_meeting(visitor, slug, str(meeting_id), entries, None)
    body = {
        "organisation_id": post.organisation.id, "meeting_id": str(meeting_id), "title": title,
        "owner_membership_id": owner, "due_on": due_on.isoformat(),
    }  # fmt: skip
    try:
        await use_cases.give_task(visitor, body, form.get("key"))
    except Refused as problem:
        return await _show_meeting(visitor, slug, str(meeting_id), entries, problem)
    return go(f"/manage/{slug}/meetings/{meeting_id}")


@router.post("/manage/{slug}/tasks/{task_id}/done")
async def finish_task(slug: str, task_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Say that a task is done, on the list or on the meeting's page."""
    await get_team_post(visitor, slug)
    try:
        await use_cases.finish_task(visitor, str(task_id))
    except Refused as problem:
        return await _show_meetings(visitor, slug, problem)
    meeting_id = form.get("meeting")
    return go(f"/manage/{slug}/meetings" + (f"/{meeting_id}" if is_id(meeting_id) else ""))


def _read(entries: Entries, own_id: str) -> dict[str, Any]:
    """A meeting as the partners service takes it, without the association that writes it down."""
    form = entries.form
    on, starts, ends = entries.day("on"), entries.clock_time("starts"), entries.clock_time("ends")
    times = {}
    if on is not None and starts is not None and ends is not None:
        if ends <= starts:
            entries.refuse("ends", translate("It must end after it starts."))
        times = {
            name: datetime.combine(on, moment, HOME_ZONE).isoformat()
            for name, moment in (("starts_at", starts), ("ends_at", ends))
        }
    kind = entries.choice("kind", KINDS)
    people = [
        {"name": name, "for_organisation_id": form.get(f"for-{number}") or own_id}
        for number in range(PEOPLE_MAX)
        if (name := entries.text(f"name-{number}", required=False))
    ]
    if kind == "representation" and not people:
        entries.refuse("name-0", translate("Say who goes."))
    decisions = lines_of(entries.text("decisions", required=False, characters_max=AGENDA_CHARACTERS_MAX))
    if any(len(one) > TEXT_CHARACTERS_MAX for one in decisions) or len(decisions) > DECISIONS_MAX:
        entries.refuse("decisions", translate("This is too long."))
    return {
        "kind": kind,
        "title": entries.text("title"),
        "place": entries.text("place", required=False),
        **times,
        "partner_ids": sorted(name.removeprefix("partner-") for name, _ in form.fields if name.startswith("partner-")),
        "agenda": entries.text("agenda", required=False, characters_max=AGENDA_CHARACTERS_MAX),
        "minutes": entries.text("minutes", required=False, characters_max=MINUTES_CHARACTERS_MAX),
        "decisions": decisions,
        "attendances": people,
    }


async def _show_meetings(visitor: Visitor, slug: str, problem: Refused | None) -> HTMLResponse:
    post = await get_team_post(visitor, slug)
    today = home_today()
    found, tasks, directory = await asyncio.gather(
        part(list_meetings(visitor, post), []),
        part(list_tasks(visitor, post, today, is_done=False), []),
        get_directory(visitor.asking),
    )
    coming, past = by_time(found.value, now())
    return await show(
        visitor,
        "meetings/meetings.html",
        status=problem.status if problem else 200,
        association=post.organisation,
        post=post,
        found=found,
        tasks=tasks,
        coming=coming,
        past=past,
        problem=problem,
        directory=directory,
    )


async def _show_meeting(
    visitor: Visitor, slug: str, meeting_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_team_post(visitor, slug)
    today = home_today()
    written, tasks, owners, directory = await asyncio.gather(
        get_own_meeting(visitor, post, meeting_id),
        list_tasks(visitor, post, today, meeting_id=meeting_id),
        list_owners(visitor, post),
        get_directory(visitor.asking),
    )
    return await show(
        visitor,
        "meetings/meeting.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        post=post,
        meeting=meeting_of(written),
        written=written,
        tasks=tasks,
        owners=owners,
        values=dict(entries.form.fields) if entries else {"due_on": today.isoformat()},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
        directory=directory,
    )


async def _show_form(
    visitor: Visitor,
    slug: str,
    meeting_id: str | None,
    values: Mapping[str, str],
    errors: dict[str, str],
    problem: Refused | None,
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    directory = await get_directory(visitor.asking)
    others = [
        one
        for one in directory.by_id.values()
        if one.kind != "site" and not one.is_ended and one.id != post.organisation.id
    ]
    return await show(
        visitor,
        "meetings/form.html",
        status=problem.status if problem else 422 if errors else 200,
        association=post.organisation,
        meeting_id=meeting_id,
        others=sorted(others, key=lambda one: one.name.casefold()),
        people=places_for_people(values),
        values=values,
        errors=errors,
        problem=problem,
        key=str(new_id()),
    )

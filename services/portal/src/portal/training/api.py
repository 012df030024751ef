"""Training: courses of an association, who takes part, and who was there."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Json, Refused, part
from portal.entries import Entries
from portal.home_clock import home_today
from portal.home_zone import HOME_ZONE
from portal.languages import translate
from portal.pages import go, show
from portal.people.domain import PAPER_KINDS
from portal.people.queries import list_people
from portal.planning.queries import get_planner_post
from portal.training import queries, use_cases
from portal.training.domain import by_time
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()
BASE = "/manage/{slug}/trainings"
TRAINING = f"{BASE}/{{training_id}}"
PLACES_MAX, MONTHS_MAX, VERSION_MAX = 500, 240, 999_999_999


@router.get(BASE)
async def show_trainings(slug: str, visitor: Visit) -> HTMLResponse:
    """What is planned and what was, and the form for another one."""
    return await _show_trainings(visitor, slug, None, None)


@router.post(BASE)
async def plan_training(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Plan a training."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    body = {"organisation_id": post.organisation.id, **_plan(entries)}
    if entries.errors:
        return await _show_trainings(visitor, slug, entries, None)
    try:
        made = await use_cases.plan_training(visitor, body, form.get("key"))
    except Refused as problem:
        return await _show_trainings(visitor, slug, entries, problem)
    return go(f"/manage/{slug}/trainings/{made['id']}")


@router.get(TRAINING)
async def show_training(slug: str, training_id: UUID, visitor: Visit) -> HTMLResponse:
    """One training with those who take part."""
    return await _show_training(visitor, slug, str(training_id), None)


@router.post(f"{TRAINING}/trainees")
async def enrol_or_withdraw(slug: str, training_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Let somebody take part, or give the place back."""
    post = await get_planner_post(visitor, slug)
    training = await queries.get_own_training(visitor, post, str(training_id))
    act = use_cases.withdraw if form.get("act") == "withdraw" else use_cases.enrol
    if not is_id(form.get("person")):
        return go(f"/manage/{slug}/trainings/{training_id}")
    try:
        await act(visitor, training, form.get("person"))
    except Refused as problem:
        return await _show_training(visitor, slug, training.id, problem)
    return go(f"/manage/{slug}/trainings/{training_id}")


@router.post(f"{TRAINING}/attendance")
async def record_attendance(slug: str, training_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Say who was there; their papers hold again."""
    post = await get_planner_post(visitor, slug)
    training = await queries.get_own_training(visitor, post, str(training_id))
    version = Entries(form).number("version", 1, VERSION_MAX)
    present = [person_id for person_id in form.all("person") if is_id(person_id)]
    try:
        if version is not None:
            await use_cases.record_attendance(visitor, training, present, version)
    except Refused as problem:
        return await _show_training(visitor, slug, training.id, problem)
    return go(f"/manage/{slug}/trainings/{training_id}")


@router.post(f"{TRAINING}/cancellation")
async def cancel_training(slug: str, training_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Call it off."""
    post = await get_planner_post(visitor, slug)
    training = await queries.get_own_training(visitor, post, str(training_id))
    version = Entries(form).number("version", 1, VERSION_MAX)
    try:
        if version is not None:
            await use_cases.cancel_training(visitor, training, version)
    except Refused as problem:
        return await _show_training(visitor, slug, training.id, problem)
    return go(f"/manage/{slug}/trainings")


def _plan(entries: Entries) -> Json:
    on, starts, ends = entries.day("on"), entries.clock_time("starts"), entries.clock_time("ends")
    if starts and ends and ends <= starts:
        entries.refuse("ends", translate("It must end after it starts."))
    moments = {
        name: datetime.combine(on, moment, HOME_ZONE).isoformat() if on and moment else None
        for name, moment in (("starts_at", starts), ("ends_at", ends))
    }
    return {
        "title": entries.text("title"),
        "kind": entries.choice("kind", PAPER_KINDS),
        "issuer": entries.text("issuer"),
        "places": entries.number("places", 1, PLACES_MAX),
        "valid_months": entries.number_or_none("valid_months", 1, MONTHS_MAX),
        **moments,
    }


async def _show_trainings(
    visitor: Visitor, slug: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    found = await part(queries.list_trainings(visitor, post), [])
    coming, past = by_time(found.value, now())
    today = home_today().isoformat()
    fresh = {"kind": "first_aid", "on": today, "starts": "09:00", "ends": "17:00", "places": "12"}
    return await show(
        visitor,
        "training/trainings.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        found=found,
        coming=coming,
        past=past,
        paper_kinds=PAPER_KINDS,
        values=dict(entries.form.fields) if entries else fresh,
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )


async def _show_training(visitor: Visitor, slug: str, training_id: str, problem: Refused | None) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    training, people = await asyncio.gather(
        queries.get_own_training(visitor, post, training_id), list_people(visitor, post)
    )
    moment = now()
    taking_part = {one.person_id for one in training.trainees}
    free = [one for one in people if one.id not in taking_part and not one.has_ended(moment.date())]
    return await show(
        visitor,
        "training/training.html",
        status=problem.status if problem else 200,
        association=post.organisation,
        training=training,
        names={person.id: person.display_name for person in people},
        free=sorted(free, key=lambda one: one.display_name.casefold()),
        is_over=training.is_over(moment),
        problem=problem,
    )

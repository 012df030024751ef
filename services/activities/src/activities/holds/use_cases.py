"""One hold for everything: ask all at once, confirm when all is held, release everything otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from activities.holds import queries
from activities.holds.domain import (
    TRANSITIONS,
    Answers,
    Happening,
    HoldState,
    ReleaseReason,
    Telling,
    Wishes,
    check_wishes,
    rooms_in,
    wishes_from,
)
from activities.holds.tables import Hold, SessionRooms
from common import due_rows
from common.clock import now
from common.ids import new_id
from common.outbox import publish
from contracts.activities import (
    HoldConfirmed,
    HoldReleased,
    HoldReleaseReason,
    HoldRequested,
    PersonWish,
    ResourceWish,
)

GIVE_UP_HOLD = "give_up_hold"
RESOURCES, PEOPLE = "resources", "people"


@dataclass(frozen=True)
class SessionNeeds:
    """The session that asks, as the holders must know it."""

    session_id: UUID
    organisation_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    site_id: UUID


@dataclass(frozen=True)
class Answer:
    """What one service answered to a version of a hold; `facts` are told to the coordinator as they came."""

    hold_id: UUID
    version: int
    session_id: UUID
    organisation_id: UUID
    about: str
    held: bool
    facts: Sequence[Mapping[str, Any]]


async def ask_for_everything(session: AsyncSession, needs: SessionNeeds, wishes: Wishes) -> Hold | None:
    """Ask anew for what a session wishes at its time; what an earlier version holds is given back first.

    Without wishes everything is given back, and a session that never asked for anything stays without a hold.
    """
    check_wishes(wishes)
    hold = await queries.lock_hold_of_session(session, needs.session_id)
    if hold is None:
        if wishes.is_empty:
            return None
        hold = _new_hold(needs)
        session.add(hold)
    hold.title, hold.starts_at, hold.ends_at = needs.title, needs.starts_at, needs.ends_at
    hold.wishes = _stored(wishes)
    happening = Happening.wishes_gone if wishes.is_empty else Happening.wishes_changed
    await _happen(session, hold, happening, needs)
    return hold


def _new_hold(needs: SessionNeeds) -> Hold:
    return Hold(
        id=new_id(),
        organisation_id=needs.organisation_id,
        session_id=needs.session_id,
        version=0,
        state=HoldState.released,
        title=needs.title,
        starts_at=needs.starts_at,
        ends_at=needs.ends_at,
        time_zone=needs.time_zone,
        held={},
        refusals=[],
    )


def _stored(wishes: Wishes) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(json.dumps(asdict(wishes), default=str))
    return stored


async def ask_again_when_moved(session: AsyncSession, needs: SessionNeeds) -> None:
    """Ask for the same things at the session's new time, when it has asked for anything."""
    hold = await queries.find_hold(session, needs.session_id)
    if hold is not None:
        wishes = wishes_from(hold.wishes)
        if not wishes.is_empty:
            await ask_for_everything(session, needs, wishes)


async def release_for_cancelled_session(session: AsyncSession, session_id: UUID) -> None:
    """Give everything back that a session holds or waits for."""
    hold = await queries.lock_hold_of_session(session, session_id)
    if hold is not None:
        await _happen(session, hold, Happening.session_cancelled)


async def take_answer(session: AsyncSession, answer: Answer) -> None:
    """Take what a service holds or refuses into account; an answer that nobody waits for is answered by release."""
    hold = await queries.lock_hold(session, answer.hold_id)
    if hold is None or hold.version != answer.version:
        if answer.held:
            await publish(session, _release_of(answer))
        return
    setattr(hold, f"{answer.about}_held", answer.held)
    if answer.held:
        hold.held = {**hold.held, answer.about: list(answer.facts)}
    else:
        hold.refusals = [*(one for one in hold.refusals if one["about"] != answer.about), *_about(answer)]
    await session.flush()
    if hold.state in (HoldState.asked, HoldState.confirmed):
        happening = Answers(hold.resources_held, hold.people_held).judged_for(wishes_from(hold.wishes))
    else:
        happening = Happening.held_for_nothing if answer.held else None
    if happening is not None:
        await _happen(session, hold, happening)


def _about(answer: Answer) -> list[dict[str, Any]]:
    return [{"about": answer.about, **fact} for fact in answer.facts]


def _release_of(answer: Answer) -> HoldReleased:
    """The answer to an answer that nobody waits for."""
    return HoldReleased(
        organisation_id=answer.organisation_id,
        hold_id=answer.hold_id,
        version=answer.version,
        session_id=answer.session_id,
        reason=HoldReleaseReason.replaced,
    )


async def give_up(session: AsyncSession, hold_id: UUID) -> None:
    """The deadline of a hold has come: unless everything was held before, all of it is released.

    A version that was asked for meanwhile keeps its own deadline.
    """
    hold = await queries.lock_hold(session, hold_id)
    if hold is None or hold.state != HoldState.asked or hold.answer_by is None:
        await due_rows.complete(session, GIVE_UP_HOLD, hold_id)
    elif hold.answer_by > now():
        await due_rows.schedule(session, GIVE_UP_HOLD, hold_id, hold.organisation_id, hold.answer_by)
    else:
        await _happen(session, hold, Happening.time_is_up)


async def _happen(session: AsyncSession, hold: Hold, happening: Happening, needs: SessionNeeds | None = None) -> None:
    """Go through the table of transitions: the next state, and what the holders are told of it."""
    transition = TRANSITIONS.get((HoldState(hold.state), happening))
    if transition is None:
        await session.flush()
        return
    await due_rows.complete(session, GIVE_UP_HOLD, hold.id)
    hold.state, hold.decided_at = transition.state, now()
    await _show_rooms(session, hold)
    for telling in transition.told:
        if telling is Telling.release:
            await publish(session, _released(hold, transition.because or ReleaseReason.replaced))
        elif telling is Telling.confirm:
            await publish(session, HoldConfirmed(**_names(hold)))
        elif needs is not None:
            await _ask(session, hold, needs)
    await session.flush()


async def _show_rooms(session: AsyncSession, hold: Hold) -> None:
    """Say where in the house the session is while everything is held, and nothing of what is only asked for."""
    await session.execute(delete(SessionRooms).where(SessionRooms.session_id == hold.session_id))
    names = rooms_in(hold.held) if hold.state == HoldState.confirmed else []
    if names:
        session.add(SessionRooms(session_id=hold.session_id, organisation_id=hold.organisation_id, names=names))


async def _ask(session: AsyncSession, hold: Hold, needs: SessionNeeds) -> None:
    """Begin the next version and set its deadline."""
    wishes = wishes_from(hold.wishes)
    hold.version += 1
    hold.asked_at, hold.decided_at = now(), None
    hold.answer_by = hold.asked_at + timedelta(seconds=wishes.answer_within_seconds)
    hold.resources_held = hold.people_held = None
    hold.held, hold.refusals = {}, []
    await session.flush()
    await due_rows.schedule(session, GIVE_UP_HOLD, hold.id, hold.organisation_id, hold.answer_by)
    await publish(session, _requested(hold, needs, wishes))


def _requested(hold: Hold, needs: SessionNeeds, wishes: Wishes) -> HoldRequested:
    times = [wish.times(needs.starts_at, needs.ends_at) for wish in wishes.resources]
    return HoldRequested(
        **_names(hold),
        title=needs.title,
        starts_at=needs.starts_at,
        ends_at=needs.ends_at,
        time_zone=needs.time_zone,
        site_id=needs.site_id,
        resources=tuple(
            ResourceWish(
                resource_id=wish.resource_id,
                owner_organisation_id=wish.owner_organisation_id,
                quantity=wish.quantity,
                starts_at=starts_at,
                ends_at=ends_at,
            )
            for wish, (starts_at, ends_at) in zip(wishes.resources, times, strict=True)
        ),
        people=tuple(
            PersonWish(
                role=wish.role,
                count=wish.count,
                qualification=wish.qualification,
                person_ids=tuple(wish.person_ids),
            )
            for wish in wishes.people
        ),
        answer_by=hold.answer_by,
    )


def _released(hold: Hold, because: ReleaseReason) -> HoldReleased:
    refused = tuple(str(one.get("name") or one.get("role") or "") for one in hold.refusals)
    return HoldReleased(
        **_names(hold),
        reason=HoldReleaseReason(because),
        title=hold.title,
        starts_at=hold.starts_at,
        time_zone=hold.time_zone,
        refused=refused,
    )


def _names(hold: Hold) -> dict[str, Any]:
    return {
        "organisation_id": hold.organisation_id,
        "hold_id": hold.id,
        "version": hold.version,
        "session_id": hold.session_id,
    }

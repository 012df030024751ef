"""Holding people for a session, all or nobody; making it firm; giving them back. Only the coordinator's word counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.outbox import publish
from contracts.staffing import (
    HeldPerson,
    PeopleHeld,
    PeopleRefused,
    PersonRefusal,
    PersonRefusalReason,
    ShiftReleaseReason,
)
from staffing.holds import queries
from staffing.holds.domain import HoldState, Refusal, Wish, choose
from staffing.holds.tables import PeopleHold
from staffing.hours.queries import Place, get_place, list_rules_of
from staffing.qualifications.domain import QualificationKind
from staffing.shifts.domain import AssignmentState, MayNotBeAssigned, ShiftIsTooLong, TimesAreReversed, judge
from staffing.shifts.queries import duty_of, list_assignments, list_candidates, lock_shift
from staffing.shifts.use_cases import Wish as AssignmentWish
from staffing.shifts.use_cases import assign, cancel_shift, confirm_assignment, plan_shift, release_locked

if TYPE_CHECKING:
    from staffing.shifts.tables import Shift

HELD_BECAUSE = "asked for with everything that the session needs"


@dataclass(frozen=True)
class Request:
    """What a version of a hold asks for."""

    organisation_id: UUID
    hold_id: UUID
    version: int
    session_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    wishes: Sequence[Wish]


class NobodyCan(Exception):
    """One of the wishes cannot be fulfilled, so none is; carries every refusal."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(refusal.explanation for refusal in refusals))
        self.refusals = tuple(refusals)


async def hold_people(session: AsyncSession, request: Request) -> None:
    """Hold everybody whom this version asks for, or refuse; it replaces earlier versions. An older one does nothing."""
    hold = await queries.lock_hold(session, request.hold_id)
    if hold is not None and hold.version >= request.version:
        return
    earlier = await _give_back(session, hold) if hold is not None else set()
    if hold is None:
        if not request.wishes:
            return
        hold = _new_hold(request.organisation_id, request.hold_id, request.version, request.session_id)
        session.add(hold)
    hold.version, hold.shift_ids, hold.state = request.version, [], HoldState.released
    await session.flush()
    if not request.wishes:
        return
    try:
        async with session.begin_nested():
            held = [person for wish in request.wishes for person in await _hold(session, request, hold, wish, earlier)]
    except NobodyCan as error:
        hold.state, hold.shift_ids = HoldState.refused, []
        await session.flush()
        await publish(session, _refused(request, error.refusals))
        return
    hold.state = HoldState.held
    await session.flush()
    await publish(session, PeopleHeld(**_named(request), people=tuple(held)))


async def _hold(
    session: AsyncSession, request: Request, hold: PeopleHold, wish: Wish, earlier: set[UUID]
) -> list[HeldPerson]:
    """Plan the shift of one wish and hold people for it. Raises NobodyCan."""
    try:
        required = [] if wish.required is None else [wish.required]
    except ValueError as error:
        raise NobodyCan([Refusal(wish.role, "not_qualified", f"No paper is called {wish.qualification}.")]) from error
    place = await get_place(session, request.organisation_id)
    try:
        shift = await _plan(session, request, wish, required, place)
    except (TimesAreReversed, ShiftIsTooLong) as error:
        raise NobodyCan([Refusal(wish.role, "nobody_found", str(error))]) from error
    duty, rules = duty_of(shift), await list_rules_of(session, place.jurisdiction)
    candidates = await list_candidates(session, request.organisation_id, [duty])
    judged = [(candidate, judge(duty, candidate, rules)) for candidate in candidates]
    chosen = choose(wish, judged, earlier)
    if isinstance(chosen, Refusal):
        raise NobodyCan([chosen])
    hold.shift_ids = [*hold.shift_ids, shift.id]
    for person_id in chosen:
        try:
            made = AssignmentWish(because=HELD_BECAUSE, hold_id=request.hold_id)
            await assign(session, shift.id, person_id, made)
        except MayNotBeAssigned as error:  # Another association was quicker.
            raise NobodyCan([Refusal(wish.role, "clash", str(error))]) from error
    return [HeldPerson(shift_id=shift.id, person_id=person_id, role=wish.role) for person_id in chosen]


async def _plan(
    session: AsyncSession, request: Request, wish: Wish, required: Sequence[QualificationKind], place: Place
) -> Shift:
    """The shift of a wish, at the times that are asked for. Raises TimesAreReversed, ShiftIsTooLong."""
    return await plan_shift(
        session,
        request.organisation_id,
        {
            "session_id": request.session_id,
            "title": request.title,
            "role": wish.shift_role,
            "places": max(1, wish.count),
            "required": list(required),
            "starts_at": request.starts_at,
            "ends_at": request.ends_at,
            "time_zone": request.time_zone,
            "jurisdiction": place.jurisdiction,
            "is_open": False,
        },
    )


async def confirm_people(session: AsyncSession, hold_id: UUID, version: int) -> None:
    """Make what this version holds firm. Another version, or one that was given back, stays as it is."""
    hold = await queries.lock_hold(session, hold_id)
    if hold is None or hold.version != version or hold.state != HoldState.held:
        return
    for shift_id in sorted(hold.shift_ids):
        await lock_shift(session, shift_id)
    for assignment in await list_assignments(session, hold_id=hold_id):
        if assignment.state == AssignmentState.held:
            await confirm_assignment(session, assignment)
    hold.state = HoldState.confirmed
    await session.flush()


async def release_people(
    session: AsyncSession, organisation_id: UUID, hold_id: UUID, version: int, session_id: UUID
) -> None:
    """Give back what this version or an earlier one holds; a version that never came will hold nothing when it does."""
    hold = await queries.lock_hold(session, hold_id)
    if hold is None:
        session.add(_new_hold(organisation_id, hold_id, version, session_id))
    elif hold.version > version:
        return
    else:
        await _give_back(session, hold)
        hold.version, hold.state, hold.shift_ids = version, HoldState.released, []
    await session.flush()


def _new_hold(organisation_id: UUID, hold_id: UUID, version: int, session_id: UUID) -> PeopleHold:
    """A hold that holds nobody yet."""
    return PeopleHold(
        hold_id=hold_id,
        organisation_id=organisation_id,
        session_id=session_id,
        version=version,
        state=HoldState.released,
        shift_ids=[],
    )


async def _give_back(session: AsyncSession, hold: PeopleHold) -> set[UUID]:
    """Release whoever is held or assigned by the hold, and call its shifts off; gives who it was."""
    found = await list_assignments(session, hold_id=hold.hold_id)
    shifts = {shift_id: await lock_shift(session, shift_id) for shift_id in sorted(hold.shift_ids)}
    for assignment in found:
        shift = shifts.get(assignment.shift_id) or await lock_shift(session, assignment.shift_id)
        await release_locked(session, shift, assignment, ShiftReleaseReason.hold_released)
    for shift_id in shifts:
        await cancel_shift(session, shift_id)
    return {assignment.person_id for assignment in found}


def _refused(request: Request, refusals: Sequence[Refusal]) -> PeopleRefused:
    told = tuple(
        PersonRefusal(
            role=refusal.role,
            reason=PersonRefusalReason(refusal.reason),
            explanation=refusal.explanation,
            alternatives=refusal.alternatives,
        )
        for refusal in refusals
    )
    return PeopleRefused(**_named(request), refusals=told)


def _named(request: Request) -> dict[str, UUID | int]:
    return {
        "organisation_id": request.organisation_id,
        "hold_id": request.hold_id,
        "version": request.version,
        "session_id": request.session_id,
    }

"""A place comes free, or will: others are asked, one of them takes over, and everybody concerned is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from access.row_policies import act_for
from common.clock import now
from common.outbox import publish
from contracts.staffing import AskedElsewhere, ShiftReleaseReason, SubstituteSought
from staffing.hours.domain import elapsed
from staffing.hours.queries import get_place
from staffing.lending.use_cases import choose_neighbours, come_to_help
from staffing.people.domain import midnight
from staffing.people.queries import get_person, lock_person
from staffing.shifts.domain import AssignmentIsReleased, AssignmentState, ShiftIsOver
from staffing.shifts.queries import get_assignment, get_shift, list_assignments, lock_shift
from staffing.shifts.use_cases import Wish, assign, check_has_place, release, release_locked
from staffing.substitutes import queries
from staffing.substitutes.domain import (
    AlreadySought,
    Asked,
    DutiesChanged,
    HourCost,
    NotAsked,
    NotYours,
    RequestIsClosed,
    RequestNotFound,
    RequestState,
    choose_substitutes,
    extra_cost_minor,
)
from staffing.substitutes.tables import SubstituteRequest

if TYPE_CHECKING:
    from staffing.people.tables import Person
    from staffing.shifts.tables import Assignment, Shift


@dataclass(frozen=True)
class Search:
    """A place that is free now, and who is asked to take it."""

    request: SubstituteRequest
    asked: Sequence[Asked]


async def lock_duties(session: AsyncSession, person_id: UUID, days: tuple[date, date]) -> Mapping[UUID, Shift]:
    """The shifts of a person that are not over by these days, locked, and then the person: no other comes meanwhile.

    Raises PersonNotFound.
    """
    person = await get_person(session, person_id)
    zone = ZoneInfo((await get_place(session, person.organisation_id)).time_zone)
    while True:
        # Shifts are locked before people everywhere: if one came meanwhile, all locks are taken anew.
        with suppress(DutiesChanged):
            async with session.begin_nested():
                shift_ids = {one.shift_id for one in await _list_concerned(session, person_id, days, zone)}
                shifts = {shift_id: await lock_shift(session, shift_id) for shift_id in sorted(shift_ids)}
                await lock_person(session, person_id)
                if {one.shift_id for one in await _list_concerned(session, person_id, days, zone)} <= shift_ids:
                    return shifts
                raise DutiesChanged


async def _list_concerned(
    session: AsyncSession, person_id: UUID, days: tuple[date, date], zone: ZoneInfo
) -> Sequence[Assignment]:
    """The assignments of these days that are not over yet."""
    first, last = midnight(days[0], zone), midnight(days[1] + timedelta(days=1), zone)
    return await list_assignments(session, person_ids=[person_id], from_at=max(first, now()), until_at=last)


async def free_shifts(
    session: AsyncSession, shifts: Mapping[UUID, Shift], person_id: UUID, reason: ShiftReleaseReason
) -> list[Search]:
    """Take a person off shifts that this transaction has locked, for a reason that is kept, and ask others."""
    assignments = await list_assignments(session, shift_ids=list(shifts), person_ids=[person_id])
    for request in await queries.lock_requests_about(session, [one.id for one in assignments]):
        _close(request, RequestState.withdrawn)
    for assignment in assignments:
        await release_locked(session, shifts[assignment.shift_id], assignment, reason)
    return [await _search(session, shift_id, person_id) for shift_id in shifts]


async def _search(
    session: AsyncSession,
    shift_id: UUID,
    absent_person_id: UUID,
    *,
    assignment_id: UUID | None = None,
    in_return_assignment_id: UUID | None = None,
    only: UUID | None = None,
) -> Search:
    """Ask the people who may take the place, and announce it once."""
    shift = await get_shift(session, shift_id)
    asked = choose_substitutes(await queries.judge_everybody(session, shift_id), without=absent_person_id)
    request = _new_request(shift, [one.person_id for one in asked] if only is None else [only])
    request.absent_person_id = absent_person_id
    request.assignment_id, request.in_return_assignment_id = assignment_id, in_return_assignment_id
    await _announce(session, request, shift)
    return Search(request, asked)


async def ask_elsewhere(session: AsyncSession, shift_id: UUID, person_ids: Collection[UUID]) -> SubstituteRequest:
    """Ask people of other associations to take a place of a shift.

    Raises ShiftNotFound, ShiftIsCancelled, ShiftIsOver, ShiftIsFull, MayNotBeAsked.
    """
    shift = await lock_shift(session, shift_id)
    _check_to_come(shift.starts_at)
    await check_has_place(session, shift)
    chosen = await choose_neighbours(session, shift, person_ids)
    request = _new_request(shift, [one.candidate.person_id for one in chosen])
    elsewhere = [
        AskedElsewhere(person_id=one.candidate.person_id, organisation_id=one.organisation_id) for one in chosen
    ]
    await _announce(session, request, shift, elsewhere)
    return request


def _new_request(shift: Shift, asked_person_ids: list[UUID]) -> SubstituteRequest:
    return SubstituteRequest(
        organisation_id=shift.organisation_id,
        shift_id=shift.id,
        absent_person_id=None,
        assignment_id=None,
        in_return_assignment_id=None,
        asked_person_ids=asked_person_ids,
        taken_by_person_id=None,
        title=shift.title,
        role=shift.role,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        time_zone=shift.time_zone,
    )


async def _announce(
    session: AsyncSession, request: SubstituteRequest, shift: Shift, elsewhere: Sequence[AskedElsewhere] = ()
) -> None:
    session.add(request)
    await session.flush()
    await publish(
        session,
        SubstituteSought(
            organisation_id=shift.organisation_id,
            request_id=request.id,
            version=request.version,
            shift_id=shift.id,
            session_id=shift.session_id,
            title=shift.title,
            role=shift.role,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            time_zone=shift.time_zone,
            asked_person_ids=tuple(request.asked_person_ids),
            asked_elsewhere=tuple(elsewhere),
        ),
    )


async def seek_substitute(
    session: AsyncSession, assignment_id: UUID, in_return_assignment_id: UUID | None = None
) -> Search:
    """Look for somebody who takes over; whoever has the place keeps it until then.

    With a duty in return only the one who has that duty is asked: both exchange. Raises AssignmentNotFound,
    AssignmentIsReleased, ShiftIsOver, AlreadySought, NotYours.
    """
    # Locked, so that a duty is not sought for twice.
    await lock_shift(session, (await get_assignment(session, assignment_id)).shift_id)
    assignment = await get_assignment(session, assignment_id)
    if assignment.state == AssignmentState.released:
        raise AssignmentIsReleased("This person was released from the shift before.")
    _check_to_come(assignment.starts_at)
    if await queries.lock_requests_about(session, [assignment_id]):
        raise AlreadySought("Take the earlier request back before you make another one.")
    only = None
    if in_return_assignment_id is not None:
        in_return = await get_assignment(session, in_return_assignment_id)
        if in_return.organisation_id != assignment.organisation_id:
            raise NotYours("Duties are exchanged within one association.")
        _check_to_come(in_return.starts_at)
        only = in_return.person_id
    return await _search(
        session,
        assignment.shift_id,
        assignment.person_id,
        assignment_id=assignment_id,
        in_return_assignment_id=in_return_assignment_id,
        only=only,
    )


def _check_to_come(starts_at: datetime) -> None:
    if starts_at <= now():
        raise ShiftIsOver("This shift has begun.")


async def take_over(session: AsyncSession, request_id: UUID, own: Sequence[Person]) -> SubstituteRequest:
    """Let somebody take the place that he was asked for, under whichever of his own records; the first one gets it.

    Raises RequestNotFound, RequestIsClosed, NotAsked, PassportNotFound, and what `assign` raises.
    """
    request = await queries.get_request(session, request_id)
    asked = next((person for person in own if person.id in request.asked_person_ids), None)
    here = next((person for person in own if person.organisation_id == request.organisation_id), None)
    if asked is None and here is None:
        raise RequestNotFound
    async with act_for(session, request.organisation_id, "a person takes over a shift that he was asked for"):
        request = await queries.lock_request(session, request_id)
        if request.state != RequestState.open:
            raise RequestIsClosed("Somebody else took over, or nobody is needed any more. Thank you all the same.")
        if asked is None:
            raise NotAsked("Only who was asked can take over.")
        if here is None:
            here = await come_to_help(session, asked, request.organisation_id)
        return await _fill(session, request, here.id)


async def _fill(session: AsyncSession, request: SubstituteRequest, person_id: UUID) -> SubstituteRequest:
    """Give the place to somebody, or exchange for it; all is judged again."""
    given_up = [one for one in (request.assignment_id, request.in_return_assignment_id) if one is not None]
    is_exchange = request.in_return_assignment_id is not None
    for assignment_id in sorted(given_up):
        # Whoever left the shift meanwhile is still to be replaced; an exchange needs both duties.
        with suppress(*(() if is_exchange else (AssignmentIsReleased,))):
            await release(session, assignment_id, ShiftReleaseReason.replaced)
    cost, currency = await _extra_cost(session, request, person_id)
    wish = Wish(because="took over", is_own=True, extra_cost_minor=cost, cost_currency=currency)
    await assign(session, request.shift_id, person_id, wish)
    if request.in_return_assignment_id is not None and request.absent_person_id is not None:
        in_return = await get_assignment(session, request.in_return_assignment_id)
        wish = Wish(because="exchanged", is_own=True)
        await assign(session, in_return.shift_id, request.absent_person_id, wish)
    request.taken_by_person_id = person_id
    _close(request, RequestState.filled)
    await session.flush()
    return request


async def _extra_cost(session: AsyncSession, request: SubstituteRequest, person_id: UUID) -> tuple[int, str]:
    """What the substitute costs more than who is absent; a place that nobody gave up costs nothing extra."""
    substitute = await get_person(session, person_id)
    if request.absent_person_id is None:
        return 0, substitute.cost_currency
    absent = await get_person(session, request.absent_person_id)
    costs = [HourCost(one.hour_cost_minor, one.cost_currency) for one in (absent, substitute)]
    length = elapsed(request.starts_at, request.ends_at)
    return extra_cost_minor(costs[0], costs[1], length), substitute.cost_currency


async def withdraw_search(session: AsyncSession, request_id: UUID) -> SubstituteRequest:
    """Nobody is needed any more. Raises RequestNotFound, RequestIsClosed."""
    request = await queries.lock_request(session, request_id)
    if request.state != RequestState.open:
        raise RequestIsClosed("This search is over.")
    _close(request, RequestState.withdrawn)
    await session.flush()
    return request


def _close(request: SubstituteRequest, state: RequestState) -> None:
    request.state = state
    request.version += 1

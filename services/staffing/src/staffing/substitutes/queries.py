"""What is asked about searches for a substitute."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.hours.domain import Finding
from staffing.hours.queries import list_rules_of
from staffing.people.queries import list_people_by_id
from staffing.shifts.domain import AssignmentState, Candidate, judge
from staffing.shifts.queries import duty_of, get_shift, list_assignments, list_candidates, list_shifts
from staffing.substitutes.domain import Exchange, RequestNotFound, RequestState, possible_exchanges
from staffing.substitutes.tables import SubstituteRequest

if TYPE_CHECKING:
    from staffing.shifts.tables import Assignment, Shift

EXCHANGED_WITHIN = timedelta(days=60)
EXCHANGES_MAX = 20


@dataclass(frozen=True)
class ExchangeOffered:
    """A colleague's duty that could be had for one's own."""

    assignment_id: UUID
    display_name: str
    shift: Shift


async def get_request(session: AsyncSession, request_id: UUID) -> SubstituteRequest:
    """One search. Raises RequestNotFound."""
    found = await session.get(SubstituteRequest, request_id)
    if found is None:
        raise RequestNotFound
    return found


async def lock_request(session: AsyncSession, request_id: UUID) -> SubstituteRequest:
    """One search, locked. Raises RequestNotFound."""
    statement = select(SubstituteRequest).where(SubstituteRequest.id == request_id).with_for_update()
    found = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise RequestNotFound
    return found


async def lock_requests_about(session: AsyncSession, assignment_ids: Collection[UUID]) -> Sequence[SubstituteRequest]:
    """The open searches and exchanges in which these assignments would be given up, locked, in the order of ids."""
    concerned = or_(
        SubstituteRequest.assignment_id.in_(assignment_ids),
        SubstituteRequest.in_return_assignment_id.in_(assignment_ids),
    )
    statement = select(SubstituteRequest).where(SubstituteRequest.state == RequestState.open, concerned)
    return (await session.scalars(statement.order_by(SubstituteRequest.id).with_for_update())).all()


async def list_requests(
    session: AsyncSession, state: RequestState | None, after: UUID | None, limit: int
) -> Sequence[SubstituteRequest]:
    """One row more than the limit, in the order of ids."""
    statement = select(SubstituteRequest).order_by(SubstituteRequest.id).limit(limit + 1)
    if state is not None:
        statement = statement.where(SubstituteRequest.state == state)
    if after is not None:
        statement = statement.where(SubstituteRequest.id > after)
    return (await session.scalars(statement)).all()


async def judge_everybody(session: AsyncSession, shift_id: UUID) -> list[tuple[Candidate, list[Finding]]]:
    """Everybody of the association with what speaks against him on this shift."""
    shift = await get_shift(session, shift_id)
    duty, rules = duty_of(shift), await list_rules_of(session, shift.jurisdiction)
    candidates = await list_candidates(session, shift.organisation_id, [duty])
    return [(candidate, judge(duty, candidate, rules)) for candidate in candidates]


async def list_exchanges(session: AsyncSession, assignment: Assignment, from_at: datetime) -> list[ExchangeOffered]:
    """What colleagues have in the same role in the weeks from a moment that could be had for this duty."""
    shift = await get_shift(session, assignment.shift_id)
    found = await list_shifts(
        session, organisation_id=shift.organisation_id, from_at=from_at, until_at=from_at + EXCHANGED_WITHIN
    )
    shifts = {one.id: one for one in found if one.role == shift.role and one.starts_at > from_at}
    here = {one.person_id for one in await list_assignments(session, shift_ids=[shift.id])}
    others = [
        Exchange(one.id, one.person_id, duty_of(shifts[one.shift_id]))
        for one in await list_assignments(session, shift_ids=list(shifts))
        if one.person_id not in here and one.state == AssignmentState.assigned
    ]
    own = Exchange(assignment.id, assignment.person_id, duty_of(shift))
    people = {own.person_id, *(one.person_id for one in others)}
    duties = [one.duty for one in (own, *others)]
    candidates = await list_candidates(session, shift.organisation_id, duties, only=people)
    by_id = {candidate.person_id: candidate for candidate in candidates}
    rules = await list_rules_of(session, shift.jurisdiction)
    return [
        ExchangeOffered(one.assignment_id, by_id[one.person_id].display_name, shifts[one.duty.shift_id])
        for one in possible_exchanges(own, others, by_id, rules)[:EXCHANGES_MAX]
    ]


async def list_ways_to_reach(
    session: AsyncSession, person_ids: Collection[UUID]
) -> Mapping[UUID, tuple[str, str | None, str | None]]:
    """Name, e-mail address and telephone of people."""
    people = await list_people_by_id(session, person_ids)
    return {person.id: (person.display_name, person.email, person.phone) for person in people}

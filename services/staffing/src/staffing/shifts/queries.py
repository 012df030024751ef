"""What is asked about shifts, assignments, and whether people could do a shift."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.coverage.domain import Engagement
from staffing.hours.domain import Span
from staffing.people.domain import PersonKind
from staffing.people.queries import list_active_people, list_days_away, list_windows
from staffing.qualifications.domain import QualificationKind
from staffing.qualifications.queries import list_papers
from staffing.shifts.domain import (
    JUDGED_AROUND,
    AssignmentNotFound,
    AssignmentState,
    Candidate,
    Duty,
    ShiftNotFound,
    ShiftRole,
    ShiftState,
)
from staffing.shifts.tables import Assignment, Shift

ACTIVE = (AssignmentState.held, AssignmentState.assigned)
BUSY = text("select person_id, starts_at, ends_at from busy_times(:person_ids, :from_at, :until_at)")


async def get_shift(session: AsyncSession, shift_id: UUID) -> Shift:
    """One shift. Raises ShiftNotFound."""
    shift = await session.get(Shift, shift_id)
    if shift is None:
        raise ShiftNotFound
    return shift


async def lock_shift(session: AsyncSession, shift_id: UUID) -> Shift:
    """One shift, locked: who is on it changes one after the other. Raises ShiftNotFound."""
    statement = select(Shift).where(Shift.id == shift_id).with_for_update().execution_options(populate_existing=True)
    shift = (await session.scalars(statement)).one_or_none()
    if shift is None:
        raise ShiftNotFound
    return shift


async def lock_shifts_of_session(session: AsyncSession, session_id: UUID) -> Sequence[Shift]:
    """The planned shifts of a session in the order of ids, locked."""
    statement = select(Shift).where(Shift.session_id == session_id, Shift.state == ShiftState.planned)
    locked = statement.order_by(Shift.id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(locked)).all()


async def list_shifts(
    session: AsyncSession,
    *,
    organisation_id: UUID | None = None,
    session_id: UUID | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    is_open: bool | None = None,
    after: UUID | None = None,
    limit: int = 1000,
) -> Sequence[Shift]:
    """Planned shifts that touch a time, in the order of ids; one row more than the limit."""
    statement = select(Shift).where(Shift.state == ShiftState.planned).order_by(Shift.id).limit(limit + 1)
    if organisation_id is not None:
        statement = statement.where(Shift.organisation_id == organisation_id)
    if session_id is not None:
        statement = statement.where(Shift.session_id == session_id)
    if from_at is not None:
        statement = statement.where(Shift.ends_at > from_at)
    if until_at is not None:
        statement = statement.where(Shift.starts_at < until_at)
    if is_open is not None:
        statement = statement.where(Shift.is_open.is_(is_open))
    if after is not None:
        statement = statement.where(Shift.id > after)
    return (await session.scalars(statement)).all()


async def count_taken(session: AsyncSession, shift_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many places of each shift are held or assigned, as far as the caller sees who has them."""
    statement = select(Assignment.shift_id, func.count().label("taken")).where(
        Assignment.shift_id.in_(shift_ids), Assignment.state.in_(ACTIVE)
    )
    rows = await session.execute(statement.group_by(Assignment.shift_id))
    return Counter({row.shift_id: row.taken for row in rows})


async def lock_assignment(session: AsyncSession, assignment_id: UUID) -> Assignment:
    """One assignment, locked. Raises AssignmentNotFound."""
    statement = select(Assignment).where(Assignment.id == assignment_id).with_for_update()
    found = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise AssignmentNotFound
    return found


async def get_assignment(session: AsyncSession, assignment_id: UUID) -> Assignment:
    """One assignment. Raises AssignmentNotFound."""
    found = await session.get(Assignment, assignment_id)
    if found is None:
        raise AssignmentNotFound
    return found


async def list_assignments(
    session: AsyncSession,
    *,
    shift_ids: Collection[UUID] | None = None,
    person_ids: Collection[UUID] | None = None,
    hold_id: UUID | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    only_active: bool = True,
) -> Sequence[Assignment]:
    """Assignments of shifts, of people, of a hold, that touch a time, in the order of ids."""
    statement = select(Assignment).order_by(Assignment.id)
    if only_active:
        statement = statement.where(Assignment.state.in_(ACTIVE))
    if shift_ids is not None:
        statement = statement.where(Assignment.shift_id.in_(shift_ids))
    if person_ids is not None:
        statement = statement.where(Assignment.person_id.in_(person_ids))
    if hold_id is not None:
        statement = statement.where(Assignment.hold_id == hold_id)
    if from_at is not None:
        statement = statement.where(Assignment.ends_at > from_at)
    if until_at is not None:
        statement = statement.where(Assignment.starts_at < until_at)
    return (await session.scalars(statement)).all()


def duty_of(shift: Shift) -> Duty:
    """A shift as a check sees it."""
    return Duty(
        shift_id=shift.id,
        role=ShiftRole(shift.role),
        required=frozenset(QualificationKind(kind) for kind in shift.required),
        span=Span(shift.starts_at, shift.ends_at),
        zone=ZoneInfo(shift.time_zone),
        activity_id=shift.activity_id,
    )


async def list_candidates(
    session: AsyncSession, organisation_id: UUID, duties: Sequence[Duty], only: Iterable[UUID] | None = None
) -> list[Candidate]:
    """The people of an association as the checks of these duties see them, in the order of ids."""
    first, last = min(duty.span.starts_at for duty in duties), max(duty.span.ends_at for duty in duties)
    first_day, last_day = min(duty.day for duty in duties), max(duty.last_day for duty in duties)
    people = await list_active_people(session, organisation_id, first_day, last_day)
    wanted = None if only is None else set(only)
    people = [person for person in people if wanted is None or person.id in wanted]
    ids = [person.id for person in people]
    windows, papers = await list_windows(session, ids), await list_papers(session, ids)
    away = await list_days_away(session, ids, first_day, last_day)
    busy = await list_busy(session, ids, first - JUDGED_AROUND, last + JUDGED_AROUND)
    paid, unpaid = await _list_activities(session, ids)
    return [
        Candidate(
            person_id=person.id,
            display_name=person.display_name,
            kind=PersonKind(person.kind),
            started_on=person.started_on,
            ended_on=person.ended_on,
            windows=tuple(windows.get(person.id, ())),
            away=tuple(away.get(person.id, ())),
            papers=tuple(papers.get(person.id, ())),
            busy=tuple(busy.get(person.id, ())),
            paid_activities=frozenset(paid.get(person.id, ())),
            unpaid_activities=frozenset(unpaid.get(person.id, ())),
        )
        for person in people
    ]


async def list_busy(
    session: AsyncSession, person_ids: Sequence[UUID], from_at: datetime, until_at: datetime
) -> Mapping[UUID, list[Span]]:
    """When each person has a duty, here or in any other association: times only."""
    found: dict[UUID, list[Span]] = defaultdict(list)
    values = {"person_ids": list(person_ids), "from_at": from_at, "until_at": until_at}
    for row in await session.execute(BUSY, values):
        found[row.person_id].append(Span(row.starts_at, row.ends_at))
    return found


async def _list_activities(
    session: AsyncSession, person_ids: Sequence[UUID]
) -> tuple[Mapping[UUID, set[UUID]], Mapping[UUID, set[UUID]]]:
    """What each person does for pay and what for nothing, in this association."""
    statement = (
        select(Assignment.person_id, Assignment.engagement, Assignment.activity_id)
        .where(
            Assignment.person_id.in_(person_ids),
            Assignment.state.in_(ACTIVE),
        )
        .distinct()
    )
    found: dict[Engagement, dict[UUID, set[UUID]]] = {kind: defaultdict(set) for kind in Engagement}
    for person_id, engagement, activity_id in (await session.execute(statement)).all():
        if activity_id is not None:
            found[Engagement(engagement)][person_id].add(activity_id)
    return found[Engagement.employee], found[Engagement.volunteer]

"""What is asked about people, their windows and their leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, literal_column, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import DIGEST
from access.principals import Account
from staffing.people.domain import (
    AvailabilityKind,
    LeaveKind,
    LeaveNotFound,
    LeaveState,
    PersonKind,
    PersonNotFound,
    Window,
)
from staffing.people.tables import Availability, Leave, Person

ACCOUNT_DIGEST = DIGEST.format("account_issuer || '|' || account_subject")
PERSON_OF_CODE = text("select person_id, organisation_id from person_of_link_code(:digest)")


async def get_person(session: AsyncSession, person_id: UUID) -> Person:
    """One person. Raises PersonNotFound."""
    person = await session.get(Person, person_id)
    if person is None:
        raise PersonNotFound
    return person


async def lock_person(session: AsyncSession, person_id: UUID) -> Person:
    """One person, locked: leave, duties and papers of a person change one after the other. Raises PersonNotFound."""
    statement = select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    person = (await session.scalars(statement)).one_or_none()
    if person is None:
        raise PersonNotFound
    return person


async def find_person_of_code(session: AsyncSession, digest: bytes) -> tuple[UUID, UUID] | None:
    """The person and the association that a valid code was sent for."""
    row = (await session.execute(PERSON_OF_CODE, {"digest": digest})).one_or_none()
    return None if row is None else (row.person_id, row.organisation_id)


async def list_people(
    session: AsyncSession,
    *,
    organisation_id: UUID | None,
    kind: PersonKind | None,
    active_on: date | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Person]:
    """One row more than the limit, in the order of ids."""
    statement = select(Person).where(Person.erased_at.is_(None)).order_by(Person.id).limit(limit + 1)
    if organisation_id is not None:
        statement = statement.where(Person.organisation_id == organisation_id)
    if kind is not None:
        statement = statement.where(Person.kind == kind)
    if active_on is not None:
        still_here = or_(Person.ended_on.is_(None), Person.ended_on >= active_on)
        statement = statement.where(Person.started_on <= active_on, still_here)
    if after is not None:
        statement = statement.where(Person.id > after)
    return (await session.scalars(statement)).all()


async def list_active_people(session: AsyncSession, organisation_id: UUID, first: date, last: date) -> Sequence[Person]:
    """Everybody of an association who is there on one of these days, in the order of ids."""
    still_here = or_(Person.ended_on.is_(None), Person.ended_on >= first)
    statement = select(Person).where(Person.organisation_id == organisation_id, Person.started_on <= last, still_here)
    return (await session.scalars(statement.order_by(Person.id))).all()


async def list_people_of_account(session: AsyncSession, account: Account) -> Sequence[Person]:
    """The records that an account is linked to, in every association."""
    statement = select(Person).where(Person.account_issuer == account.issuer, Person.account_subject == account.subject)
    return (await session.scalars(statement.order_by(Person.id))).all()


async def list_people_by_id(session: AsyncSession, person_ids: Collection[UUID]) -> Sequence[Person]:
    """These people, in the order of ids."""
    return (await session.scalars(select(Person).where(Person.id.in_(person_ids)).order_by(Person.id))).all()


async def list_availabilities(session: AsyncSession, person_id: UUID) -> Sequence[Availability]:
    """The weekly windows of a person in the order of the week."""
    statement = select(Availability).where(Availability.person_id == person_id)
    return (await session.scalars(statement.order_by(Availability.weekday, Availability.from_minute))).all()


async def list_windows(session: AsyncSession, person_ids: Collection[UUID]) -> Mapping[UUID, list[Window]]:
    """The weekly windows of each person; who gave none is left out."""
    found: dict[UUID, list[Window]] = defaultdict(list)
    for row in await session.scalars(select(Availability).where(Availability.person_id.in_(person_ids))):
        kind = AvailabilityKind(row.kind)
        window = Window(row.weekday, row.from_minute, row.to_minute, kind, row.valid_from, row.valid_to)
        found[row.person_id].append(window)
    return found


async def lock_leave(session: AsyncSession, leave_id: UUID) -> Leave:
    """One leave, locked. Raises LeaveNotFound."""
    statement = select(Leave).where(Leave.id == leave_id).with_for_update().execution_options(populate_existing=True)
    leave = (await session.scalars(statement)).one_or_none()
    if leave is None:
        raise LeaveNotFound
    return leave


async def get_leave(session: AsyncSession, leave_id: UUID) -> Leave:
    """One leave. Raises LeaveNotFound."""
    leave = await session.get(Leave, leave_id)
    if leave is None:
        raise LeaveNotFound
    return leave


async def list_leaves(
    session: AsyncSession,
    *,
    person_id: UUID | None,
    state: LeaveState | None,
    days: tuple[date | None, date | None],
    after: UUID | None,
    limit: int,
) -> Sequence[Leave]:
    """What touches these days, both included, without bound where there is none; one row more than the limit, by id."""
    first, last = days
    statement = select(Leave).order_by(Leave.id).limit(limit + 1)
    if person_id is not None:
        statement = statement.where(Leave.person_id == person_id)
    if state is not None:
        statement = statement.where(Leave.state == state)
    if first is not None:
        statement = statement.where(Leave.ends_on >= first)
    if last is not None:
        statement = statement.where(Leave.starts_on <= last)
    if after is not None:
        statement = statement.where(Leave.id > after)
    return (await session.scalars(statement)).all()


async def list_days_away(
    session: AsyncSession, person_ids: Collection[UUID], first: date, last: date
) -> Mapping[UUID, list[tuple[date, date]]]:
    """The approved leave of each person that touches these days; who is never away is left out."""
    found: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    statement = select(Leave).where(
        Leave.person_id.in_(person_ids),
        Leave.state == LeaveState.approved,
        Leave.starts_on <= last,
        Leave.ends_on >= first,
    )
    for leave in await session.scalars(statement):
        found[leave.person_id].append((leave.starts_on, leave.ends_on))
    return found


async def list_last_leaves(session: AsyncSession, person_ids: Collection[UUID], until: date) -> Mapping[UUID, date]:
    """The last day of approved leave that each person has had, or begun, by a day; an absence is no leave."""
    statement = select(Leave.person_id, func.max(Leave.ends_on).label("last_on")).where(
        Leave.person_id.in_(person_ids),
        Leave.kind == LeaveKind.leave,
        Leave.state == LeaveState.approved,
        Leave.starts_on <= until,
    )
    return {row.person_id: row.last_on for row in await session.execute(statement.group_by(Leave.person_id))}


async def list_people_to_erase(
    session: AsyncSession, organisation_id: UUID, person_ids: Collection[UUID], account_digests: Collection[str]
) -> Sequence[Person]:
    """People of an association by id or account who are not erased yet, locked in the order of ids."""
    of_accounts = literal_column(ACCOUNT_DIGEST).in_(account_digests)
    statement = select(Person).where(
        Person.organisation_id == organisation_id,
        Person.erased_at.is_(None),
        or_(Person.id.in_(person_ids), of_accounts),
    )
    locked = statement.order_by(Person.id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(locked)).all()

"""What is asked about rules of work, terms and worked hours."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import known_organisations
from staffing.hours.domain import (
    HoursNotFound,
    HoursState,
    Paid,
    Terms,
    WorkRule,
    jurisdictions_of,
    read_work_rule,
)
from staffing.hours.tables import HourTerms, WorkedHours, WorkRuleRow

LENT_PRICE = text("select price_minor, currency from lent_hour_price(:lender_id, :day)")
PAID_SO_FAR = text("select on_day_minor, in_year_minor from allowances_so_far(:person_id, :day)")


class Place(NamedTuple):
    """Whose clock and whose law hold."""

    time_zone: str
    jurisdiction: str


async def get_place(session: AsyncSession, organisation_id: UUID) -> Place:
    """The clock and the law of an association; the Union's while nothing is known of it."""
    columns = (known_organisations.c.time_zone, known_organisations.c.jurisdiction)
    row = (
        await session.execute(select(*columns).where(known_organisations.c.organisation_id == organisation_id))
    ).one_or_none()
    return Place("UTC", "EU") if row is None else Place(row.time_zone, row.jurisdiction)


async def list_rules_of(session: AsyncSession, jurisdiction: str) -> list[WorkRule]:
    """All rules that hold, held or will hold at a place, from the widest jurisdiction."""
    names = jurisdictions_of(jurisdiction)
    statement = select(WorkRuleRow).where(WorkRuleRow.jurisdiction.in_(names)).order_by(WorkRuleRow.rule)
    rules = [read_work_rule(row) for row in await session.scalars(statement)]
    return sorted(rules, key=lambda rule: names.index(rule.jurisdiction))


async def list_rules(
    session: AsyncSession,
    *,
    jurisdiction: str | None,
    rule: str | None,
    on: date | None,
    after: UUID | None,
    limit: int,
) -> Sequence[WorkRuleRow]:
    """The rules that hold at a place, of a name, in force on a day: each only if given. One row more than the limit."""
    statement = select(WorkRuleRow).order_by(WorkRuleRow.id).limit(limit + 1)
    if jurisdiction is not None:
        statement = statement.where(WorkRuleRow.jurisdiction.in_(jurisdictions_of(jurisdiction)))
    if rule is not None:
        statement = statement.where(WorkRuleRow.rule == rule)
    if on is not None:
        starts, ends = WorkRuleRow.valid_from, WorkRuleRow.valid_to
        statement = statement.where(or_(starts.is_(None), starts <= on), or_(ends.is_(None), ends >= on))
    if after is not None:
        statement = statement.where(WorkRuleRow.id > after)
    return (await session.scalars(statement)).all()


async def find_terms(session: AsyncSession, organisation_id: UUID, day: date) -> Terms | None:
    """What an association gives and counts on a day."""
    statement = select(HourTerms).where(
        HourTerms.organisation_id == organisation_id,
        HourTerms.valid_from <= day,
        or_(HourTerms.valid_to.is_(None), HourTerms.valid_to >= day),
    )
    row = (await session.scalars(statement)).one_or_none()
    if row is None:
        return None
    return Terms(row.volunteer_hour_value_minor, row.volunteer_day_allowance_minor, row.currency)


async def find_lent_price(session: AsyncSession, lender_id: UUID, day: date) -> tuple[int, str] | None:
    """What an hour of an association's people costs another one on a day, in minor units and a currency."""
    row = (await session.execute(LENT_PRICE, {"lender_id": lender_id, "day": day})).one_or_none()
    return None if row is None else (row.price_minor, row.currency)


async def list_terms(session: AsyncSession, organisation_id: UUID) -> Sequence[HourTerms]:
    """All terms of an association, from the first day."""
    statement = select(HourTerms).where(HourTerms.organisation_id == organisation_id)
    return (await session.scalars(statement.order_by(HourTerms.valid_from))).all()


async def get_paid(session: AsyncSession, person_id: UUID, day: date) -> Paid:
    """The flat allowances of the human behind a person so far; of other associations the sums only."""
    here = await session.scalar(
        select(func.coalesce(func.sum(WorkedHours.allowance_minor), 0)).where(
            WorkedHours.person_id == person_id,
            WorkedHours.worked_on == day,
            WorkedHours.state == HoursState.approved,
        )
    )
    row = (await session.execute(PAID_SO_FAR, {"person_id": person_id, "day": day})).one()
    return Paid(int(here or 0), int(row.on_day_minor), int(row.in_year_minor))


async def get_hours(session: AsyncSession, hours_id: UUID) -> WorkedHours:
    """Recorded hours. Raises HoursNotFound."""
    found = await session.get(WorkedHours, hours_id)
    if found is None:
        raise HoursNotFound
    return found


async def lock_hours(session: AsyncSession, hours_id: UUID) -> WorkedHours:
    """Recorded hours, locked. Raises HoursNotFound."""
    statement = select(WorkedHours).where(WorkedHours.id == hours_id).with_for_update()
    found = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise HoursNotFound
    return found


async def list_hours(
    session: AsyncSession,
    *,
    person_id: UUID | None,
    state: HoursState | None,
    first: date | None,
    last: date | None,
    after: UUID | None,
    limit: int,
) -> Sequence[WorkedHours]:
    """One row more than the limit, in the order of ids."""
    statement = select(WorkedHours).order_by(WorkedHours.id).limit(limit + 1)
    if person_id is not None:
        statement = statement.where(WorkedHours.person_id == person_id)
    if state is not None:
        statement = statement.where(WorkedHours.state == state)
    if first is not None:
        statement = statement.where(WorkedHours.worked_on >= first)
    if last is not None:
        statement = statement.where(WorkedHours.worked_on <= last)
    if after is not None:
        statement = statement.where(WorkedHours.id > after)
    return (await session.scalars(statement)).all()


async def sum_hours(
    session: AsyncSession, organisation_id: UUID, first: date, last: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Approved minutes, value and allowances of an association by footing."""
    statement = select(
        WorkedHours.engagement,
        func.count(WorkedHours.person_id.distinct()).label("people"),
        func.sum(WorkedHours.minutes).label("minutes"),
        func.sum(WorkedHours.value_minor).label("value_minor"),
        func.sum(WorkedHours.allowance_minor).label("allowance_minor"),
    ).where(
        WorkedHours.organisation_id == organisation_id,
        WorkedHours.state == HoursState.approved,
        WorkedHours.worked_on.between(first, last),
    )
    return (await session.execute(statement.group_by(WorkedHours.engagement).order_by(WorkedHours.engagement))).all()


async def count_hours_of(session: AsyncSession, person_ids: Collection[UUID]) -> tuple[int, date | None]:
    """How many times of work are recorded of these people, and the day of the last one."""
    counted = select(func.count(), func.max(WorkedHours.worked_on)).where(WorkedHours.person_id.in_(person_ids))
    row = (await session.execute(counted)).one()
    return row[0], row[1]

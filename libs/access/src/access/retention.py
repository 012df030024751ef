"""What has no purpose any more is forgotten: dated rules say for how long each record is kept, an hourly look forgets.

A record that no rule of the organisation's country names is kept. Every look is noted, so that one that stays away is
seen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import Executable, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import known_organisations
from common.clock import now
from common.database import Database, organisation_context
from common.logging import get_logger
from common.migrating import execute_all
from common.waiting import pause

logger = get_logger(__name__)

LOOK_SECONDS = 3_600.0
ACTOR = "worker retention"
STATUSES = "'verified', 'verified_secondary', 'from_memory', 'stated'"

RULES_DDL = (
    f"""create table retention_rules (
        id uuid primary key default uuidv7(), jurisdiction text not null, record text not null, years bigint not null,
        days bigint, valid_from date, valid_to date, source text not null, status text not null,
        constraint retention_rules_dates_check check (valid_to >= valid_from),
        constraint retention_rules_days_check check (days is null or (days > 0 and years = 0)),
        constraint retention_rules_status_check check (status in ({STATUSES})),
        constraint retention_rules_validity_excl exclude using gist
            (jurisdiction with =, record with =, daterange(valid_from, valid_to, '[]') with &&))""",
    "grant select on retention_rules to {service}_api, {service}_worker, {service}_auditor, {service}_backup",
)
RULES_IN_DAYS_DDL = (
    """alter table retention_rules add column days bigint,
         add constraint retention_rules_days_check check (days is null or (days > 0 and years = 0)),
         drop constraint retention_rules_status_check""",
    f"alter table retention_rules add constraint retention_rules_status_check check (status in ({STATUSES}))",
)
LOOKS_DDL = (
    """create table retention_looks (
        record text primary key, looked_at timestamptz not null, forgotten bigint not null default 0)""",
    "grant select, insert, update on retention_looks to {service}_worker",
    "grant select on retention_looks to {service}_auditor, {service}_backup",
)
ADD_RULE = text(
    "insert into retention_rules (jurisdiction, record, years, days, source, status)"
    " values (:jurisdiction, :record, :years, :days, :source, :status)"
)
RULE = text(
    """select r.years, r.days, r.source, r.status from retention_rules r
         join known_organisations o on r.jurisdiction = split_part(o.jurisdiction, '-', 1)
        where o.organisation_id = :organisation_id and r.record = :record
          and cast(:day as date) between coalesce(r.valid_from, '-infinity') and coalesce(r.valid_to, 'infinity')"""
)
TAKE_TURN = text(
    "select pg_advisory_xact_lock(hashtext('retention'), hashtext(cast(cast(:organisation_id as uuid) as text)))"
)
NOTE_LOOK = text(
    """insert into retention_looks (record, looked_at, forgotten) values (:record, :looked_at, :forgotten)
       on conflict (record) do update
          set looked_at = excluded.looked_at, forgotten = retention_looks.forgotten + excluded.forgotten"""
)


@dataclass(frozen=True)
class Rule:
    """How long a record is kept: whole calendar years after that of its last day, or `days` after that day itself.

    `status` is `stated` where no law names a period and the platform chose one; else how well the source was checked.
    """

    years: int
    days: int | None
    source: str
    status: str

    def kept_since(self, today: date) -> date:
        """The first last day that is near enough: whatever ended before it is past the period."""
        return date(today.year - self.years, 1, 1) if self.days is None else today - timedelta(days=self.days)

    def kept_until(self, last_day: date) -> date:
        """The last day on which a record that ended on `last_day` is kept."""
        return date(last_day.year + self.years, 12, 31) if self.days is None else last_day + timedelta(days=self.days)


@dataclass(frozen=True)
class Kept:
    """A kind of record with a period, by the name of its rule.

    `list_past(session, organisation, since, rows_max)` names what ended before `since`, some of it at once; `forget`
    gets those ids, in the same transaction, which acts for the organisation.
    """

    record: str
    list_past: Callable[[AsyncSession, UUID, date, int], Awaitable[Sequence[UUID]]]
    forget: Callable[[AsyncSession, UUID, Sequence[UUID]], Awaitable[None]]
    at_once: int = 50


class Operations(Protocol):
    """The part of alembic's `op` that we use."""

    def execute(self, sqltext: Executable | str) -> None:
        """Run one statement."""


def add_rules(operations: Operations, service: str, rules: Iterable[dict[str, object]], *, anew: bool) -> None:
    """In a migration: the rules of a service and the notes of its looks; `anew` where it had no rules before."""
    execute_all(operations, service, (*(RULES_DDL if anew else RULES_IN_DAYS_DDL), *LOOKS_DDL))
    for rule in rules:
        operations.execute(ADD_RULE.bindparams(**{"years": 0, "days": None} | rule))


async def find_rule(session: AsyncSession, organisation_id: UUID, record: str, day: date) -> Rule | None:
    """The rule of that day for a record in an organisation's country, if one is known."""
    row = (await session.execute(RULE, {"organisation_id": organisation_id, "record": record, "day": day})).first()
    return None if row is None else Rule(*row)


async def list_organisations(session: AsyncSession) -> Sequence[UUID]:
    """Every organisation, in the order of ids."""
    statement = select(known_organisations.c.organisation_id).order_by(known_organisations.c.organisation_id)
    return (await session.scalars(statement)).all()


async def list_past_period(
    session: AsyncSession, organisation_id: UUID, kept: Kept, rows_max: int | None = None
) -> Sequence[UUID]:
    """Records of an organisation that are past their period; none where no rule is known."""
    today = now().date()
    rule = await find_rule(session, organisation_id, kept.record, today)
    if rule is None:
        return ()
    return await kept.list_past(session, organisation_id, rule.kept_since(today), rows_max or kept.at_once)


async def forget_past_period(database: Database, kept: Kept) -> int:
    """Forget some of what is past its period, one transaction for each organisation, and note the look; how many."""
    looked_at = now()
    async with database.transaction() as session:
        organisations = await list_organisations(session)
    forgotten = 0
    for organisation_id in organisations:
        async with database.transaction(organisation_context(organisation_id, ACTOR)) as session:
            await session.execute(TAKE_TURN, {"organisation_id": organisation_id})
            found = await list_past_period(session, organisation_id, kept)
            if found:
                await kept.forget(session, organisation_id, found)
        forgotten += len(found)
    async with database.transaction() as session:
        await session.execute(NOTE_LOOK, {"record": kept.record, "looked_at": looked_at, "forgotten": forgotten})
    return forgotten


async def keep_periods(database: Database, all_kept: Sequence[Kept], stop: asyncio.Event) -> None:
    """Look once an hour until `stop` is set; a kind that fails is left to the next hour, and its look is not noted."""
    while not stop.is_set():
        for kept in all_kept:
            try:
                await forget_past_period(database, kept)
            except Exception as error:
                logger.warning("retention is left to the next hour", record=kept.record, error=repr(error)[:300])
        await pause(stop, LOOK_SECONDS)

"""What is asked about supervision rules, sessions and their supervisors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.coverage.domain import AgeCounts, Assessment, SessionState, SupervisionRule, Team, read_rule
from staffing.coverage.tables import Coverage, KnownSession, SupervisionRuleRow, Supervisor

UNKNOWN_AGE = "unknown"
LOCK = text(
    """select session_id, organisation_id, version, supervisors_needed, qualified_needed, supervisors_present,
              qualified_present, explanation
         from coverages where session_id = :session_id for update"""
)
# The session's own day decides, in the time zone of its site: a past day keeps the rule that held then.
SITUATION = text(
    f"""select s.state, s.title, s.starts_at, s.ends_at, s.time_zone, s.jurisdiction, s.supervision,
               r.value, r.valid_from, r.source, r.status,
               case when r.id is not null then
                 (select jsonb_object_agg(coalesce(age::text, '{UNKNOWN_AGE}'), people)
                    from (select age, count(*) as people from covered_bookings, unnest(ages) as age
                           where session_id = s.session_id group by age) as booked) end as ages,
               (select jsonb_object_agg(qualification, people)
                  from (select qualification, count(*) as people from supervisors
                         where session_id = s.session_id group by qualification) as assigned) as team
          from known_sessions s
          left join supervision_rules r on r.jurisdiction = s.jurisdiction and r.rule = s.supervision
           and daterange(r.valid_from, r.valid_to, '[]') @> (s.starts_at at time zone s.time_zone)::date
         where s.session_id = :session_id"""
).columns(value=JSONB, ages=JSONB, team=JSONB)


@dataclass(frozen=True)
class LockedCoverage:
    """The coverage that this transaction holds, as it was last assessed."""

    session_id: UUID
    organisation_id: UUID
    version: int
    assessment: Assessment


@dataclass(frozen=True)
class Situation:
    """Everything that an assessment of a session follows from."""

    state: SessionState
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    jurisdiction: str
    supervision: str
    rule: SupervisionRule | None
    ages: AgeCounts
    team: Team


async def lock_coverage(session: AsyncSession, session_id: UUID) -> LockedCoverage | None:
    """The coverage of a session, locked until the transaction ends."""
    row = (await session.execute(LOCK, {"session_id": session_id})).one_or_none()
    if row is None:
        return None
    assessment = Assessment(
        row.supervisors_needed, row.qualified_needed, row.supervisors_present, row.qualified_present, row.explanation
    )
    return LockedCoverage(row.session_id, row.organisation_id, row.version, assessment)


async def find_situation(session: AsyncSession, session_id: UUID) -> Situation | None:
    """The session with the rule of its day, the ages booked and the team, in one statement; None for a stub."""
    row = (await session.execute(SITUATION, {"session_id": session_id})).one_or_none()
    return None if row is None else _situation(row)


@dataclass(frozen=True)
class PlannedSession:
    """A session as shifts follow it."""

    organisation_id: UUID
    version: int
    state: SessionState
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    jurisdiction: str
    activity_id: UUID | None


async def lock_session(session: AsyncSession, session_id: UUID) -> PlannedSession | None:
    """A known session; until the transaction ends no later state of it is kept."""
    if await lock_coverage(session, session_id) is None:
        return None
    columns = [getattr(KnownSession, field.name) for field in fields(PlannedSession)]
    row = (await session.execute(select(*columns).where(KnownSession.session_id == session_id))).one_or_none()
    return None if row is None else PlannedSession(**{**row._mapping, "state": SessionState(row.state)})


async def find_supervisor_of_assignment(session: AsyncSession, assignment_id: UUID) -> Supervisor | None:
    """Who supervises by this assignment."""
    return (await session.scalars(select(Supervisor).where(Supervisor.assignment_id == assignment_id))).one_or_none()


async def find_session_state(session: AsyncSession, session_id: UUID) -> SessionState | None:
    """What became of a session; None when it is not known."""
    state = await session.scalar(select(KnownSession.state).where(KnownSession.session_id == session_id))
    return None if state is None else SessionState(state)


async def find_coverage(session: AsyncSession, session_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """The coverage of a known session, with the session."""
    return (await session.execute(_COVERED_SESSION.where(Coverage.session_id == session_id))).one_or_none()


async def list_coverages(
    session: AsyncSession, *, short: bool | None, ends_after: datetime | None, after: UUID | None, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Coverages of known sessions in the order of their ids; only those to come leave out cancelled sessions."""
    statement = _COVERED_SESSION.order_by(Coverage.session_id).limit(limit)
    if short is not None:
        statement = statement.where(Coverage.is_short.is_(short))
    if ends_after is not None:
        statement = statement.where(KnownSession.ends_at > ends_after, KnownSession.state == SessionState.scheduled)
    if after is not None:
        statement = statement.where(Coverage.session_id > after)
    return (await session.execute(statement)).all()


async def list_supervisors(session: AsyncSession, session_id: UUID) -> Sequence[Supervisor]:
    """Who supervises a session, in the order of assignment."""
    statement = select(Supervisor).where(Supervisor.session_id == session_id).order_by(Supervisor.id)
    return (await session.scalars(statement)).all()


async def find_supervisor(session: AsyncSession, supervisor_id: UUID) -> Supervisor | None:
    """One supervisor."""
    return await session.get(Supervisor, supervisor_id)


async def list_rules(
    session: AsyncSession,
    *,
    jurisdiction: str | None,
    rule: str | None,
    on: date | None,
    after: UUID | None,
    limit: int,
) -> Sequence[SupervisionRuleRow]:
    """The supervision rules of a jurisdiction, of a name, in force on a day: each only if given."""
    statement = select(SupervisionRuleRow).order_by(SupervisionRuleRow.id).limit(limit)
    if jurisdiction is not None:
        statement = statement.where(SupervisionRuleRow.jurisdiction == jurisdiction)
    if rule is not None:
        statement = statement.where(SupervisionRuleRow.rule == rule)
    if on is not None:
        starts, ends = SupervisionRuleRow.valid_from, SupervisionRuleRow.valid_to
        statement = statement.where(or_(starts.is_(None), starts <= on), or_(ends.is_(None), ends >= on))
    if after is not None:
        statement = statement.where(SupervisionRuleRow.id > after)
    return (await session.scalars(statement)).all()


_COVERED_SESSION = select(
    Coverage.session_id,
    Coverage.organisation_id,
    Coverage.version,
    Coverage.supervisors_needed,
    Coverage.qualified_needed,
    Coverage.supervisors_present,
    Coverage.qualified_present,
    Coverage.is_short,
    Coverage.explanation,
    Coverage.grounds,
    KnownSession.state,
    KnownSession.title,
    KnownSession.starts_at,
    KnownSession.ends_at,
    KnownSession.time_zone,
    KnownSession.jurisdiction,
    KnownSession.supervision,
).join(KnownSession, KnownSession.session_id == Coverage.session_id)


def _situation(row: Row[Any]) -> Situation:
    rule = None
    if row.value is not None:
        rule = read_rule(
            jurisdiction=row.jurisdiction,
            name=row.supervision,
            value=row.value,
            valid_from=row.valid_from,
            source=row.source,
            status=row.status,
        )
    return Situation(
        SessionState(row.state),
        row.title,
        row.starts_at,
        row.ends_at,
        row.time_zone,
        row.jurisdiction,
        row.supervision,
        rule,
        {None if name == UNKNOWN_AGE else int(name): count for name, count in (row.ages or {}).items()},
        Team(**(row.team or {})),
    )

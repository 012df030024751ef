"""Sessions, bookings and supervisors come and go; after every change the session's coverage is assessed again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import DIGEST
from common.clock import now
from common.ids import new_id
from common.outbox import publish
from contracts.staffing import CoverageEvent, CoverageRestored, CoverageShort
from staffing.coverage import queries
from staffing.coverage.domain import (
    Announcement,
    Assessment,
    CoverageNotFound,
    Engagement,
    Qualification,
    SessionIsCancelled,
    SessionState,
    SupervisorNotFound,
    SupervisorOfShift,
    announcement,
    assess,
    need_by_rule,
    need_without_rule,
)
from staffing.coverage.queries import LockedCoverage, Situation
from staffing.coverage.tables import Coverage, KnownSession, Supervisor

COVER = text(
    """insert into covered_bookings (booking_id, organisation_id, session_id, version, ages)
       values (:booking_id, :organisation_id, :session_id, :version, :ages)
       on conflict (booking_id) do update set version = excluded.version, ages = excluded.ages
        where covered_bookings.version < excluded.version returning 1"""
)
KEEP = text(
    """update coverages
          set version = :version, supervisors_needed = :supervisors_needed, qualified_needed = :qualified_needed,
              supervisors_present = :supervisors_present, qualified_present = :qualified_present,
              is_short = :is_short, explanation = :explanation, grounds = :grounds
        where session_id = :session_id"""
).bindparams(bindparam("grounds", type_=JSONB))
KEPT_ASSESSMENT = TypeAdapter(Assessment)
EVENT_OF: Mapping[Announcement, type[CoverageEvent]] = {
    Announcement.short: CoverageShort,
    Announcement.restored: CoverageRestored,
}


FORGET_SUPERVISORS = text(
    f"""update supervisors s set display_name = '—', account_issuer = null, account_subject = null
         where s.organisation_id = :organisation_id
           and (s.assignment_id in (select a.id from assignments a where a.person_id = any(:person_ids))
                or {DIGEST.format("s.account_issuer || '|' || s.account_subject")} = any(:account_digests))
        returning 1"""
)


@dataclass(frozen=True)
class NewSupervisor:
    """Whom to assign, by name; account and assignment are known only of people who have one."""

    display_name: str
    qualification: Qualification
    engagement: Engagement
    account_issuer: str | None
    account_subject: str | None
    assignment_id: UUID | None = None


async def know_session(session: AsyncSession, organisation_id: UUID, values: Mapping[str, Any]) -> None:
    """Keep a session's newest state and assess it; an older state changes nothing."""
    coverage = await _lock_or_create_coverage(session, values["session_id"], organisation_id)
    statement = insert(KnownSession).values(organisation_id=organisation_id, **values)
    changed = await session.execute(
        statement.on_conflict_do_update(
            index_elements=[KnownSession.session_id],
            set_={name: statement.excluded[name] for name in values},
            where=KnownSession.version < statement.excluded.version,
        ).returning(KnownSession.session_id)
    )
    if changed.first() is not None:
        await _assess(session, coverage)


async def cover_booking(
    session: AsyncSession,
    organisation_id: UUID,
    *,
    session_id: UUID,
    booking_id: UUID,
    version: int,
    ages: Sequence[int | None],
) -> None:
    """Keep the ages of a booking's confirmed places and assess its session; an older state changes nothing."""
    coverage = await _lock_or_create_coverage(session, session_id, organisation_id)
    values = {
        "booking_id": booking_id,
        "organisation_id": organisation_id,
        "session_id": session_id,
        "version": version,
        "ages": list(ages),
    }
    changed = await session.execute(COVER, values)
    if changed.first() is not None:
        await _assess(session, coverage)


async def assign_supervisor(session: AsyncSession, session_id: UUID, new: NewSupervisor) -> UUID:
    """Assign somebody to a session. Raises CoverageNotFound, SessionIsCancelled."""
    coverage = await queries.lock_coverage(session, session_id)
    state = await queries.find_session_state(session, session_id)
    if coverage is None or state is None:
        raise CoverageNotFound
    if state is SessionState.cancelled:
        raise SessionIsCancelled
    supervisor_id = new_id()
    session.add(
        Supervisor(
            id=supervisor_id,
            organisation_id=coverage.organisation_id,
            session_id=session_id,
            display_name=new.display_name,
            qualification=new.qualification,
            engagement=new.engagement,
            account_issuer=new.account_issuer,
            account_subject=new.account_subject,
            assignment_id=new.assignment_id,
        )
    )
    await session.flush()
    await _assess(session, coverage)
    return supervisor_id


async def supervise_by_shift(
    session: AsyncSession, organisation_id: UUID, session_id: UUID, new: NewSupervisor
) -> None:
    """Let somebody on a shift supervise its session, which may not be known yet; whoever does already stays once."""
    coverage = await _lock_or_create_coverage(session, session_id, organisation_id)
    values = {"id": new_id(), "organisation_id": organisation_id, "session_id": session_id, **asdict(new)}
    statement = insert(Supervisor).values(values)
    changed = {name: statement.excluded[name] for name in ("qualification", "engagement", "assignment_id")}
    accounts = [Supervisor.session_id, Supervisor.account_issuer, Supervisor.account_subject]
    await session.execute(statement.on_conflict_do_update(index_elements=accounts, set_=changed))
    await _assess(session, coverage)


async def withdraw_supervisor(session: AsyncSession, supervisor_id: UUID) -> None:
    """Take somebody off a session, who fell ill for instance. Raises SupervisorNotFound, SupervisorOfShift."""
    supervisor = await queries.find_supervisor(session, supervisor_id)
    if supervisor is None:
        raise SupervisorNotFound
    if supervisor.assignment_id is not None:
        raise SupervisorOfShift("This person supervises by a shift: release the assignment.")
    await _withdraw(session, supervisor)


async def withdraw_supervisor_of_assignment(session: AsyncSession, assignment_id: UUID) -> None:
    """Let a session lose the supervisor whom an assignment gave it; one that is gone already changes nothing."""
    supervisor = await queries.find_supervisor_of_assignment(session, assignment_id)
    if supervisor is not None:
        await _withdraw(session, supervisor)


async def _withdraw(session: AsyncSession, supervisor: Supervisor) -> None:
    coverage = await queries.lock_coverage(session, supervisor.session_id)
    removed = await session.execute(
        delete(Supervisor).where(Supervisor.id == supervisor.id).returning(Supervisor.session_id)
    )
    if coverage is None or removed.first() is None:
        raise SupervisorNotFound
    await _assess(session, coverage)


async def reassess_coverage(session: AsyncSession, session_id: UUID) -> None:
    """Assess a session again because its rule changed."""
    coverage = await queries.lock_coverage(session, session_id)
    if coverage is not None:
        await _assess(session, coverage)


async def _lock_or_create_coverage(session: AsyncSession, session_id: UUID, organisation_id: UUID) -> LockedCoverage:
    """The locked coverage; whichever event comes first for a session makes it."""
    coverage = await queries.lock_coverage(session, session_id)
    if coverage is None:
        values = {"supervisors_needed": 0, "qualified_needed": 0, "supervisors_present": 0, "qualified_present": 0}
        statement = insert(Coverage).values(
            session_id=session_id, organisation_id=organisation_id, version=0, is_short=False, explanation="", **values
        )
        await session.execute(statement.on_conflict_do_nothing())
        coverage = await queries.lock_coverage(session, session_id)
    if coverage is None:
        raise CoverageNotFound(f"the coverage of {session_id} belongs to another organisation")
    return coverage


async def _assess(session: AsyncSession, coverage: LockedCoverage) -> None:
    """Work out need and presence anew, keep them, and announce what is worth telling of a session to come."""
    situation = await queries.find_situation(session, coverage.session_id)
    if situation is None:
        return
    assessment = assess_situation(situation)
    if assessment == coverage.assessment:
        return
    values = {"session_id": coverage.session_id, "version": coverage.version + 1, "is_short": assessment.is_short}
    kept = KEPT_ASSESSMENT.dump_python(assessment, mode="json")
    await session.execute(KEEP, {**values, **kept})
    if situation.state is SessionState.scheduled and situation.ends_at > now():
        await _announce(session, coverage, situation, assessment)


def assess_situation(situation: Situation) -> Assessment:
    """What the rule of the session's day says about the people booked and assigned."""
    if situation.rule is None:
        return assess(need_without_rule(situation.jurisdiction, situation.supervision), situation.team)
    minutes = int((situation.ends_at - situation.starts_at).total_seconds() // 60)
    return assess(need_by_rule(situation.rule, situation.ages, minutes), situation.team)


async def _announce(
    session: AsyncSession, coverage: LockedCoverage, situation: Situation, assessment: Assessment
) -> None:
    told = announcement(coverage.assessment, assessment)
    if told is None:
        return
    event = EVENT_OF[told](
        organisation_id=coverage.organisation_id,
        session_id=coverage.session_id,
        version=coverage.version + 1,
        title=situation.title,
        starts_at=situation.starts_at,
        time_zone=situation.time_zone,
        rule=situation.supervision,
        **asdict(assessment),
    )
    await publish(session, event)


async def forget_supervisors(
    session: AsyncSession, organisation_id: UUID, person_ids: Collection[UUID], account_digests: Collection[str]
) -> int:
    """Keep that somebody qualified supervised, and not who: by their shifts or by account; returns how often."""
    values = {
        "organisation_id": organisation_id,
        "person_ids": list(person_ids),
        "account_digests": list(account_digests),
    }
    return len((await session.execute(FORGET_SUPERVISORS, values)).all())

"""Writing down what happened in a session, and following it up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import DIGEST, ERASED_ACTOR
from activities.attendance.queries import list_roster
from activities.incidents import queries
from activities.incidents.domain import Severity, check_concerned, check_happened
from activities.incidents.tables import FollowUp, Incident, IncidentParticipant
from activities.sessions.queries import get_facts
from common.clock import now
from common.http import check_version

ERASED_TEXT = "—"
TEXTS = ("place", "what_happened", "first_aid", "told")
FORGET = tuple(
    text(
        f"""update {table} set {column} = '{ERASED_ACTOR}'
             where organisation_id = :organisation_id and {DIGEST.format(column)} = any(:account_digests)
               and not exists (select from known_memberships office
                                where office.organisation_id = :organisation_id and office.state = 'active'
                                  and office.account_issuer || '|' || office.account_subject = {column})
            returning 1"""
    )
    for table, column in (("incidents", "recorded_by"), ("follow_ups", "done_by"))
)


@dataclass(frozen=True)
class Report:
    """What happened, as somebody who was there writes it down; participants by id."""

    happened_at: datetime
    place: str
    what_happened: str
    severity: Severity
    first_aid: str
    told: str
    participant_ids: Sequence[UUID]


async def log_incident(session: AsyncSession, session_id: UUID, report: Report, by: str) -> Incident:
    """Write an incident down. Raises NotOfThisSession or NotOnTheList."""
    facts = await get_facts(session, session_id)
    check_happened(report.happened_at, facts.starts_at, now())
    concerned = set(report.participant_ids)
    if concerned:
        check_concerned(concerned, [entry.participant_id for entry in await list_roster(session, session_id)])
    incident = Incident(
        organisation_id=facts.organisation_id,
        session_id=session_id,
        happened_at=report.happened_at,
        place=report.place,
        what_happened=report.what_happened,
        severity=report.severity,
        first_aid=report.first_aid,
        told=report.told,
        participants_count=len(concerned),
        recorded_by=by,
    )
    session.add(incident)
    await session.flush()
    session.add_all(
        IncidentParticipant(incident_id=incident.id, participant_id=one, organisation_id=facts.organisation_id)
        for one in concerned
    )
    await session.flush()
    return incident


async def add_follow_up(session: AsyncSession, incident_id: UUID, task: str, due_on: date) -> FollowUp:
    """Write down what is to do after an incident. Raises UnknownIncident."""
    incident = await queries.get_incident(session, incident_id)
    follow_up = FollowUp(organisation_id=incident.organisation_id, incident_id=incident_id, task=task, due_on=due_on)
    session.add(follow_up)
    await session.flush()
    return follow_up


async def settle_follow_up(
    session: AsyncSession, follow_up: FollowUp, by: str, expected_version: int, *, is_done: bool
) -> FollowUp:
    """Say that something was done, or is to do again; the row is locked."""
    check_version(expected_version, follow_up.version)
    follow_up.done_at, follow_up.done_by = (now(), by) if is_done else (None, None)
    follow_up.version += 1
    await session.flush()
    return follow_up


async def forget_concerned(session: AsyncSession, participant_ids: Collection[UUID]) -> int:
    """Keep that something happened, when and how bad it was; what was told of these people goes. Returns how many."""
    concerned = delete(IncidentParticipant).where(IncidentParticipant.participant_id.in_(participant_ids))
    gone = await session.scalars(concerned.returning(IncidentParticipant.incident_id))
    incident_ids = set(gone.all())
    if not incident_ids:
        return 0
    texts = dict.fromkeys(TEXTS, ERASED_TEXT)
    await session.execute(update(Incident).where(Incident.id.in_(incident_ids)).values(texts))
    await session.execute(update(FollowUp).where(FollowUp.incident_id.in_(incident_ids)).values(task=ERASED_TEXT))
    session.expire_all()
    return len(incident_ids)


async def forget_incidents(session: AsyncSession, incident_ids: Collection[UUID]) -> None:
    """Keep of these incidents that they happened, when, how bad they were and how many they concerned."""
    unnamed = dict.fromkeys(TEXTS, ERASED_TEXT) | {"recorded_by": ERASED_ACTOR}
    await session.execute(update(Incident).where(Incident.id.in_(incident_ids)).values(unnamed))
    of_them = FollowUp.incident_id.in_(incident_ids)
    await session.execute(update(FollowUp).where(of_them).values(task=ERASED_TEXT))
    await session.execute(update(FollowUp).where(of_them, FollowUp.done_by.is_not(None)).values(done_by=ERASED_ACTOR))
    await session.execute(delete(IncidentParticipant).where(IncidentParticipant.incident_id.in_(incident_ids)))
    session.expire_all()


async def forget_who_recorded(session: AsyncSession, organisation_id: UUID, account_digests: Collection[str]) -> int:
    """Keep what was written down, and not by which of these accounts; returns how many."""
    values = {"organisation_id": organisation_id, "account_digests": list(account_digests)}
    return sum([len((await session.execute(statement, values)).all()) for statement in FORGET])

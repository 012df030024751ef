"""Questions about incidents and what is to do after them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.incidents.domain import UnknownFollowUp, UnknownIncident
from activities.incidents.tables import FollowUp, Incident, IncidentParticipant


@dataclass(frozen=True)
class LoggedIncident:
    """An incident, whom it concerned, and what follows, in the order of due days."""

    incident: Incident
    participant_ids: Sequence[UUID]
    follow_ups: Sequence[FollowUp]


async def get_incident(session: AsyncSession, incident_id: UUID) -> Incident:
    """The incident. Raises UnknownIncident."""
    incident = await session.get(Incident, incident_id)
    if incident is None:
        raise UnknownIncident("There is no such incident.")
    return incident


async def lock_follow_up(session: AsyncSession, follow_up_id: UUID) -> FollowUp:
    """What is to do, locked for a change. Raises UnknownFollowUp."""
    statement = select(FollowUp).where(FollowUp.id == follow_up_id).with_for_update()
    follow_up = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if follow_up is None:
        raise UnknownFollowUp("There is no such follow-up.")
    return follow_up


async def list_incidents(
    session: AsyncSession, session_id: UUID, after: UUID | None, limit: int
) -> list[LoggedIncident]:
    """Up to `limit + 1` incidents of a session, in the order they were written down."""
    statement = select(Incident).where(Incident.session_id == session_id).order_by(Incident.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Incident.id > after)
    incidents = (await session.scalars(statement)).all()
    ids = [incident.id for incident in incidents]
    concerned, following = await _list_concerned(session, ids), await _list_following(session, ids)
    return [
        LoggedIncident(
            incident,
            [one.participant_id for one in concerned if one.incident_id == incident.id],
            [one for one in following if one.incident_id == incident.id],
        )
        for incident in incidents
    ]


async def list_follow_ups(
    session: AsyncSession, organisation_id: UUID, is_done: bool | None, after: UUID | None, limit: int
) -> Sequence[tuple[FollowUp, Incident]]:
    """Up to `limit + 1` follow-ups of an association, oldest first, each with its incident."""
    statement = (
        select(FollowUp, Incident)
        .join(Incident, Incident.id == FollowUp.incident_id)
        .where(FollowUp.organisation_id == organisation_id)
        .order_by(FollowUp.id)
        .limit(limit + 1)
    )
    if is_done is not None:
        statement = statement.where(FollowUp.done_at.is_not(None) if is_done else FollowUp.done_at.is_(None))
    if after is not None:
        statement = statement.where(FollowUp.id > after)
    return [(follow_up, incident) for follow_up, incident in await session.execute(statement)]


async def _list_concerned(session: AsyncSession, incident_ids: Collection[UUID]) -> Sequence[IncidentParticipant]:
    statement = select(IncidentParticipant).where(IncidentParticipant.incident_id.in_(incident_ids))
    return (await session.scalars(statement.order_by(IncidentParticipant.participant_id))).all()


async def _list_following(session: AsyncSession, incident_ids: Collection[UUID]) -> Sequence[FollowUp]:
    statement = select(FollowUp).where(FollowUp.incident_id.in_(incident_ids))
    return (await session.scalars(statement.order_by(FollowUp.due_on, FollowUp.id))).all()

"""Forgetting people who do not come any more, by the same erasure that they could ask for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.retention import Kept
from activities.erasures.use_cases import erase_household_past_period, erase_participant_past_period
from activities.incidents.use_cases import forget_incidents
from activities.retention import queries


async def forget_households(session: AsyncSession, organisation_id: UUID, household_ids: Sequence[UUID]) -> None:
    """Ask for the erasure of households; the transaction acts for the association."""
    for household_id in household_ids:
        await erase_household_past_period(session, organisation_id, household_id)


async def forget_participants(session: AsyncSession, organisation_id: UUID, participant_ids: Sequence[UUID]) -> None:
    """Ask for the erasure of people without a household."""
    for participant_id in participant_ids:
        await erase_participant_past_period(session, organisation_id, participant_id)


async def forget_what_happened(session: AsyncSession, _organisation_id: UUID, incident_ids: Sequence[UUID]) -> None:
    """Keep of incidents that they happened, when and how bad they were."""
    await forget_incidents(session, incident_ids)


KEPT = (
    Kept("households", queries.list_households_past, forget_households),
    Kept("guests", queries.list_guests_past, forget_households),
    Kept("participants", queries.list_participants_past, forget_participants),
    Kept("incidents", queries.list_incidents_past, forget_what_happened, at_once=500),
)

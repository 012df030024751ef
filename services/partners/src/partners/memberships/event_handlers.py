"""Kafka in: memberships follow the end of their organisation."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.partners import OrganisationChanged
from partners.memberships import use_cases


async def end_memberships_of_ended_organisation(session: AsyncSession, event: OrganisationChanged) -> None:
    """Nobody acts for an organisation that has ended."""
    if event.ended_at is not None:
        await use_cases.end_every_membership(session, event.organisation_id)

"""Holds of sessions, as the activities service coordinates them."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from common.reactions import Reaction
from contracts.activities import HoldConfirmed, HoldReleased, HoldRequested
from partners.holds import use_cases
from partners.holds.use_cases import HoldRequest
from partners.reservations.domain import Demand


async def hold_requested_resources(session: AsyncSession, event: HoldRequested) -> None:
    """Reserve what a session asks for, and answer."""
    demands = [
        Demand(
            event.organisation_id,
            wish.resource_id,
            wish.owner_organisation_id,
            wish.quantity,
            wish.starts_at,
            wish.ends_at,
        )
        for wish in event.resources
    ]
    asked = HoldRequest(event.hold_id, event.version, event.session_id, event.organisation_id, event.title, demands)
    await use_cases.hold_resources(session, asked)


async def keep_confirmed_reservations(session: AsyncSession, event: HoldConfirmed) -> None:
    """Keep what is reserved for good."""
    await use_cases.confirm_hold(session, event.hold_id, event.version)


async def release_reservations(session: AsyncSession, event: HoldReleased) -> None:
    """Give back what is reserved."""
    await use_cases.release_hold(session, event.hold_id, event.version, event.organisation_id, event.session_id)


HOLDS = Reaction(
    group="partners.holds",
    handlers={
        HoldRequested: hold_requested_resources,
        HoldConfirmed: keep_confirmed_reservations,
        HoldReleased: release_reservations,
    },
)

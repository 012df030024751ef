"""What the coordinator of holds, in the activities service, asks for, confirms and gives back."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from common.reactions import Reaction
from contracts.activities import HoldConfirmed, HoldReleased, HoldRequested
from staffing.holds import use_cases
from staffing.holds.domain import Wish

ASKED = {"organisation_id", "hold_id", "version", "session_id", "title", "starts_at", "ends_at", "time_zone"}


async def hold_people(session: AsyncSession, event: HoldRequested) -> None:
    """Hold the people of a session, or refuse."""
    wishes = [Wish(wish.role, wish.count, wish.qualification, wish.person_ids) for wish in event.people]
    await use_cases.hold_people(session, use_cases.Request(**event.model_dump(include=ASKED), wishes=wishes))


async def confirm_people(session: AsyncSession, event: HoldConfirmed) -> None:
    """Make what was held firm."""
    await use_cases.confirm_people(session, event.hold_id, event.version)


async def release_people(session: AsyncSession, event: HoldReleased) -> None:
    """Give back what was held."""
    await use_cases.release_people(session, event.organisation_id, event.hold_id, event.version, event.session_id)


HOLDS = Reaction(
    group="staffing.holds",
    handlers={HoldRequested: hold_people, HoldConfirmed: confirm_people, HoldReleased: release_people},
)

"""What the staffing service says about the supervisors of a session."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from activities.openings import use_cases
from activities.openings.domain import Supervision
from common.reactions import Reaction
from contracts.staffing import CoverageEvent, CoverageRestored, CoverageShort


async def know_coverage(session: AsyncSession, event: CoverageEvent) -> None:
    """Keep how many supervisors a session needs and has."""
    supervision = Supervision(
        isinstance(event, CoverageShort),
        event.supervisors_needed,
        event.qualified_needed,
        event.supervisors_present,
        event.qualified_present,
    )
    await use_cases.know_coverage(session, event.organisation_id, event.session_id, event.version, supervision)


OPENINGS = Reaction(
    group="activities.openings",
    handlers={CoverageShort: know_coverage, CoverageRestored: know_coverage},
)

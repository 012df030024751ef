"""Questions before a session is planned."""

from __future__ import annotations

from portal.scheduling.domain import PossibleDay, When, possible_days_of
from portal.visits import Visitor


async def preview_days(visitor: Visitor, activity_id: str, site_id: str, when: When) -> list[PossibleDay]:
    """Every date that would be planned, holidays by their name in the reader's language. Raises Refused."""
    body = {
        "activity_id": activity_id,
        "site_id": site_id,
        "first_starts_at_local": when.first_local.isoformat(),
        "duration_minutes": when.minutes,
        "rule": when.rule,
        "language": visitor.language,
    }
    return possible_days_of(await visitor.asking.do("activities", "/sessions/series/preview", body))

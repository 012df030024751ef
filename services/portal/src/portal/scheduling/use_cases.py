"""Planning sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.asking import Json
from portal.scheduling.domain import PossibleDay, When
from portal.visits import Visitor


async def plan_session(visitor: Visitor, plan: Mapping[str, object], day: PossibleDay, key: str) -> Json:
    """Plan one session, once for a key. Raises Refused or Unavailable."""
    body = {**plan, "starts_at": day.starts_at.isoformat(), "ends_at": day.ends_at.isoformat()}
    return await visitor.asking.create("activities", "/sessions", body, key)


async def plan_series(
    visitor: Visitor, plan: Mapping[str, object], when: When, left_out: Sequence[str], key: str
) -> Json:
    """Plan a series without the dates that are left out, once for a key; its first session. Raises Refused."""
    recurrence = {
        "first_starts_at_local": when.first_local.isoformat(), "duration_minutes": when.minutes, "rule": when.rule,
        "except_on": list(left_out),
    }  # fmt: skip
    series = await visitor.asking.create("activities", "/sessions/series", {**plan, **recurrence}, key)
    return dict(series["sessions"][0])

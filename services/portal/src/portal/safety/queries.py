"""Questions about the safety of an activity."""

from __future__ import annotations

from portal.asking import Json
from portal.visits import Visitor


async def get_risk_sheet(visitor: Visitor, activity_id: str) -> Json:
    """The risk sheet; version 0 before somebody has written one. Raises Refused (403, 404)."""
    return dict(await visitor.asking.get("activities", f"/activities/{activity_id}/risk-sheet"))


async def get_checklist(visitor: Visitor, activity_id: str) -> Json:
    """What is looked at before each session; version 0 before somebody has written it. Raises Refused (403, 404)."""
    return dict(await visitor.asking.get("activities", f"/activities/{activity_id}/checklist"))

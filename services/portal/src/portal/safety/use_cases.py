"""Writing the risk sheet and the checklist of an activity."""

from __future__ import annotations

from datetime import date

from portal.visits import Visitor


async def write_risk_sheet(
    visitor: Visitor, activity_id: str, reviewed_on: date, risks: list[dict[str, object]], version: int
) -> None:
    """Replace the risk sheet, on the version that was read. Raises Refused or Unavailable."""
    body = {"reviewed_on": reviewed_on.isoformat(), "risks": risks}
    await visitor.asking.change("PUT", "activities", f"/activities/{activity_id}/risk-sheet", body, version)


async def write_checklist(visitor: Visitor, activity_id: str, items: list[dict[str, object]], version: int) -> None:
    """Replace the checklist, on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PUT", "activities", f"/activities/{activity_id}/checklist", {"items": items}, version)

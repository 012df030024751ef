"""Planning training, taking part, and saying who was there."""

from __future__ import annotations

from collections.abc import Mapping

from portal.asking import Json
from portal.training.domain import Training
from portal.visits import Visitor


async def plan_training(visitor: Visitor, body: Mapping[str, object], key: str) -> Json:
    """Plan a training, once for a key. Raises Refused or Unavailable."""
    return await visitor.asking.create("staffing", "/trainings", body, key)


async def enrol(visitor: Visitor, training: Training, person_id: str) -> None:
    """Let somebody take part; a second time changes nothing. Raises Refused or Unavailable."""
    await visitor.asking.put("staffing", f"/trainings/{training.id}/trainees/{person_id}")


async def withdraw(visitor: Visitor, training: Training, person_id: str) -> None:
    """Give somebody's place back. Raises Refused or Unavailable."""
    await visitor.asking.remove("staffing", f"/trainings/{training.id}/trainees/{person_id}")


async def record_attendance(visitor: Visitor, training: Training, person_ids: list[str], version: int) -> None:
    """Say who was there: each of them has a paper that holds again. Raises Refused or Unavailable."""
    body = {"person_ids": person_ids}
    await visitor.asking.change("PUT", "staffing", f"/trainings/{training.id}/attendance", body, version)


async def cancel_training(visitor: Visitor, training: Training, version: int) -> None:
    """Call it off, on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("POST", "staffing", f"/trainings/{training.id}/cancellation", None, version)

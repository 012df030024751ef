"""What associations achieved, over HTTP: for the office of their federation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import FEDERATION_OFFICE
from activities.database import api_database
from activities.evaluation import queries
from activities.evaluation.domain import without_small_groups

router = APIRouter(tags=["evaluation"])
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))]


class FiguresAnswer(BaseModel):
    """One association in a period; null where fewer than five people are meant."""

    model_config = ConfigDict(from_attributes=True)

    organisation_id: UUID
    sessions: int
    cancelled: int
    capacity: int
    booked: int | None
    marked: int | None
    present: int | None


@router.get("/evaluation/associations")
async def list_figures(
    federation_id: UUID, starts_from: Moment, starts_before: Moment, caller: Caller
) -> list[FiguresAnswer]:
    """What each association of a federation held, and how many people came; for the federation's office."""
    caller.require(federation_id, FEDERATION_OFFICE)
    async with api_database.transaction(caller.context(FEDERATION_OFFICE)) as session:
        counts = await queries.count_associations(session, federation_id, starts_from, starts_before)
    return [FiguresAnswer.model_validate(without_small_groups(one)) for one in counts]

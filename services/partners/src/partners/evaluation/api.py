"""What associations lend each other, over HTTP: for the office of their federation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from access.callers import Caller
from access.roles import FEDERATION_OFFICE
from partners.database import api_database
from partners.evaluation import queries

router = APIRouter(tags=["evaluation"])
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))]


class LendingFigures(BaseModel):
    """What one association lent another of its rooms, vehicles and equipment in a period.

    Confirmed reservations that begin in it; their minutes, and their internal price in minor units.
    """

    owner_id: UUID
    lodger_id: UUID
    reservations: int
    minutes: int
    price_minor: int
    currency: str


@router.get("/evaluation/lending")
async def list_lending(
    federation_id: UUID, starts_from: Moment, starts_before: Moment, caller: Caller
) -> list[LendingFigures]:
    """What the associations of a federation lent each other, without what it was for; for the federation's office."""
    caller.require(federation_id, FEDERATION_OFFICE)
    async with api_database.transaction(caller.context(FEDERATION_OFFICE)) as session:
        sums = await queries.sum_lending(session, federation_id, starts_from, starts_before)
    return [LendingFigures.model_validate(dict(one)) for one in sums]

"""How well associations are staffed, over HTTP: for the office of their federation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import FEDERATION_OFFICE
from staffing.database import api_database
from staffing.evaluation import queries
from staffing.evaluation.domain import without_small_groups

router = APIRouter(tags=["evaluation"])
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))]


class CoverageFigures(BaseModel):
    """One association in a period: sessions that need supervisors, and those of them that lack some."""

    organisation_id: UUID
    supervised: int
    short: int


@router.get("/evaluation/associations")
async def list_figures(
    federation_id: UUID, starts_from: Moment, starts_before: Moment, caller: Caller
) -> list[CoverageFigures]:
    """How well each association of a federation is supervised; for the federation's office."""
    caller.require(federation_id, FEDERATION_OFFICE)
    async with api_database.transaction(caller.context(FEDERATION_OFFICE)) as session:
        counts = await queries.count_associations(session, federation_id, starts_from, starts_before)
    return [CoverageFigures.model_validate(dict(one)) for one in counts]


class LendingFigures(BaseModel):
    """Whom one association lent another in a period; null for both numbers where fewer than five people are meant."""

    model_config = ConfigDict(from_attributes=True)

    lender_id: UUID
    host_id: UUID
    people: int | None
    minutes: int | None


@router.get("/evaluation/lending")
async def list_lending(
    federation_id: UUID, starts_from: Moment, starts_before: Moment, caller: Caller
) -> list[LendingFigures]:
    """The approved hours of lent people, from which association to which; for the federation's office."""
    caller.require(federation_id, FEDERATION_OFFICE)
    async with api_database.transaction(caller.context(FEDERATION_OFFICE)) as session:
        lent = await queries.sum_lending(session, federation_id, starts_from, starts_before)
    return [LendingFigures.model_validate(without_small_groups(one)) for one in lent]

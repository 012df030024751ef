"""People of other associations who could do a shift, for as long as they let the federation know them."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from access.callers import Caller
from access.roles import PLANNERS
from common.problems import Problem, Problems
from staffing.database import api_database
from staffing.hours.domain import Finding
from staffing.lending import queries
from staffing.lending.domain import MayNotBeAsked
from staffing.shifts.queries import get_shift

router = APIRouter(tags=["lending"])
PROBLEMS: Problems = {
    MayNotBeAsked: Problem(409, "may-not-be-asked", "Somebody of these cannot be asked"),
}


class NeighbourAnswer(BaseModel):
    """Somebody of another association; who has no account is asked through his association.

    The findings say neither where else he works nor why he is away.
    """

    person_id: UUID
    organisation_id: UUID
    display_name: str
    can_be_asked: bool
    has_account: bool
    findings: list[Finding]


@router.get("/shifts/{shift_id}/candidates-elsewhere")
async def list_candidates_elsewhere(shift_id: UUID, caller: Caller) -> list[NeighbourAnswer]:
    """People of the federation whose passports are open: who can be asked first, and what speaks against the others."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        shift = await get_shift(session, shift_id)
        caller.require(shift.organisation_id, PLANNERS)
        neighbours = await queries.list_neighbours(session, shift)
    return [
        NeighbourAnswer(
            person_id=one.candidate.person_id,
            organisation_id=one.organisation_id,
            display_name=one.candidate.display_name,
            can_be_asked=one.can_be_asked,
            has_account=one.has_account,
            findings=list(one.findings),
        )
        for one in neighbours
    ]

"""The risk sheet and the checklist of an activity over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import FIELD_STAFF, PLANNERS
from activities.database import api_database
from activities.programmes.queries import get_activity
from activities.safety import use_cases
from activities.safety.domain import SCALE_MAX, Item, ListedTwice, ReviewedInTheFuture, Risk, UnknownItem
from common.http import Day, IfMatch, LongText, ShortText, etag, expected_version
from common.problems import Problem, Problems

router = APIRouter(tags=["safety"])
PROBLEMS: Problems = {
    ReviewedInTheFuture: Problem(422, "reviewed-in-the-future", "A risk sheet was reviewed today or before"),
    UnknownItem: Problem(422, "unknown-checklist-item", "The checklist has no such item"),
    ListedTwice: Problem(422, "listed-twice", "An item stands twice on the checklist"),
}
Degree = Annotated[int, Field(strict=True, ge=1, le=SCALE_MAX)]


class RiskBody(BaseModel):
    """A hazard and what is done about it; likelihood and severity from 1 (low) to 4 (high)."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    hazard: ShortText
    exposed: ShortText
    likelihood: Degree
    severity: Degree
    measure: LongText
    responsible: ShortText


class RiskAnswer(RiskBody):
    """A line of a risk sheet; `weight` is likelihood times severity."""

    weight: int


class RiskSheetRequest(BaseModel):
    """A risk sheet as a whole, and the day on which it was gone through; `responsible` is a function, not a name."""

    model_config = ConfigDict(extra="forbid")

    reviewed_on: Day
    risks: Annotated[list[RiskBody], Field(max_length=60)]


class RiskSheetAnswer(BaseModel):
    """A risk sheet as it stands; version 0 before there is one."""

    model_config = ConfigDict(from_attributes=True)

    activity_id: UUID
    version: int
    reviewed_on: Day | None
    risks: list[RiskAnswer]


class ItemBody(BaseModel):
    """Something to look at before each session; without an id it is new."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    id: UUID | None = None
    task: ShortText
    is_required: bool


class ChecklistRequest(BaseModel):
    """A checklist as a whole, in order."""

    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[ItemBody], Field(max_length=60)]


class ChecklistAnswer(BaseModel):
    """A checklist as it stands; version 0 before there is one."""

    model_config = ConfigDict(from_attributes=True)

    activity_id: UUID
    version: int
    items: list[ItemBody]


@router.get("/activities/{activity_id}/risk-sheet")
async def get_risk_sheet(activity_id: UUID, caller: Caller, response: Response) -> RiskSheetAnswer:
    """The risk sheet of an activity; for its field staff."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_activity(session, activity_id)).organisation_id, FIELD_STAFF)
        sheet = await use_cases.read_risk_sheet(session, activity_id)
    response.headers["ETag"] = etag(sheet.version)
    return RiskSheetAnswer.model_validate(sheet)


@router.put("/activities/{activity_id}/risk-sheet")
async def put_risk_sheet(
    activity_id: UUID, body: RiskSheetRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> RiskSheetAnswer:
    """Write the risk sheet; If-Match is its version, "0" the first time. For coordinators and directors."""
    version = expected_version(if_match)
    risks = [Risk(**risk.model_dump()) for risk in body.risks]
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_activity(session, activity_id)).organisation_id, PLANNERS)
        sheet = await use_cases.write_risk_sheet(session, activity_id, body.reviewed_on, risks, version)
    response.headers["ETag"] = etag(sheet.version)
    return RiskSheetAnswer.model_validate(sheet)


@router.get("/activities/{activity_id}/checklist")
async def get_checklist(activity_id: UUID, caller: Caller, response: Response) -> ChecklistAnswer:
    """What is looked at before each session of an activity; for its field staff."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_activity(session, activity_id)).organisation_id, FIELD_STAFF)
        checklist = await use_cases.read_checklist(session, activity_id)
    response.headers["ETag"] = etag(checklist.version)
    return ChecklistAnswer.model_validate(checklist)


@router.put("/activities/{activity_id}/checklist")
async def put_checklist(
    activity_id: UUID, body: ChecklistRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> ChecklistAnswer:
    """Write the checklist; If-Match is its version, "0" the first time. For coordinators and directors."""
    version = expected_version(if_match)
    items = [Item(**item.model_dump()) for item in body.items]
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_activity(session, activity_id)).organisation_id, PLANNERS)
        checklist = await use_cases.write_checklist(session, activity_id, items, version)
    response.headers["ETag"] = etag(checklist.version)
    return ChecklistAnswer.model_validate(checklist)

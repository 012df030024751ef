"""What has become of what a session asked for, over HTTP: for the team of its organiser."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from access.callers import Caller
from access.roles import TEAM
from activities.database import api_database
from activities.holds import queries
from activities.holds.domain import HoldState, NoHold, TooManyWishes
from common.http import Moment
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems

router = APIRouter(tags=["holds"])
PROBLEMS: Problems = {
    NoHold: NOT_FOUND,
    TooManyWishes: Problem(422, "too-many-wishes", "The wishes contradict themselves"),
}


class HeldResourceAnswer(BaseModel):
    """A resource that is reserved; the price is what its owner gets."""

    reservation_id: UUID
    resource_id: UUID
    name: str
    owner_organisation_id: UUID
    quantity: int
    starts_at: datetime
    ends_at: datetime
    price_minor: int
    currency: str


class HeldPersonAnswer(BaseModel):
    """A person who is assigned."""

    shift_id: UUID
    person_id: UUID
    role: str


class OtherResourceAnswer(BaseModel):
    """What could be had instead, when the refusal was made."""

    resource_id: UUID
    owner_organisation_id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime


class RefusedResourceAnswer(BaseModel):
    """A resource that cannot be had, why, and what could be instead."""

    resource_id: UUID
    name: str
    reason: str
    explanation: str
    alternatives: list[OtherResourceAnswer]


class RefusedPeopleAnswer(BaseModel):
    """A role that cannot be filled, why, and who could fill it, best first."""

    role: str
    reason: str
    explanation: str
    alternatives: list[UUID]


class HoldAnswer(BaseModel):
    """A hold at its newest version. Refusals stay to be read; what is held counts while it is asked or confirmed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    session_id: UUID
    state: HoldState
    title: str
    starts_at: datetime
    ends_at: datetime
    asked_at: datetime
    answer_by: datetime | None
    decided_at: datetime | None
    wishes: dict[str, Any]
    resources: list[HeldResourceAnswer]
    people: list[HeldPersonAnswer]
    refused_resources: list[RefusedResourceAnswer]
    refused_people: list[RefusedPeopleAnswer]


@router.get("/sessions/{session_id}/hold")
async def get_hold(session_id: UUID, caller: Caller) -> HoldAnswer:
    """What a session asked for and what was answered; for the team of its organiser."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        return _answer(await queries.get_hold(session, session_id))


@router.get("/holds")
async def get_holds(
    caller: Caller,
    organisation_id: UUID | None = None,
    state: HoldState | None = None,
    starts_from: Moment | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[HoldAnswer]:
    """The holds of the caller's associations; for their teams."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        rows = await queries.list_holds(session, organisation_id, state, starts_from, decode_cursor(cursor), limit + 1)
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[_answer(row) for row in rows[:shown]], next_cursor=following)


def _answer(hold: Any) -> HoldAnswer:
    in_effect = hold.held if hold.state in (HoldState.asked, HoldState.confirmed) else {}
    plain = HoldAnswer.model_fields.keys() - {"resources", "people", "refused_resources", "refused_people"}
    refused = {about: [one for one in hold.refusals if one["about"] == about] for about in ("resources", "people")}
    return HoldAnswer.model_validate(
        {
            **{name: getattr(hold, name) for name in plain},
            "resources": in_effect.get("resources", []),
            "people": in_effect.get("people", []),
            "refused_resources": refused["resources"],
            "refused_people": refused["people"],
        }
    )

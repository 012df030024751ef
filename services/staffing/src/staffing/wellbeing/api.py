"""How a week weighs on the people of an association."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from access.callers import Caller
from access.roles import PLANNERS
from common.http import Day
from staffing.database import api_database
from staffing.hours.domain import week_of
from staffing.hours.queries import get_place
from staffing.wellbeing import queries
from staffing.wellbeing.domain import Sign

router = APIRouter(tags=["well-being"])
MIDDAY = time(12)


class LoadAnswer(BaseModel):
    """The week of one person; `signs` are what is worth a word with him."""

    model_config = ConfigDict(from_attributes=True)

    person_id: UUID
    display_name: str
    minutes: int
    minutes_agreed: int | None
    evenings: int
    weekend_duties: int
    shortest_rest_minutes: int | None
    last_leave_on: date | None
    signs: list[Sign]


@router.get("/well-being")
async def list_loads(organisation_id: UUID, day: Day, caller: Caller) -> list[LoadAnswer]:
    """The week that a day lies in, of everybody at an association: hours in all associations known, evenings, rests."""
    caller.require(organisation_id, PLANNERS)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        zone = ZoneInfo((await get_place(session, organisation_id)).time_zone)
        week = week_of(datetime.combine(day, MIDDAY, zone), zone)
        loads = await queries.list_loads(session, organisation_id, week, zone)
    return [
        LoadAnswer.model_validate({"person_id": person_id, "display_name": name, **vars(load)})
        for person_id, name, load in loads
    ]

"""Rooms, vehicles and equipment over HTTP: owners keep them, their federations see what is pooled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.principals import Principal
from access.roles import PLANNERS, TEAM
from common.http import AmountMinor, Count, IfMatch, LongText, Moment, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from partners.database import api_database
from partners.resources import domain, queries, use_cases
from partners.resources.domain import Approval, ClosureKind, OpenHours, PaperKind, QuotaPeriod, ResourceKind

router = APIRouter(tags=["resources"])
PROBLEMS: Problems = {
    domain.ResourceNotFound: NOT_FOUND,
    domain.ClosureNotFound: NOT_FOUND,
    domain.ResourceHasEnded: Problem(409, "resource-has-ended", "This resource is out of service"),
    domain.StillReserved: Problem(409, "still-reserved", "Somebody has reserved it in that time"),
    domain.StockTooSmall: Problem(409, "stock-too-small", "More pieces are reserved than would be left"),
    domain.ClosesTooEarly: Problem(422, "closes-too-early", "The end lies before the beginning"),
    domain.QuotaIncomplete: Problem(422, "quota-incomplete", "A quota has hours and a period"),
}
ClockTime = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", examples=["08:30"])]
Minutes = Annotated[int, Field(strict=True, ge=0, le=1_440)]
Day = Annotated[date, Field(ge=date(1950, 1, 1), lt=date(2100, 1, 1))]


class OpenDay(BaseModel):
    """On which weekday (0 = Monday) it opens and closes, on the resource's own clock; "24:00" is midnight."""

    model_config = ConfigDict(extra="forbid")

    weekday: Annotated[int, Field(strict=True, ge=0, le=6)]
    opens: ClockTime
    closes: ClockTime

    def hours(self) -> OpenHours:
        """As the rules take it."""
        return OpenHours(self.weekday, _minute(self.opens), _minute(self.closes))


class ResourceFields(BaseModel):
    """What an owner says of a resource. Without opening hours it is always open; the price is per hour and piece."""

    model_config = ConfigDict(extra="forbid")

    kind: ResourceKind
    name: ShortText
    description: LongText = ""
    site_id: UUID | None = None
    capacity: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = None
    accessibility: Annotated[list[ShortText], Field(max_length=20)] = []
    opening_hours: Annotated[list[OpenDay], Field(max_length=21)] = []
    quantity: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1
    set_up_minutes: Minutes = 0
    clean_up_minutes: Minutes = 0
    price_per_hour_minor: AmountMinor = 0
    pooled: bool = False
    approval: Approval = Approval.automatic
    owner_notice_days: Annotated[int, Field(strict=True, ge=0, le=365)] | None = None
    quota_hours: Annotated[int, Field(strict=True, ge=1, le=8_784)] | None = None
    quota_period: QuotaPeriod | None = None


class NewResource(ResourceFields):
    """A resource of an association."""

    organisation_id: UUID

    def plan(self) -> use_cases.ResourcePlan:
        """As the use cases take it."""
        fields = {name: getattr(self, name) for name in ResourceFields.model_fields}
        return use_cases.ResourcePlan(**{**fields, "opening_hours": [day.hours() for day in self.opening_hours]})


class ResourceChanges(BaseModel):
    """What shall be different; what is not sent stays as it is, a limit of null is lifted."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText | None = None
    description: LongText | None = None
    capacity: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = None
    accessibility: Annotated[list[ShortText], Field(max_length=20)] | None = None
    opening_hours: Annotated[list[OpenDay], Field(max_length=21)] | None = None
    quantity: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None
    set_up_minutes: Minutes | None = None
    clean_up_minutes: Minutes | None = None
    price_per_hour_minor: AmountMinor | None = None
    pooled: bool | None = None
    approval: Approval | None = None
    owner_notice_days: Annotated[int, Field(strict=True, ge=0, le=365)] | None = None
    quota_hours: Annotated[int, Field(strict=True, ge=1, le=8_784)] | None = None
    quota_period: QuotaPeriod | None = None

    def changes(self) -> dict[str, Any]:
        """As the use cases take it."""
        nullable = {"capacity", "owner_notice_days", "quota_hours", "quota_period"}
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        kept = {name: value for name, value in sent.items() if value is not None or name in nullable}
        if "opening_hours" in kept:
            kept["opening_hours"] = [day.hours() for day in kept["opening_hours"]]
        return kept


class ResourceAnswer(ResourceFields):
    """A resource as its owner and, when it is pooled, its federations see it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    time_zone: str
    currency: str
    ended_at: datetime | None


class BusyAnswer(BaseModel):
    """A time in which the resource, or some pieces of it, cannot be had: reserved, maintenance or blocked."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    starts_at: datetime
    ends_at: datetime
    quantity: int


class BusyList(BaseModel):
    """When a resource cannot be had; by whom it is reserved is not said."""

    resource_id: UUID
    quantity: Count
    busy: list[BusyAnswer]


class NewClosure(BaseModel):
    """When nobody else may have the resource, or nobody at all, and why."""

    model_config = ConfigDict(extra="forbid")

    kind: ClosureKind
    starts_at: Moment
    ends_at: Moment
    reason: ShortText


class ClosureAnswer(NewClosure):
    """A closure as the owner sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    resource_id: UUID


class NewPaperBody(BaseModel):
    """An approval or inspection, good until the end of its last day."""

    model_config = ConfigDict(extra="forbid")

    kind: PaperKind
    issuer: ShortText
    reference: LongText = ""
    issued_on: Day
    expires_on: Day


class PaperAnswer(NewPaperBody):
    """A paper as everybody sees it who may see the resource."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    resource_id: UUID


@router.post("/resources", status_code=201, response_model=ResourceAnswer)
async def post_resource(body: NewResource, caller: Caller, key: IdempotencyKey) -> Response:
    """Enter what an association has; for its coordinators and directors."""
    caller.require(body.organisation_id, PLANNERS)

    async def create() -> ResourceAnswer:
        return _answer(await use_cases.enter_resource(session, body.organisation_id, body.plan()))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/resources")
async def get_resources(
    *,
    caller: Caller,
    organisation_id: UUID | None = None,
    kind: ResourceKind | None = None,
    site_id: UUID | None = None,
    pooled: bool | None = None,
    q: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")] = None,
    include_ended: bool = False,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[ResourceAnswer]:
    """The resources of the caller's associations, and what others have put into the pools of their federations."""
    wanted = queries.ResourceFilter(organisation_id, kind, site_id, pooled, q, include_ended)
    async with api_database.transaction(caller.context(TEAM)) as session:
        rows = await queries.list_resources(session, wanted, decode_cursor(cursor), limit + 1)
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[_answer(row) for row in rows[:shown]], next_cursor=following)


@router.get("/resources/{resource_id}")
async def get_resource(resource_id: UUID, caller: Caller, response: Response) -> ResourceAnswer:
    """One resource, with the ETag that a change must name."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        resource = await queries.get_resource(session, resource_id)
    response.headers["ETag"] = etag(resource.version)
    return _answer(resource)


@router.patch("/resources/{resource_id}")
async def patch_resource(
    resource_id: UUID, body: ResourceChanges, caller: Caller, response: Response, if_match: IfMatch = None
) -> ResourceAnswer:
    """Change a resource; for its owner's coordinators and directors. What is reserved stays as it was reserved."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        await _require_owner(session, caller, resource_id)
        resource = await use_cases.change_resource(session, resource_id, body.changes(), version)
    response.headers["ETag"] = etag(resource.version)
    return _answer(resource)


@router.post("/resources/{resource_id}/end")
async def post_end(resource_id: UUID, caller: Caller) -> ResourceAnswer:
    """Take a resource out of service, when nobody has it reserved any more. Again changes nothing."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        await _require_owner(session, caller, resource_id)
        return _answer(await use_cases.end_resource(session, resource_id))


@router.get("/resources/{resource_id}/busy")
async def get_busy(
    resource_id: UUID, caller: Caller, from_at: Annotated[Moment, Query()], until_at: Annotated[Moment, Query()]
) -> BusyList:
    """When a resource cannot be had: times and quantities, for everybody who may see the resource."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        resource = await queries.get_resource(session, resource_id)
        busy = await queries.list_busy_periods(session, [resource_id], from_at, until_at)
    answers = [BusyAnswer.model_validate(one) for one in busy]
    return BusyList(resource_id=resource_id, quantity=resource.quantity, busy=answers)


@router.post("/resources/{resource_id}/closures", status_code=201, response_model=ClosureAnswer)
async def post_closure(resource_id: UUID, body: NewClosure, caller: Caller, key: IdempotencyKey) -> Response:
    """Close a resource for a time in which nobody has reserved it; for its owner's coordinators and directors."""

    async def create() -> ClosureAnswer:
        await _require_owner(session, caller, resource_id)
        closure = await use_cases.close_resource(session, resource_id, **dict(body))
        return ClosureAnswer.model_validate(closure)

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/resources/{resource_id}/closures")
async def get_closures(
    resource_id: UUID, caller: Caller, cursor: PageCursor = None, limit: PageLimit = 50
) -> Page[ClosureAnswer]:
    """The closures of a resource with their reasons; for its owner's team."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        resource = await queries.get_resource(session, resource_id)
        caller.require(resource.organisation_id, TEAM)
        rows = await queries.list_closures(session, resource_id, decode_cursor(cursor), limit + 1)
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[ClosureAnswer.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.delete("/closures/{closure_id}", status_code=204)
async def delete_closure(closure_id: UUID, caller: Caller) -> None:
    """Take a closure back; for its owner's coordinators and directors."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        await use_cases.reopen_resource(session, closure_id)


@router.post("/resources/{resource_id}/papers", status_code=201, response_model=PaperAnswer)
async def post_paper(resource_id: UUID, body: NewPaperBody, caller: Caller, key: IdempotencyKey) -> Response:
    """Record an approval or inspection; without a good one of a kind it once had, the resource is not lent."""

    async def create() -> PaperAnswer:
        await _require_owner(session, caller, resource_id)
        paper = await use_cases.add_paper(session, resource_id, use_cases.NewPaper(**dict(body)))
        return PaperAnswer.model_validate(paper)

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/resources/{resource_id}/papers")
async def get_papers(resource_id: UUID, caller: Caller) -> list[PaperAnswer]:
    """The approvals and inspections of a resource, the newest first; for everybody who may see the resource."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        await queries.get_resource(session, resource_id)
        rows = await queries.list_papers(session, [resource_id])
    return [PaperAnswer.model_validate(row) for row in rows]


async def _require_owner(session: Any, caller: Principal, resource_id: UUID) -> None:
    resource = await queries.get_resource(session, resource_id)
    caller.require(resource.organisation_id, PLANNERS)


def _answer(resource: Any) -> ResourceAnswer:
    fields = {name: getattr(resource, name) for name in ResourceAnswer.model_fields}
    hours = [
        OpenDay(weekday=day, opens=_clock(opens), closes=_clock(closes))
        for day, opens, closes in fields["opening_hours"]
    ]
    return ResourceAnswer(**{**fields, "opening_hours": hours})


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"

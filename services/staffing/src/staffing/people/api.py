"""The people of an association for those who plan with them, and each person's own record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from access.callers import Caller
from access.roles import PLANNERS
from common.http import AmountMinor, Day, IfMatch, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from staffing.database import api_database
from staffing.people import queries, use_cases
from staffing.people.domain import (
    AccountIsLinked,
    AvailabilityKind,
    DatesAreReversed,
    InvalidLinkCode,
    PersonKind,
    PersonNotFound,
    PersonWithoutEmail,
    TwoDutiesAtOnce,
    Window,
)

router = APIRouter(tags=["people"])
PROBLEMS: Problems = {
    PersonNotFound: NOT_FOUND,
    DatesAreReversed: Problem(422, "dates-are-reversed", "The last day is before the first"),
    PersonWithoutEmail: Problem(409, "person-without-email", "This person has no e-mail address"),
    InvalidLinkCode: Problem(422, "invalid-link-code", "This code does not work"),
    TwoDutiesAtOnce: Problem(409, "two-duties-at-once", "This account is on two shifts at the same time"),
    AccountIsLinked: Problem(409, "account-is-linked", "This account is linked to another record here"),
}

Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
Phone = Annotated[str, Field(min_length=3, max_length=40, pattern=r"^[0-9+()/. -]+$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Minutes = Annotated[int, Field(strict=True, ge=0, le=7 * 24 * 60)]
MinuteOfDay = Annotated[int, Field(strict=True, ge=0, le=1440)]
Weekday = Annotated[int, Field(strict=True, ge=0, le=6, description="Monday is 0")]


class PersonFields(BaseModel):
    """What is recorded of a person."""

    model_config = ConfigDict(extra="forbid")

    kind: PersonKind
    display_name: ShortText
    email: Email | None = None
    phone: Phone | None = None
    language: Language = "fr"
    weekly_minutes_agreed: Minutes | None = None
    hour_cost_minor: AmountMinor | None = None
    cost_currency: Currency = "EUR"
    started_on: Day
    ended_on: Day | None = None


class PersonRequest(PersonFields):
    """Whom to record, and for which association."""

    organisation_id: UUID


class PersonChange(BaseModel):
    """What to change; a field that is not sent stays."""

    model_config = ConfigDict(extra="forbid")

    kind: PersonKind | None = None
    display_name: ShortText | None = None
    email: Email | None = None
    phone: Phone | None = None
    language: Language | None = None
    weekly_minutes_agreed: Minutes | None = None
    hour_cost_minor: AmountMinor | None = None
    cost_currency: Currency | None = None
    started_on: Day | None = None
    ended_on: Day | None = None


NULLABLE = {"email", "phone", "weekly_minutes_agreed", "hour_cost_minor", "ended_on"}


class PersonAnswer(PersonFields):
    """A person; the account itself is never shown."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")

    id: UUID
    organisation_id: UUID
    version: int
    has_account: bool = False

    @classmethod
    def of(cls, person: Any) -> PersonAnswer:
        """The answer for a row."""
        return cls.model_validate(person).model_copy(update={"has_account": person.account_subject is not None})


class LinkRequest(BaseModel):
    """The code as it was received."""

    model_config = ConfigDict(extra="forbid")

    code: ShortText


class WindowFields(BaseModel):
    """A weekly window on the clock of the place."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    weekday: Weekday
    from_minute: MinuteOfDay
    to_minute: MinuteOfDay
    kind: AvailabilityKind
    valid_from: Day | None = None
    valid_to: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to_minute <= self.from_minute:
            raise ValueError("to_minute must be after from_minute; split a window that passes midnight")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to must not be before valid_from")
        return self


class AvailabilityRequest(BaseModel):
    """All windows; none means at any time."""

    model_config = ConfigDict(extra="forbid")

    windows: list[WindowFields] = Field(max_length=100)


class AvailabilityAnswer(BaseModel):
    """The windows of a person; `version` is the person's."""

    person_id: UUID
    version: int
    windows: list[WindowFields]


@router.post("/people", status_code=201, response_model=PersonAnswer)
async def register_person(body: PersonRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Record somebody who works or helps at an association."""
    caller.require(body.organisation_id, PLANNERS)
    async with api_database.transaction(caller.context(PLANNERS)) as session:

        async def register() -> PersonAnswer:
            values = body.model_dump(exclude={"organisation_id"})
            return PersonAnswer.of(await use_cases.register_person(session, body.organisation_id, values))

        return await once(session, key, caller.key, register)


@router.get("/people")
async def list_people(
    caller: Caller,
    organisation_id: UUID | None = None,
    kind: PersonKind | None = None,
    active_on: Day | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[PersonAnswer]:
    """The people of the caller's associations, and his own records."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        people = await queries.list_people(
            session,
            organisation_id=organisation_id,
            kind=kind,
            active_on=active_on,
            after=decode_cursor(cursor),
            limit=limit,
        )
    return _page(people, limit)


@router.get("/people/mine")
async def list_own_records(caller: Caller) -> list[PersonAnswer]:
    """The records that the caller's account is linked to, one for each association that he works for."""
    async with api_database.transaction(caller.context()) as session:
        people = await queries.list_people_of_account(session, caller.account)
    return [PersonAnswer.of(person) for person in people]


@router.post("/people/link")
async def link_account(body: LinkRequest, caller: Caller) -> PersonAnswer:
    """Link the caller's account to the person whom the code was sent to."""
    async with api_database.transaction(caller.context()) as session:
        person = await use_cases.link_account(session, caller.account, body.code)
    return PersonAnswer.of(person)


@router.get("/people/{person_id}")
async def get_person(person_id: UUID, caller: Caller, response: Response) -> PersonAnswer:
    """One person, for planners and for himself."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await queries.get_person(session, person_id)
    response.headers["ETag"] = etag(person.version)
    return PersonAnswer.of(person)


@router.patch("/people/{person_id}")
async def change_person(
    person_id: UUID, body: PersonChange, caller: Caller, response: Response, if_match: IfMatch = None
) -> PersonAnswer:
    """Change what is recorded of a person."""
    version = expected_version(if_match)
    sent = body.model_dump(exclude_unset=True)
    changes = {field: value for field, value in sent.items() if value is not None or field in NULLABLE}
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_person(session, person_id)).organisation_id, PLANNERS)
        person = await use_cases.change_person(session, person_id, changes, version)
    response.headers["ETag"] = etag(person.version)
    return PersonAnswer.of(person)


@router.post("/people/{person_id}/link-code", status_code=202)
async def send_link_code(person_id: UUID, caller: Caller) -> PersonAnswer:
    """Send the person a one-time code to link an account; an earlier code stops working."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_person(session, person_id)).organisation_id, PLANNERS)
        person = await use_cases.send_link_code(session, person_id)
    return PersonAnswer.of(person)


@router.delete("/people/{person_id}/account")
async def unlink_account(person_id: UUID, caller: Caller) -> PersonAnswer:
    """Take the record away from its account."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_person(session, person_id)).organisation_id, PLANNERS)
        person = await use_cases.unlink_account(session, person_id)
    return PersonAnswer.of(person)


@router.get("/people/{person_id}/availability")
async def get_availability(person_id: UUID, caller: Caller, response: Response) -> AvailabilityAnswer:
    """When a person is available, preferably or not."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await queries.get_person(session, person_id)
        rows = await queries.list_availabilities(session, person_id)
    response.headers["ETag"] = etag(person.version)
    windows = [WindowFields.model_validate(row) for row in rows]
    return AvailabilityAnswer(person_id=person_id, version=person.version, windows=windows)


@router.put("/people/{person_id}/availability")
async def set_availability(
    person_id: UUID, body: AvailabilityRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> AvailabilityAnswer:
    """Replace the weekly windows; for planners and for the person himself."""
    version = expected_version(if_match)
    windows = [Window(**window.model_dump()) for window in body.windows]
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await queries.get_person(session, person_id)
        async with use_cases.for_person(session, caller, person, "a person says when he is available"):
            person = await use_cases.set_availability(session, person_id, windows, version)
    response.headers["ETag"] = etag(person.version)
    return AvailabilityAnswer(person_id=person_id, version=person.version, windows=body.windows)


def _page(people: Sequence[Any], limit: int) -> Page[PersonAnswer]:
    shown, following = next_cursor([person.id for person in people], limit)
    return Page(items=[PersonAnswer.of(person) for person in people[:shown]], next_cursor=following)

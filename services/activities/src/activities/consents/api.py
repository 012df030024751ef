"""Consents over HTTP: what is asked, what was answered, and answering."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from access.callers import Caller
from access.roles import FIELD_STAFF
from activities.consents import queries, use_cases
from activities.consents.domain import OF_HOUSEHOLDS, Purpose, WordingChanged, WrongSubject
from activities.database import api_database
from common.clock import now
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import Problem, Problems

router = APIRouter(tags=["consents"])
PROBLEMS: Problems = {
    WrongSubject: Problem(422, "wrong-subject", "This is not asked about what was named"),
    WordingChanged: Problem(409, "wording-changed", "Another wording is in force"),
}
Version = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class WordingAnswer(BaseModel):
    """What is asked today for a purpose, in each language; about each participant, or once for a household."""

    purpose: Purpose
    version: int
    valid_from: date
    is_about_household: bool
    texts: dict[str, str]


class ConsentRequest(BaseModel):
    """Yes or no to a wording, about one household or one participant."""

    model_config = ConfigDict(extra="forbid")

    household_id: UUID | None = None
    participant_id: UUID | None = None
    purpose: Purpose
    wording_version: Version
    is_given: bool

    @model_validator(mode="after")
    def names_one_subject(self) -> ConsentRequest:
        """Either a household or a participant."""
        if (self.household_id is None) is (self.participant_id is None):
            raise ValueError("name either household_id or participant_id")
        return self


class ConsentAnswer(BaseModel):
    """An answer that was given or, where `is_given` is false, refused or withdrawn; by staff when it is on paper."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    household_id: UUID | None
    participant_id: UUID | None
    purpose: Purpose
    wording_version: int
    is_given: bool
    is_by_staff: bool
    answered_at: datetime


@router.get("/consent-wordings")
async def get_wordings(caller: Caller) -> list[WordingAnswer]:
    """What is asked today; the same for every association."""
    async with api_database.transaction(caller.context()) as session:
        found = await queries.list_wordings_in_force(session, now().date())
    return [
        WordingAnswer(
            purpose=Purpose(wording.purpose),
            version=wording.version,
            valid_from=wording.valid_from,
            is_about_household=wording.purpose in OF_HOUSEHOLDS,
            texts={"fr": wording.text_fr, "nl": wording.text_nl, "de": wording.text_de, "en": wording.text_en},
        )
        for wording in found
    ]


@router.post("/consents", status_code=201, response_model=ConsentAnswer)
async def post_consent(body: ConsentRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Answer for one's own household, or, as field staff of its association, write down what it has signed."""

    async def create() -> ConsentAnswer:
        asked = use_cases.NewAnswer(**body.model_dump())
        return ConsentAnswer.model_validate(await use_cases.answer(session, caller, asked))

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.get("/households/{household_id}/consents")
async def get_consents_of_household(
    household_id: UUID,
    caller: Caller,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
    standing: Annotated[bool, Query()] = False,
) -> Page[ConsentAnswer]:
    """Every answer about a household and its members, the oldest first; with `standing` those that hold."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await use_cases.list_of_household(
            session, household_id, decode_cursor(cursor), limit, only_standing=standing
        )
    shown, cursor_of_rest = next_cursor([consent.id for consent in found], limit)
    return Page(items=[ConsentAnswer.model_validate(one) for one in found[:shown]], next_cursor=cursor_of_rest)


@router.get("/participants/{participant_id}/consents")
async def get_consents_of_participant(
    participant_id: UUID,
    caller: Caller,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
    standing: Annotated[bool, Query()] = False,
) -> Page[ConsentAnswer]:
    """Every answer about a participant, the oldest first; with `standing` those that hold."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await use_cases.list_of_participant(
            session, participant_id, decode_cursor(cursor), limit, only_standing=standing
        )
    shown, cursor_of_rest = next_cursor([consent.id for consent in found], limit)
    return Page(items=[ConsentAnswer.model_validate(one) for one in found[:shown]], next_cursor=cursor_of_rest)

"""Under which agreement a session is held, over HTTP: its planners cite one, all sides of it see the sessions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from access.callers import Caller
from access.roles import FIELD_STAFF, PLANNERS, TEAM
from activities.agreements import domain, queries, use_cases
from activities.agreements.use_cases import Citation
from activities.database import api_database
from activities.sessions.queries import get_facts
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import Problem, Problems

router = APIRouter(tags=["agreements"])
PROBLEMS: Problems = {
    domain.UnknownAgreement: Problem(422, "unknown-agreement", "There is no such agreement of your association"),
    domain.DoesNotCoverSession: Problem(422, "does-not-cover-session", "The agreement does not cover this session"),
}


class CitationRequest(BaseModel):
    """The agreement under which a session is held; null for none."""

    model_config = ConfigDict(extra="forbid")

    agreement_id: UUID | None


class CitedAgreement(BaseModel):
    """An agreement that a session cites; `fault` says why it does not cover the session any more, if so."""

    agreement_id: UUID
    title: str
    starts_on: date
    ends_on: date | None
    fault: str | None


class CitationAnswer(BaseModel):
    """Under which agreement a session is held, if under any."""

    session_id: UUID
    agreement: CitedAgreement | None


class CitingSession(BaseModel):
    """A session that is held under an agreement."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    state: str


@router.get("/sessions/{session_id}/agreement")
async def get_citation(session_id: UUID, caller: Caller) -> CitationAnswer:
    """Under which agreement a session is held; for the organiser's field staff."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_facts(session, session_id)).organisation_id, FIELD_STAFF)
        return _answer(session_id, await use_cases.find_citation(session, session_id))


@router.put("/sessions/{session_id}/agreement")
async def put_citation(session_id: UUID, body: CitationRequest, caller: Caller) -> CitationAnswer:
    """Say under which agreement a session is held, or under none; for the organiser's planners."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await get_facts(session, session_id)).organisation_id, PLANNERS)
        return _answer(session_id, await use_cases.cite_agreement(session, session_id, body.agreement_id))


@router.get("/agreements/{agreement_id}/sessions")
async def list_citing_sessions(
    agreement_id: UUID, caller: Caller, cursor: PageCursor = None, limit: PageLimit = 50
) -> Page[CitingSession]:
    """The sessions held under an agreement, for all its sides; those that the caller may not see are left out."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        rows = await queries.list_citing(session, agreement_id, decode_cursor(cursor), limit + 1)
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[CitingSession.model_validate(row) for row in rows[:shown]], next_cursor=following)


def _answer(session_id: UUID, citation: Citation | None) -> CitationAnswer:
    if citation is None:
        return CitationAnswer(session_id=session_id, agreement=None)
    cited = citation.agreement
    agreement = CitedAgreement(
        agreement_id=cited.id,
        title=cited.title,
        starts_on=cited.starts_on,
        ends_on=cited.ends_on,
        fault=citation.fault,
    )
    return CitationAnswer(session_id=session_id, agreement=agreement)

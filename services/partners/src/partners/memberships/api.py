"""HTTP in: memberships. Leaders invite, change and end; every account accepts its invitations and sees its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller
from access.principals import Principal
from access.roles import LEADERS
from common.http import IfMatch, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import CHANGED, NOT_FOUND, Problem, Problems
from partners.database import api_database
from partners.memberships import queries, use_cases
from partners.memberships.domain import (
    AlreadyInvited,
    AlreadyMember,
    InvitationNotValid,
    LastLeaderMustStay,
    MembershipChangedMeanwhile,
    MembershipHasEnded,
    MembershipNotFound,
    MembershipState,
    Role,
    RoleDoesNotFit,
)

router = APIRouter(tags=["memberships"])

PROBLEMS: Problems = {
    MembershipNotFound: NOT_FOUND,
    MembershipChangedMeanwhile: CHANGED,
    MembershipHasEnded: Problem(409, "membership-has-ended", "This membership has ended"),
    LastLeaderMustStay: Problem(409, "last-leader-must-stay", "Somebody must go on leading this organisation"),
    AlreadyMember: Problem(409, "already-member", "This account has this role here already"),
    AlreadyInvited: Problem(409, "already-invited", "An invitation to this role is open at this address"),
    RoleDoesNotFit: Problem(422, "role-does-not-fit", "This organisation does not have this role"),
    InvitationNotValid: Problem(422, "invitation-not-valid", "This invitation is not valid, or not any more"),
}

Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")]


class NewInvitation(BaseModel):
    """Whom to invite to which role."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    role: Role
    display_name: ShortText
    email: Email
    language: Literal["fr", "nl", "de", "en"]


class Acceptance(BaseModel):
    """The one-time code of the invitation."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]


class RoleChange(BaseModel):
    """The role that the member has from now on."""

    model_config = ConfigDict(extra="forbid")

    role: Role


class MembershipEntry(BaseModel):
    """A membership as leaders and the member see it; `expires_at` is the end of an open invitation."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    role: Role
    state: MembershipState
    display_name: str
    email: str
    language: str
    invited_at: datetime
    expires_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None


@router.post("/memberships", status_code=201, response_model=MembershipEntry)
async def invite_member(body: NewInvitation, caller: Caller, key: IdempotencyKey) -> Response:
    """Leaders of the organisation invite; the code goes to the address by mail and nowhere else."""
    async with api_database.transaction(caller.context(LEADERS)) as session:
        return await once(session, key, caller.key, lambda: _invited(session, caller, body))


async def _invited(session: AsyncSession, caller: Principal, body: NewInvitation) -> MembershipEntry:
    person = use_cases.Invited(body.display_name, body.email, body.language)
    membership = await use_cases.invite_member(session, caller, body.organisation_id, body.role, person)
    return MembershipEntry.model_validate(membership)


@router.post("/memberships/accept", response_model=MembershipEntry)
async def accept_invitation(body: Acceptance, caller: Caller, key: IdempotencyKey) -> Response:
    """Any signed-in account that shows the code becomes the member."""
    async with api_database.transaction(caller.context()) as session:
        return await once(session, key, caller.key, lambda: _accepted(session, caller, body), status=200)


async def _accepted(session: AsyncSession, caller: Principal, body: Acceptance) -> MembershipEntry:
    membership = await use_cases.accept_invitation(session, caller.account, body.code)
    return MembershipEntry.model_validate(membership)


@router.get("/memberships")
async def list_members(
    organisation_id: UUID,
    caller: Caller,
    state: MembershipState | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[MembershipEntry]:
    """The memberships of an organisation, for its leaders."""
    after = decode_cursor(cursor)
    async with api_database.transaction(caller.context(LEADERS)) as session:
        rows = await use_cases.list_members(
            session, caller, organisation_id, state=state, after=after, rows_max=limit + 1
        )
    return _page(rows, limit)


@router.get("/memberships/mine")
async def list_my_memberships(
    caller: Caller, cursor: PageCursor = None, limit: PageLimit = 50
) -> Page[MembershipEntry]:
    """The caller's own memberships, ended ones too."""
    after = decode_cursor(cursor)
    async with api_database.transaction(caller.context()) as session:
        rows = await queries.list_memberships_of_account(session, caller.account, after, limit + 1)
    return _page(rows, limit)


@router.get("/memberships/{membership_id}")
async def get_membership(membership_id: UUID, caller: Caller, response: Response) -> MembershipEntry:
    """One membership, with the ETag that a change must name; for leaders and for the member."""
    async with api_database.transaction(caller.context(LEADERS)) as session:
        membership = await use_cases.get_membership(session, caller, membership_id)
    response.headers["ETag"] = etag(membership.version)
    return MembershipEntry.model_validate(membership)


@router.patch("/memberships/{membership_id}")
async def change_role(
    membership_id: UUID, body: RoleChange, caller: Caller, response: Response, if_match: IfMatch = None
) -> MembershipEntry:
    """Leaders of the organisation give a member another role."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(LEADERS)) as session:
        membership = await use_cases.change_role(session, caller, membership_id, version, body.role)
    response.headers["ETag"] = etag(membership.version)
    return MembershipEntry.model_validate(membership)


@router.post("/memberships/{membership_id}/end")
async def end_membership(membership_id: UUID, caller: Caller) -> MembershipEntry:
    """Leaders end a membership or withdraw an invitation; a member may leave. Again changes nothing."""
    async with api_database.transaction(caller.context(LEADERS)) as session:
        membership = await use_cases.end_membership(session, caller, membership_id)
    return MembershipEntry.model_validate(membership)


def _page(rows: Sequence[object], limit: int) -> Page[MembershipEntry]:
    entries = [MembershipEntry.model_validate(row) for row in rows]
    shown, following = next_cursor([entry.id for entry in entries], limit)
    return Page(items=entries[:shown], next_cursor=following)

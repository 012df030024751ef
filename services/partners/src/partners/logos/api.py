"""Logos over HTTP: leaders set them, everybody sees them."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Base64Bytes, BaseModel, ConfigDict

from access.callers import Caller, MaybeCaller
from access.roles import LEADERS
from common.problems import NOT_FOUND, Problem, Problems
from partners.database import api_database
from partners.logos import queries, use_cases
from partners.logos.domain import LogoNotFound, LogoTooLarge
from partners.organisations.use_cases import changing

router = APIRouter(tags=["logos"])
PROBLEMS: Problems = {
    LogoNotFound: NOT_FOUND,
    LogoTooLarge: Problem(413, "logo-too-large", "The picture is too large"),
}


class NewLogo(BaseModel):
    """A WebP picture in base64."""

    model_config = ConfigDict(extra="forbid")

    content: Base64Bytes


class LogoAnswer(BaseModel):
    """Whose logo; the digest is another one for every picture."""

    model_config = ConfigDict(from_attributes=True)

    organisation_id: UUID
    digest: str


@router.get("/logos")
async def list_logos(caller: MaybeCaller) -> list[LogoAnswer]:
    """Who has a logo; for everybody."""
    async with api_database.transaction(caller.context() if caller else None) as session:
        return [LogoAnswer.model_validate(logo) for logo in await queries.list_logos(session)]


@router.get(
    "/organisations/{organisation_id}/logo", response_class=Response, responses={200: {"content": {"image/webp": {}}}}
)
async def get_logo(organisation_id: UUID, caller: MaybeCaller) -> Response:
    """The picture; for everybody."""
    async with api_database.transaction(caller.context() if caller else None) as session:
        content = await queries.get_content(session, organisation_id)
    return Response(content, media_type="image/webp", headers={"X-Content-Type-Options": "nosniff"})


@router.put("/organisations/{organisation_id}/logo")
async def put_logo(organisation_id: UUID, body: NewLogo, caller: Caller) -> LogoAnswer:
    """Set or replace it, for a site that of its association; its director or an admin of its federation does."""
    async with api_database.transaction(caller.context(LEADERS)) as session:
        async with changing(session, caller, organisation_id) as organisation:
            logo = await use_cases.set_logo(session, organisation.organisation_id, body.content)
        return LogoAnswer.model_validate(logo)


@router.delete("/organisations/{organisation_id}/logo", status_code=204)
async def delete_logo(organisation_id: UUID, caller: Caller) -> None:
    """Remove it; the same may, and again changes nothing."""
    async with (
        api_database.transaction(caller.context(LEADERS)) as session,
        changing(session, caller, organisation_id) as organisation,
    ):
        await use_cases.remove_logo(session, organisation.organisation_id)

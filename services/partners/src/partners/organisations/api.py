"""HTTP in: the directory of organisations. Every signed-in account may read it; leaders change their own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller, MaybeCaller
from access.principals import Principal
from access.roles import LEADERS
from common.http import IfMatch, LongText, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import CHANGED, FORBIDDEN, NOT_FOUND, Problem, Problems
from partners.database import api_database
from partners.organisations import queries, use_cases
from partners.organisations.domain import (
    FederationHasMembers,
    HalfAPosition,
    InvalidEnterpriseNumber,
    InvalidIban,
    MisplacedOrganisation,
    NotItsLeader,
    OrganisationChangedMeanwhile,
    OrganisationHasEnded,
    OrganisationKind,
    OrganisationNotFound,
    Profile,
    SlugTaken,
    UnknownTimeZone,
)

router = APIRouter(tags=["organisations"])

PROBLEMS: Problems = {
    OrganisationNotFound: NOT_FOUND,
    OrganisationChangedMeanwhile: CHANGED,
    NotItsLeader: FORBIDDEN,
    OrganisationHasEnded: Problem(409, "organisation-has-ended", "This organisation has ended"),
    SlugTaken: Problem(409, "slug-taken", "Another organisation has this slug"),
    FederationHasMembers: Problem(409, "federation-has-members", "Organisations still belong to this federation"),
    UnknownTimeZone: Problem(422, "unknown-time-zone", "There is no such time zone"),
    InvalidEnterpriseNumber: Problem(422, "invalid-enterprise-number", "The enterprise number is not right"),
    InvalidIban: Problem(422, "invalid-iban", "The bank account number is not right"),
    HalfAPosition: Problem(422, "half-a-position", "A position has a latitude and a longitude"),
    MisplacedOrganisation: Problem(422, "misplaced-organisation", "The organisation cannot stand there"),
}

Slug = Annotated[str, Field(min_length=2, max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
TimeZone = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Jurisdiction = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z]{2,3})?$", examples=["BE-FWB", "FR"])]
EnterpriseNumber = Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]
Colour = Annotated[str, Field(pattern=r"^(#[0-9a-f]{6})?$", examples=["#b4472a"])]
Iban = Annotated[str, Field(max_length=50, pattern=r"^[A-Za-z0-9 ]*$")]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False, examples=[50.4674])]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False, examples=[4.8718])]
Language = Literal["fr", "nl", "de", "en"]
Languages = Annotated[list[Language], Field(min_length=1, max_length=4)]


class NewOrganisation(BaseModel):
    """An association or outside partner names its federations, a site its parent association."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["association", "site", "outside_partner"]
    name: ShortText
    slug: Slug
    federation_ids: Annotated[list[UUID], Field(max_length=10)] = []
    parent_id: UUID | None = None
    time_zone: TimeZone
    currency: CurrencyCode = "EUR"
    jurisdiction: Jurisdiction
    languages: Languages
    enterprise_number: EnterpriseNumber = ""
    address: LongText = ""
    accessibility: LongText = ""
    colour: Colour = ""
    iban: Iban = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    def profile(self) -> Profile:
        """The part that does not depend on where the organisation stands."""
        fields = self.model_dump(exclude={"kind", "federation_ids", "parent_id", "languages"})
        return Profile(**fields, languages=tuple(self.languages))


class OrganisationChanges(BaseModel):
    """What is absent or null stays as it is; an empty text clears the field, and null the position."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText | None = None
    time_zone: TimeZone | None = None
    jurisdiction: Jurisdiction | None = None
    languages: Languages | None = None
    enterprise_number: EnterpriseNumber | None = None
    address: LongText | None = None
    accessibility: LongText | None = None
    colour: Colour | None = None
    iban: Iban | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    def values(self) -> dict[str, object]:
        """The new values by field."""
        cleared: dict[str, object] = {name: None for name in ("latitude", "longitude") if name in self.model_fields_set}
        return {**cleared, **self.model_dump(exclude_none=True)}


class FederationToJoin(BaseModel):
    """The federation that an organisation is to belong to as well."""

    model_config = ConfigDict(extra="forbid")

    federation_id: UUID


class OrganisationEntry(BaseModel):
    """An entry of the directory."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    kind: OrganisationKind
    name: str
    slug: str
    federation_ids: list[UUID]
    parent_id: UUID | None
    languages: list[str]
    colour: str
    latitude: float | None
    longitude: float | None
    ended_at: datetime | None


class OrganisationDetails(OrganisationEntry):
    """One organisation; numbers and seats of legal persons stand in public registers, so everybody may read them."""

    time_zone: str
    currency: str
    jurisdiction: str
    enterprise_number: str
    address: str
    accessibility: str
    iban: str


class JoiningAnswer(BaseModel):
    """Whether the organisation belongs to the federation now, or whose agreement is waited for."""

    waits_for: Literal["organisation", "federation"] | None
    organisation: OrganisationDetails


@router.post("/organisations", status_code=201, response_model=OrganisationDetails)
async def found_organisation(body: NewOrganisation, caller: Caller, key: IdempotencyKey) -> Response:
    """Admins of every named federation found associations and outside partners; leaders of an association its sites."""
    async with api_database.transaction(caller.context(LEADERS)) as session:
        return await once(session, key, caller.key, lambda: _found(session, caller, body))


async def _found(session: AsyncSession, caller: Principal, body: NewOrganisation) -> OrganisationDetails:
    organisation = await use_cases.found_organisation(
        session,
        caller,
        OrganisationKind(body.kind),
        body.profile(),
        federation_ids=body.federation_ids,
        parent_id=body.parent_id,
    )
    return OrganisationDetails.model_validate(organisation)


@router.get("/organisations")
async def list_organisations(
    *,
    caller: MaybeCaller,
    kind: OrganisationKind | None = None,
    federation_id: UUID | None = None,
    parent_id: UUID | None = None,
    slug: Annotated[str | None, Query(max_length=60, pattern=r"^[a-z0-9-]+$")] = None,
    q: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")] = None,
    include_ended: bool = False,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[OrganisationEntry]:
    """The directory, open to everybody; `q` is looked for in names and slugs."""
    wanted = queries.DirectoryFilter(kind, federation_id, parent_id, slug, q, include_ended)
    async with api_database.transaction(caller.context() if caller else None) as session:
        rows = await queries.list_directory(session, wanted, decode_cursor(cursor), limit + 1)
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[OrganisationEntry.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.get("/organisations/{organisation_id}")
async def get_organisation(organisation_id: UUID, caller: MaybeCaller, response: Response) -> OrganisationDetails:
    """One organisation, for everybody, with the ETag that a change must name."""
    async with api_database.transaction(caller.context() if caller else None) as session:
        organisation = await use_cases.get_organisation(session, organisation_id)
    response.headers["ETag"] = etag(organisation.version)
    return OrganisationDetails.model_validate(organisation)


@router.patch("/organisations/{organisation_id}")
async def change_organisation(
    organisation_id: UUID, body: OrganisationChanges, caller: Caller, response: Response, if_match: IfMatch = None
) -> OrganisationDetails:
    """Its director, its association's director, or an admin of one of its federations changes it."""
    version, changes = expected_version(if_match), body.values()
    async with api_database.transaction(caller.context(LEADERS)) as session:
        organisation = await use_cases.change_organisation(session, caller, organisation_id, version, changes)
    response.headers["ETag"] = etag(organisation.version)
    return OrganisationDetails.model_validate(organisation)


@router.post("/organisations/{organisation_id}/join")
async def join_federation(organisation_id: UUID, body: FederationToJoin, caller: Caller) -> JoiningAnswer:
    """Agree for your side: a leader of the organisation, or an admin of the federation. It joins when both have."""
    async with api_database.transaction(caller.context(LEADERS)) as session:
        joining = await use_cases.join_federation(session, caller, organisation_id, body.federation_id)
    details = OrganisationDetails.model_validate(joining.organisation)
    if joining.consent.is_complete:
        return JoiningAnswer(waits_for=None, organisation=details)
    missing: Literal["organisation", "federation"] = "federation" if joining.consent.by_organisation else "organisation"
    return JoiningAnswer(waits_for=missing, organisation=details)


@router.post("/organisations/{organisation_id}/end")
async def end_organisation(organisation_id: UUID, caller: Caller) -> OrganisationDetails:
    """Its director, or an admin of every federation that it belongs to, ends it; again changes nothing."""
    async with api_database.transaction(caller.context(LEADERS)) as session:
        organisation = await use_cases.end_organisation(session, caller, organisation_id)
    return OrganisationDetails.model_validate(organisation)

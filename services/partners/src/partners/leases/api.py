"""Leases over HTTP: for the planners of the association that rents or lets."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import PLANNERS
from common.http import AmountMinor, Day, IfMatch, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.problems import NOT_FOUND, Problem, Problems
from partners.database import api_database
from partners.leases import domain, queries, use_cases
from partners.leases.domain import LeaseTerms, RentPeriod, Side, notice_by
from partners.resources.queries import get_resource

router = APIRouter(tags=["leases"])
PROBLEMS: Problems = {
    domain.LeaseNotFound: NOT_FOUND,
    domain.UnfitLease: Problem(422, "unfit-lease", "The terms of the lease contradict each other"),
}
Reference = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class LeaseBody(BaseModel):
    """On which terms; amounts in minor units of the resource's currency, no last day means until it is ended."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    side: Side
    other_side: ShortText
    reference: Reference = ""
    starts_on: Day
    ends_on: Day | None = None
    notice_months: Annotated[int, Field(strict=True, ge=0, le=120)] = 3
    rent_minor: AmountMinor = 0
    rent_period: RentPeriod = RentPeriod.month
    deposit_minor: AmountMinor = 0

    def terms(self) -> LeaseTerms:
        """As the use cases take it."""
        return LeaseTerms(**{name: getattr(self, name) for name in LeaseBody.model_fields})


class LeaseAnswer(LeaseBody):
    """A lease; `notice_by` is the last day on which notice is in time."""

    id: UUID
    organisation_id: UUID
    version: int
    resource_id: UUID
    currency: str
    notice_by: Day | None = None


@router.post("/resources/{resource_id}/leases", status_code=201, response_model=LeaseAnswer)
async def post_lease(resource_id: UUID, body: LeaseBody, caller: Caller, key: IdempotencyKey) -> Response:
    """Write a lease of a resource down; for its owner's coordinators and directors, who are told before it runs out."""

    async def create() -> LeaseAnswer:
        resource = await get_resource(session, resource_id)
        caller.require(resource.organisation_id, PLANNERS)
        return _answer(await use_cases.write_lease(session, resource_id, body.terms()))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/resources/{resource_id}/leases")
async def get_leases(resource_id: UUID, caller: Caller) -> list[LeaseAnswer]:
    """The leases of a resource, the newest first; for its owner's coordinators and directors."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        resource = await get_resource(session, resource_id)
        caller.require(resource.organisation_id, PLANNERS)
        return [_answer(lease) for lease in await queries.list_leases(session, resource_id)]


@router.put("/leases/{lease_id}")
async def put_lease(
    lease_id: UUID, body: LeaseBody, caller: Caller, response: Response, if_match: IfMatch = None
) -> LeaseAnswer:
    """Change a lease, or end it by giving it a last day."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        lease = await use_cases.rewrite_lease(session, lease_id, body.terms(), version)
    response.headers["ETag"] = etag(lease.version)
    return _answer(lease)


def _answer(lease: Any) -> LeaseAnswer:
    answer = LeaseAnswer.model_validate(lease)
    if lease.ends_on is not None:
        answer.notice_by = notice_by(lease.ends_on, lease.notice_months)
    return answer

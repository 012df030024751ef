"""Somebody comes to help an association that knows him by his passport."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.row_policies import act_for
from common.clock import now
from staffing.lending import queries
from staffing.lending.domain import Neighbour, check_may_be_asked
from staffing.passports.domain import PassportNotFound
from staffing.passports.queries import find_consent
from staffing.people.use_cases import register_same_human
from staffing.qualifications.queries import list_qualifications
from staffing.qualifications.use_cases import record_qualification

if TYPE_CHECKING:
    from staffing.people.tables import Person
    from staffing.shifts.tables import Shift

PAPERS_MAX = 200


async def choose_neighbours(session: AsyncSession, shift: Shift, person_ids: Collection[UUID]) -> list[Neighbour]:
    """Those who are to be asked, judged again at this moment. Raises MayNotBeAsked."""
    neighbours = await queries.list_neighbours(session, shift)
    check_may_be_asked(person_ids, neighbours)
    return [one for one in neighbours if one.candidate.person_id in person_ids]


async def come_to_help(session: AsyncSession, home: Person, organisation_id: UUID) -> Person:
    """Record a person with his seen papers as a volunteer of another association, by his own act.

    The transaction is the person's own, so it reads what is recorded of him at home, and no more than his consent lets
    the other association know is copied, beside the way to reach him. Raises PassportNotFound.
    """
    consent = await find_consent(session, home.id)
    if consent is None or consent.withdrawn_at is not None:
        raise PassportNotFound
    papers = await list_qualifications(session, person_id=home.id, expires_before=None, after=None, limit=PAPERS_MAX)
    async with act_for(session, organisation_id, because="a person with an open passport comes to help"):
        person = await register_same_human(session, home, organisation_id, now().date())
        for paper in (one for one in papers if one.is_verified):
            kept = {"kind": paper.kind, "issuer": paper.issuer, "issued_on": paper.issued_on}
            values = {**kept, "expires_on": paper.expires_on}
            await record_qualification(session, person.id, values, is_verified=True)
    return person

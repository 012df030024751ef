"""Forgetting people who worked or helped here and left, and applicants who were never answered."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.retention import Kept
from staffing.erasures.use_cases import WORK_RECORDS, erase_workers_past_period
from staffing.recruitment.use_cases import close_undecided
from staffing.retention import queries


async def forget_applications(session: AsyncSession, _organisation_id: UUID, application_ids: Sequence[UUID]) -> None:
    """Close applications that nobody decided, and keep nothing personal of them."""
    for application_id in application_ids:
        await close_undecided(session, application_id)


KEPT = (
    Kept(WORK_RECORDS, queries.list_workers_past, erase_workers_past_period),
    Kept("volunteers", queries.list_volunteers_past, erase_workers_past_period),
    Kept("applications", queries.list_undecided_applications_past, forget_applications),
)

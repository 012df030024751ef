"""Kafka in: what the teams are told about their work: supervision that is missing, shifts, substitutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.staffing import (
    CoverageEvent,
    CoverageRestored,
    CoverageShort,
    ShiftAssigned,
    ShiftReleased,
    ShiftReleaseReason,
    SubstituteSought,
)
from notifications.messages import use_cases
from notifications.messages.domain import Fact, Happening, fact_id


async def tell_coverage_short(session: AsyncSession, event: CoverageShort) -> None:
    """Tell the coordinators that a session lacks supervisors."""
    why = event.model_dump(mode="json", include={"explanation", "grounds"})
    await _tell_coverage(session, event, Fact.coverage_short, why)


async def tell_coverage_restored(session: AsyncSession, event: CoverageRestored) -> None:
    """Tell the coordinators that a session has enough supervisors again."""
    await _tell_coverage(session, event, Fact.coverage_restored, {})


async def tell_shift_assigned(session: AsyncSession, event: ShiftAssigned) -> None:
    """Tell somebody that he is on a shift, and the coordinators when he took it himself."""
    fact = Fact.shift_taken if event.chose_himself else Fact.shift_assigned
    await _tell_workers(session, event, fact, [event.person_id], {}, event.assignment_id)


async def tell_shift_released(session: AsyncSession, event: ShiftReleased) -> None:
    """Tell somebody that he is not on a shift any more; who left by himself knows, and the coordinators hear of it."""
    fields = {"reason": event.reason}
    if event.reason is ShiftReleaseReason.by_request:
        await _tell_workers(session, event, Fact.shift_left, [], fields, event.assignment_id)
    elif event.reason is not ShiftReleaseReason.absent:  # Of an absence the search for substitutes tells.
        await _tell_workers(session, event, Fact.shift_released, [event.person_id], fields, event.assignment_id)


async def tell_substitute_sought(session: AsyncSession, event: SubstituteSought) -> None:
    """Ask those who could take a place, and tell the coordinators how many were asked."""
    fields = {"asked": len(event.asked_person_ids)}
    await _tell_workers(session, event, Fact.substitute_sought, event.asked_person_ids, fields)


async def _tell_workers(
    session: AsyncSession,
    event: ShiftAssigned | ShiftReleased | SubstituteSought,
    fact: Fact,
    person_ids: Iterable[UUID],
    fields: Mapping[str, Any],
    *parts: object,
) -> None:
    shown = event.model_dump(mode="json", include={"title", "role", "starts_at", "ends_at", "time_zone"})
    happening = Happening(
        fact=fact,
        fact_id=fact_id(event.wire_type, event.key, *parts),
        organiser_id=event.organisation_id,
        fields={**shown, **fields},
        contacts=dict.fromkeys(person_ids, event.organisation_id),
    )
    await use_cases.tell(session, happening)


async def _tell_coverage(session: AsyncSession, event: CoverageEvent, fact: Fact, more: Mapping[str, Any]) -> None:
    figures = {"supervisors_needed", "supervisors_present", "qualified_needed", "qualified_present"}
    fields = event.model_dump(mode="json", include={"title", "starts_at", "time_zone", *figures})
    happening = Happening(
        fact=fact,
        fact_id=fact_id(event.wire_type, event.key, event.version),
        organiser_id=event.organisation_id,
        fields={**fields, **more},
    )
    await use_cases.tell(session, happening)

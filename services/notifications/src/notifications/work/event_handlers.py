"""Kafka in: what the teams are told about their work: supervision, shifts, substitutes, rooms and equipment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.activities import HoldReleased, HoldReleaseReason
from contracts.partners import ReservationAsked, ReservationConfirmed, ReservationEvent, ReservationReleased
from contracts.staffing import (
    ApplicationReceived,
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

GIVEN_UP = {HoldReleaseReason.refused, HoldReleaseReason.late}
"""Of the other releases people know: they cancelled the session, or asked for something else."""


async def tell_hold_released(session: AsyncSession, event: HoldReleased) -> None:
    """Tell the coordinators that a session did not get what it needs; a release that they caused is no news."""
    if event.title is None or event.reason not in GIVEN_UP:
        return
    happening = Happening(
        fact=Fact.hold_given_up,
        fact_id=fact_id(event.wire_type, event.key, event.version),
        organiser_id=event.organisation_id,
        fields=event.model_dump(mode="json", include={"title", "starts_at", "time_zone", "refused"}),
        session_id=event.session_id,
    )
    await use_cases.tell(session, happening)


async def tell_reservation_asked(session: AsyncSession, event: ReservationAsked) -> None:
    """Ask the owner of a pooled resource for an answer."""
    await _tell_owner(session, event, Fact.reservation_asked)


async def tell_reservation_confirmed(session: AsyncSession, event: ReservationConfirmed) -> None:
    """Tell the owner of a pooled resource that another association has it."""
    await _tell_owner(session, event, Fact.reservation_confirmed)


async def tell_reservation_released(session: AsyncSession, event: ReservationReleased) -> None:
    """Tell the owner of a pooled resource that it is free again."""
    await _tell_owner(session, event, Fact.reservation_released)


async def _tell_owner(session: AsyncSession, event: ReservationEvent, fact: Fact) -> None:
    """What an association reserves of its own is no news to it."""
    if event.reserved_by_organisation_id == event.organisation_id:
        return
    happening = Happening(
        fact=fact,
        fact_id=fact_id(event.wire_type, event.key, event.version),
        organiser_id=event.organisation_id,
        fields=event.model_dump(mode="json", include={"title", "starts_at", "ends_at", "time_zone", "resource_name"}),
    )
    await use_cases.tell(session, happening)


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
    await _tell_workers(session, event, fact, {event.person_id: event.organisation_id}, {}, event.assignment_id)


async def tell_shift_released(session: AsyncSession, event: ShiftReleased) -> None:
    """Tell somebody that he is not on a shift any more; who left by himself knows, and the coordinators hear of it."""
    fields = {"reason": event.reason}
    if event.reason is ShiftReleaseReason.by_request:
        await _tell_workers(session, event, Fact.shift_left, {}, fields, event.assignment_id)
    elif event.reason is not ShiftReleaseReason.absent:  # Of an absence the search for substitutes tells.
        told = {event.person_id: event.organisation_id}
        await _tell_workers(session, event, Fact.shift_released, told, fields, event.assignment_id)


async def tell_substitute_sought(session: AsyncSession, event: SubstituteSought) -> None:
    """Ask those who could take a place, and tell the coordinators how many were asked."""
    fields = {"asked": len(event.asked_person_ids)}
    homes = {asked.person_id: asked.organisation_id for asked in event.asked_elsewhere}
    asked = {person_id: homes.get(person_id, event.organisation_id) for person_id in event.asked_person_ids}
    await _tell_workers(session, event, Fact.substitute_sought, asked, fields)


async def tell_application_received(session: AsyncSession, event: ApplicationReceived) -> None:
    """Tell those who recruit that somebody applied."""
    happening = Happening(
        fact=Fact.application_received,
        fact_id=fact_id(event.wire_type, event.key),
        organiser_id=event.organisation_id,
        fields={"title": event.title},
    )
    await use_cases.tell(session, happening)


async def _tell_workers(
    session: AsyncSession,
    event: ShiftAssigned | ShiftReleased | SubstituteSought,
    fact: Fact,
    workers: Mapping[UUID, UUID],
    fields: Mapping[str, Any],
    *parts: object,
) -> None:
    """`workers` gives, beside each person, the association that knows how to reach him."""
    shown = event.model_dump(mode="json", include={"title", "role", "starts_at", "ends_at", "time_zone"})
    happening = Happening(
        fact=fact,
        fact_id=fact_id(event.wire_type, event.key, *parts),
        organiser_id=event.organisation_id,
        fields={**shown, **fields},
        contacts=workers,
        session_id=event.session_id,
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
        session_id=event.session_id,
    )
    await use_cases.tell(session, happening)

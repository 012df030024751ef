"""Events of the staffing service."""

from __future__ import annotations

from uuid import UUID

from contracts.event import Event, Instant


class CoverageEvent(Event):
    """How many supervisors a session needs and has; `qualified` are among `supervisors`."""

    session_id: UUID
    version: int
    title: str
    starts_at: Instant
    time_zone: str
    supervisors_needed: int
    qualified_needed: int
    supervisors_present: int
    qualified_present: int
    rule: str
    explanation: str


class CoverageShort(CoverageEvent, wire_type="staffing.coverage_short.v1", topic="staffing.coverage", key="session_id"):
    """A session has too few supervisors, or too few qualified ones, for the people booked."""


class CoverageRestored(
    CoverageEvent, wire_type="staffing.coverage_restored.v1", topic="staffing.coverage", key="session_id"
):
    """A session that was short has enough supervisors again."""

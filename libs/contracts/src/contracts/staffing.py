"""Events of the staffing service."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.erasures import ErasureAnswer
from contracts.event import Currency, Event, Fact, Instant, MinorUnits


class CoverageGrounds(Fact):
    """What a supervision rule counted and demands, for sentences in any language.

    `younger` are under `younger_below_age`, the `unknown` (of unknown age) among them; `adults` need no supervision.
    A rule reckons either by `group_size`, or by `younger_per_supervisor` and `older_per_supervisor`; with none of them
    it demands nobody. Shares are fractions such as "1/3".
    """

    jurisdiction: str
    valid_from: date | None = None
    source: str
    status: str
    younger_below_age: int
    younger: int
    older: int
    unknown: int
    adults: int
    session_minutes: int
    group_size: int | None = None
    younger_per_supervisor: int | None = None
    older_per_supervisor: int | None = None
    qualified_share: str | None = None
    unqualified_share_max: str | None = None
    unqualified_not_counted: int = 0


class CoverageEvent(Event):
    """How many supervisors a session needs and has; `qualified` are among `supervisors`.

    `explanation` is for people on call and in English; `grounds` are for those who work with the session.
    """

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
    grounds: CoverageGrounds | None = None


class CoverageShort(CoverageEvent, wire_type="staffing.coverage_short.v1", topic="staffing.coverage", key="session_id"):
    """A session has too few supervisors, or too few qualified ones, for the people booked."""


class CoverageRestored(
    CoverageEvent, wire_type="staffing.coverage_restored.v1", topic="staffing.coverage", key="session_id"
):
    """A session that was short has enough supervisors again."""


class HeldPerson(Fact):
    """A person who was assigned to a shift of the session."""

    shift_id: UUID
    person_id: UUID
    role: str


class PeopleHeld(Event, wire_type="staffing.people_held.v1", topic="staffing.holds", key="hold_id"):
    """Everybody whom a version of a hold asked for is assigned, until that version is confirmed or released."""

    hold_id: UUID
    version: int
    session_id: UUID
    people: tuple[HeldPerson, ...]


class PersonRefusalReason(StrEnum):
    """Why a role cannot be filled, or not by the person that was asked for."""

    unknown_person = "unknown_person"
    nobody_found = "nobody_found"
    clash = "clash"
    on_leave = "on_leave"
    not_available = "not_available"
    not_qualified = "not_qualified"
    paper_expired = "paper_expired"
    rest_too_short = "rest_too_short"
    too_many_hours = "too_many_hours"
    ceiling_reached = "ceiling_reached"
    employee_and_volunteer = "employee_and_volunteer"


class PersonRefusal(Fact):
    """Why a role cannot be filled; `alternatives` are the people who could fill it instead, best first.

    `explanation` is a fact for the one who asked, in English.
    """

    role: str
    reason: PersonRefusalReason
    explanation: str
    alternatives: tuple[UUID, ...]


class PeopleRefused(Event, wire_type="staffing.people_refused.v1", topic="staffing.holds", key="hold_id"):
    """Some of the people cannot be held, so nobody is."""

    hold_id: UUID
    version: int
    session_id: UUID
    refusals: tuple[PersonRefusal, ...]


class PersonChanged(Event, wire_type="staffing.person_changed.v1", topic="staffing.people", key="person_id"):
    """Where and in which language somebody who works or helps is told things; no e-mail: by telephone."""

    person_id: UUID
    version: int
    kind: str
    display_name: str
    email: str | None
    language: str
    account_issuer: str | None = None
    account_subject: str | None = None
    link_code: str | None = None


class ShiftEvent(Event):
    """Somebody and a shift; `version` is the shift's."""

    shift_id: UUID
    version: int
    session_id: UUID | None
    title: str
    role: str
    starts_at: Instant
    ends_at: Instant
    time_zone: str
    person_id: UUID
    assignment_id: UUID


class ShiftAssigned(ShiftEvent, wire_type="staffing.shift_assigned.v1", topic="staffing.shifts", key="shift_id"):
    """Somebody is on a shift for certain; `chose_himself` when he signed up or took it over.

    `extra_cost_minor` is what he costs more for the whole shift than the one whose place he took.
    """

    chose_himself: bool = False
    activity_id: UUID | None = None
    extra_cost_minor: MinorUnits = 0
    currency: Currency | None = None


class ShiftReleaseReason(StrEnum):
    """Why somebody is no longer on a shift."""

    by_planner = "by_planner"
    by_request = "by_request"
    absent = "absent"
    on_leave = "on_leave"
    replaced = "replaced"
    shift_cancelled = "shift_cancelled"
    session_moved = "session_moved"
    hold_released = "hold_released"


class ShiftReleased(ShiftEvent, wire_type="staffing.shift_released.v1", topic="staffing.shifts", key="shift_id"):
    """Somebody who was on a shift is not any more."""

    reason: ShiftReleaseReason


class AskedElsewhere(Fact):
    """Somebody who is asked although he works for another association, which knows how to reach him."""

    person_id: UUID
    organisation_id: UUID


class SubstituteSought(
    Event, wire_type="staffing.substitute_sought.v1", topic="staffing.substitutes", key="request_id"
):
    """A place on a shift has come free, or will: these people are asked to take it, and the first one gets it."""

    request_id: UUID
    version: int
    shift_id: UUID
    session_id: UUID | None
    title: str
    role: str
    starts_at: Instant
    ends_at: Instant
    time_zone: str
    asked_person_ids: tuple[UUID, ...]
    asked_elsewhere: tuple[AskedElsewhere, ...] = ()


class ApplicationReceived(
    Event, wire_type="staffing.application_received.v1", topic="staffing.applications", key="application_id"
):
    """Somebody applied for a vacancy or a call for volunteers; who it is, those who recruit read in the application."""

    application_id: UUID
    version: int
    vacancy_id: UUID
    title: str
    footing: str


class LentHoursApproved(
    Event, wire_type="staffing.lent_hours_approved.v1", topic="staffing.lent_hours", key="hours_id"
):
    """Hours that somebody of `lent_by_organisation_id` worked here are approved, and owed at its price for an hour."""

    hours_id: UUID
    version: int
    lent_by_organisation_id: UUID
    title: str
    worked_on: date
    minutes: int
    amount_minor: int
    currency: str


class WorkersErased(ErasureAnswer, wire_type="staffing.workers_erased.v1", topic="staffing.erasures", key="erasure_id"):
    """What staffing kept of people who work or help is erased, or named with the duty that keeps it."""

"""What there is to say: every kind of text, the fields that its translations may use, and the choice of language."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

LANGUAGES = ("fr", "nl", "de", "en")


class Kind(StrEnum):
    """A kind of text; every language has one of each. `…_team` speaks to colleagues, the others to the person."""

    booking_confirmed = "booking_confirmed"
    booking_waitlisted = "booking_waitlisted"
    booking_offered = "booking_offered"
    booking_cancelled = "booking_cancelled"
    booking_confirmed_team = "booking_confirmed_team"
    booking_waitlisted_team = "booking_waitlisted_team"
    booking_offered_team = "booking_offered_team"
    booking_cancelled_team = "booking_cancelled_team"
    session_rescheduled = "session_rescheduled"
    session_rescheduled_team = "session_rescheduled_team"
    session_cancelled_team = "session_cancelled_team"
    session_completed_team = "session_completed_team"
    attendance_recorded_team = "attendance_recorded_team"
    budget_threshold_reached = "budget_threshold_reached"
    coverage_short = "coverage_short"
    coverage_restored = "coverage_restored"
    agreement_renewal_due = "agreement_renewal_due"
    lease_notice_due = "lease_notice_due"
    task_due = "task_due"
    hold_given_up = "hold_given_up"
    reservation_asked = "reservation_asked"
    reservation_confirmed = "reservation_confirmed"
    reservation_released = "reservation_released"
    member_invited = "member_invited"
    account_link = "account_link"
    work_account_link = "work_account_link"
    shift_assigned = "shift_assigned"
    shift_taken_team = "shift_taken_team"
    shift_released = "shift_released"
    shift_left_team = "shift_left_team"
    substitute_sought = "substitute_sought"
    substitute_sought_team = "substitute_sought_team"
    application_received = "application_received"
    guest_places_held = "guest_places_held"
    erasure_receipt = "erasure_receipt"


ALWAYS = frozenset({"name", "names", "organiser", "place", "public_url", "rooms", "time_zone"})
"""Who is told, the given names of the participants concerned, the organiser, the site and the rooms in it, and where to
sign in."""

_BOOKING = frozenset({"title", "starts_at", "ends_at", "places", "price_minor", "currency"})
_CANCELLED = _BOOKING | {"reason", "cancelled", "given_back_minor"}
_RESCHEDULED = frozenset({"title", "starts_at", "ends_at", "previous_starts_at", "is_elsewhere"})
_COVERAGE = frozenset(
    {"title", "starts_at", "supervisors_needed", "supervisors_present", "qualified_needed", "qualified_present"}
)
_SHIFT = frozenset({"title", "role", "starts_at", "ends_at"})
_RESERVATION = frozenset({"title", "starts_at", "ends_at", "resource_name"})
_BUDGET = frozenset(
    {"activity_title", "year", "line", "threshold_percent", "planned_minor", "reached_minor", "currency"}
)

FIELDS: dict[Kind, frozenset[str]] = {
    Kind.booking_confirmed: _BOOKING,
    Kind.booking_confirmed_team: _BOOKING,
    Kind.booking_waitlisted: _BOOKING | {"position"},
    Kind.booking_waitlisted_team: _BOOKING | {"position"},
    Kind.booking_offered: _BOOKING | {"expires_at"},
    Kind.booking_offered_team: _BOOKING | {"expires_at"},
    Kind.booking_cancelled: _CANCELLED,
    Kind.booking_cancelled_team: _CANCELLED,
    Kind.session_rescheduled: _RESCHEDULED,
    Kind.session_rescheduled_team: _RESCHEDULED,
    Kind.session_cancelled_team: frozenset({"title", "starts_at", "reason"}),
    Kind.session_completed_team: frozenset({"title", "starts_at", "participants_present", "walk_ins"}),
    Kind.attendance_recorded_team: frozenset({"title", "starts_at", "present", "absent", "excused"}),
    Kind.budget_threshold_reached: _BUDGET,
    Kind.coverage_short: _COVERAGE | {"explanation", "grounds"},
    Kind.coverage_restored: _COVERAGE,
    Kind.agreement_renewal_due: frozenset({"title", "ends_on", "party_names"}),
    Kind.lease_notice_due: frozenset({"resource_name", "other_side", "ends_on", "notice_by"}),
    Kind.task_due: frozenset({"title", "due_on", "meeting_title"}),
    Kind.hold_given_up: frozenset({"title", "starts_at", "refused"}),
    Kind.reservation_asked: _RESERVATION,
    Kind.reservation_confirmed: _RESERVATION,
    Kind.reservation_released: _RESERVATION,
    Kind.member_invited: frozenset({"role", "code"}),
    Kind.account_link: frozenset({"code"}),
    Kind.work_account_link: frozenset({"code"}),
    Kind.shift_assigned: _SHIFT,
    Kind.shift_taken_team: _SHIFT,
    Kind.shift_released: _SHIFT | {"reason"},
    Kind.shift_left_team: _SHIFT,
    Kind.substitute_sought: _SHIFT,
    Kind.substitute_sought_team: _SHIFT | {"asked"},
    Kind.application_received: frozenset({"title"}),
    Kind.guest_places_held: _BOOKING | {"expires_at", "code", "purpose"},
    Kind.erasure_receipt: frozenset({"erased", "kept", "code"}),
}
"""The fields of each kind beside those that every text has; instants are ISO 8601, money is in minor units."""


def choose_language(wanted: str, association_languages: Sequence[str] | None) -> str:
    """The recipient's language, else the first of the association's that we have, else French."""
    for language in (wanted, *(association_languages or ())):
        base = language.lower().replace("_", "-").partition("-")[0]
        if base in LANGUAGES:
            return base
    return LANGUAGES[0]

"""Kafka in: every consumer group of the service and what it does on each event."""

from __future__ import annotations

import asyncio

from access.projection import projection_of
from common.commands import run_consumers
from common.reactions import Reaction
from common.running import main
from contracts.activities import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    BookingOffered,
    BookingWaitlisted,
    ContactChanged,
    GuestPlacesHeld,
    HoldReleased,
    SessionCancelled,
    SessionCompleted,
    SessionRescheduled,
)
from contracts.finance import BudgetThresholdReached
from contracts.partners import (
    AgreementRenewalDue,
    LeaseNoticeDue,
    MemberContactChanged,
    ReservationAsked,
    ReservationConfirmed,
    ReservationReleased,
    TaskDue,
)
from contracts.staffing import (
    ApplicationReceived,
    CoverageRestored,
    CoverageShort,
    PersonChanged,
    ShiftAssigned,
    ShiftReleased,
    SubstituteSought,
)
from notifications.database import worker_database
from notifications.erasures.event_handlers import ERASURES
from notifications.messages import event_handlers as messages
from notifications.settings import Settings
from notifications.templates.use_cases import name_sign_in_address
from notifications.work import event_handlers as work

REACTIONS = (
    projection_of("notifications"),
    Reaction(
        group="notifications.recipients",
        handlers={
            MemberContactChanged: messages.keep_member,
            ContactChanged: messages.keep_contact,
            PersonChanged: messages.keep_worker,
        },
        erasers=dict.fromkeys((MemberContactChanged, ContactChanged, PersonChanged), messages.forget_recipient),
    ),
    Reaction(
        group="notifications.messages",
        handlers={
            BookingConfirmed: messages.tell_booking_confirmed,
            BookingWaitlisted: messages.tell_booking_waitlisted,
            BookingOffered: messages.tell_booking_offered,
            BookingCancelled: messages.tell_booking_cancelled,
            GuestPlacesHeld: messages.tell_guest_places_held,
            SessionRescheduled: messages.tell_session_rescheduled,
            SessionCancelled: messages.tell_session_cancelled,
            SessionCompleted: messages.tell_session_completed,
            AttendanceRecorded: messages.tell_attendance,
            BudgetThresholdReached: messages.tell_budget_threshold,
            AgreementRenewalDue: messages.tell_agreement_renewal,
            LeaseNoticeDue: messages.tell_lease_notice,
            TaskDue: messages.tell_task_due,
            HoldReleased: work.tell_hold_released,
            ReservationAsked: work.tell_reservation_asked,
            ReservationConfirmed: work.tell_reservation_confirmed,
            ReservationReleased: work.tell_reservation_released,
            CoverageShort: work.tell_coverage_short,
            CoverageRestored: work.tell_coverage_restored,
            ShiftAssigned: work.tell_shift_assigned,
            ShiftReleased: work.tell_shift_released,
            SubstituteSought: work.tell_substitute_sought,
            ApplicationReceived: work.tell_application_received,
        },
    ),
    ERASURES,
)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Consume until `stop` is set."""
    name_sign_in_address(settings.public_url)
    await run_consumers("notifications", settings, worker_database, REACTIONS, stop)


if __name__ == "__main__":
    main("notifications", Settings(), run)

"""Kafka in: what people are told about, and the recipients to tell.

Recipients are kept here because the messages that waited for one are written in the transaction that makes him known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.activities import (
    AttendanceRecorded,
    AttendanceState,
    BookedPlace,
    BookingCancelled,
    BookingConfirmed,
    BookingEvent,
    BookingOffered,
    BookingWaitlisted,
    CancellationReason,
    ContactChanged,
    GuestPlacesHeld,
    LinkPurpose,
    SessionCancelled,
    SessionCompleted,
    SessionEvent,
    SessionRescheduled,
)
from contracts.event import Event
from contracts.finance import BudgetThresholdReached
from contracts.partners import AgreementRenewalDue, LeaseNoticeDue, MemberContactChanged, MembershipState, TaskDue
from contracts.staffing import PersonChanged
from notifications.bookings import use_cases as bookings
from notifications.messages import use_cases
from notifications.messages.domain import Fact, Happening, fact_id
from notifications.recipients import use_cases as recipients
from notifications.recipients.domain import Recipient, RecipientKind

AnyBooking = TypeVar("AnyBooking", bound=BookingEvent)


def _digest(code: str) -> str:
    """A code's trace that does not give the code away: one message per code, whatever is published again."""
    return hashlib.sha256(code.encode()).hexdigest()[:16]


async def keep_member(session: AsyncSession, event: MemberContactChanged) -> None:
    """Know where a member is told things, and send an invitation with its code."""
    recipient = Recipient(
        recipient_id=event.membership_id,
        organisation_id=event.organisation_id,
        version=event.version,
        kind=RecipientKind.member,
        display_name=event.display_name,
        email=event.email or None,
        language=event.language,
        role=event.role,
        state=event.state,
        account_issuer=event.account_issuer,
        account_subject=event.account_subject,
    )
    if not await recipients.keep_recipient(session, recipient):
        return
    await use_cases.follow_recipient(session, event.membership_id, event.organisation_id)
    if event.invitation_code and event.state is MembershipState.invited:
        fields = {"role": event.role, "code": event.invitation_code}
        await _tell_addressee(session, event, Fact.member_invited, event.invitation_code, fields)


async def forget_recipient(session: AsyncSession, recipient_id: UUID) -> None:
    """A member or a contact was erased by the owner of that record."""
    await recipients.forget_recipient(session, recipient_id)


async def keep_contact(session: AsyncSession, event: ContactChanged) -> None:
    """Know where a contact is told things, write what waited for him, and send the code that links his account."""
    given_names = {person.participant_id: person.given_name for person in event.persons}
    household = {event.household_id} if event.household_id else set()
    recipient = Recipient(
        recipient_id=event.contact_id,
        organisation_id=event.organisation_id,
        version=event.version,
        kind=RecipientKind.contact,
        display_name=event.display_name,
        email=event.email or None,
        language=event.language,
        account_issuer=event.account_issuer,
        account_subject=event.account_subject,
        prefers_phone=event.prefers_phone,
        person_ids=frozenset(given_names) | household,
        given_names=given_names,
    )
    if not await recipients.keep_recipient(session, recipient):
        return
    await use_cases.follow_recipient(session, event.contact_id, event.organisation_id)
    if event.link_code:
        fields = {"code": event.link_code}
        participants = frozenset(given_names)
        await _tell_addressee(session, event, Fact.account_link_offered, event.link_code, fields, participants)


async def keep_worker(session: AsyncSession, event: PersonChanged) -> None:
    """Know where somebody who works is told things, and send the code that links his account."""
    recipient = Recipient(
        recipient_id=event.person_id,
        organisation_id=event.organisation_id,
        version=event.version,
        kind=RecipientKind.worker,
        display_name=event.display_name,
        email=event.email or None,
        language=event.language,
        account_issuer=event.account_issuer,
        account_subject=event.account_subject,
    )
    if not await recipients.keep_recipient(session, recipient):
        return
    await use_cases.follow_recipient(session, event.person_id, event.organisation_id)
    if event.link_code:
        fields = {"code": event.link_code}
        await _tell_addressee(session, event, Fact.work_account_link_offered, event.link_code, fields)


async def _tell_addressee(
    session: AsyncSession,
    event: Event,
    fact: Fact,
    code: str,
    fields: Mapping[str, Any],
    participant_ids: frozenset[UUID] = frozenset(),
) -> None:
    happening = Happening(
        fact=fact,
        fact_id=fact_id(event.wire_type, event.key, _digest(code)),
        organiser_id=event.organisation_id,
        fields=fields,
        participant_ids=participant_ids,
        addressee_id=event.key,
    )
    await use_cases.tell(session, happening)


def _booking_happening(
    event: BookingEvent, fact: Fact, places: Iterable[BookedPlace], fields: Mapping[str, Any]
) -> Happening:
    """The people around a booking: who is told about these places of it."""
    places = list(places)
    participant_ids = frozenset(place.participant_id for place in places)
    homes = [place.home_organisation_id for place in places]
    owed_by_household = event.payer.kind == "household"
    return Happening(
        fact=fact,
        fact_id=fact_id(event.wire_type, event.key, event.version),
        organiser_id=event.organisation_id,
        fields={
            "title": event.title,
            "starts_at": event.starts_at.isoformat(),
            "ends_at": event.ends_at.isoformat(),
            "time_zone": event.time_zone,
            "rooms": event.rooms,
            "places": len(event.places),
            "price_minor": sum(place.price_minor for place in event.places) if owed_by_household else 0,
            "currency": event.currency,
            **fields,
        },
        contacts={event.contact_id: homes[0] if homes else event.organisation_id} if event.contact_id else {},
        participant_ids=participant_ids,
        without_contact=frozenset() if event.contact_id else participant_ids,
        home_ids=frozenset(homes),
        booked_by_ids=frozenset({event.booked_by_organisation_id} if event.booked_by_organisation_id else ()),
        session_id=event.session_id,
        site_id=event.site_id,
    )


async def _keep_booking(session: AsyncSession, event: AnyBooking, state: str) -> AnyBooking:
    """Keep the booking; gives its event with the newest times that are known of its session.

    A session that was moved asks for its rooms anew: which it has then is not known here.
    """
    booking = {
        "booking_id": event.booking_id,
        "organisation_id": event.organisation_id,
        "version": event.version,
        "session_id": event.session_id,
        "session_version": event.session_version,
        "state": state,
        "contact_id": event.contact_id,
        "booked_by_organisation_id": event.booked_by_organisation_id,
        "participant_ids": [place.participant_id for place in event.places],
        "home_organisation_ids": [place.home_organisation_id for place in event.places],
    }
    moved = await bookings.keep_booking(session, booking)
    return event.model_copy(update={**moved, "rooms": ()}) if moved else event


async def tell_booking_confirmed(session: AsyncSession, event: BookingConfirmed) -> None:
    """Tell the people around a booking that its places are taken."""
    event = await _keep_booking(session, event, "confirmed")
    await use_cases.tell(session, _booking_happening(event, Fact.booking_confirmed, event.places, {}))


async def tell_guest_places_held(session: AsyncSession, event: GuestPlacesHeld) -> None:
    """Send somebody without an account the link that confirms places, joins the waiting list or answers an offer."""
    is_offer = event.purpose is LinkPurpose.take_offer
    happening = Happening(
        fact=Fact.guest_places_held,
        fact_id=fact_id(event.wire_type, event.key, *([_digest(event.code)] if is_offer else [])),
        organiser_id=event.organisation_id,
        fields={
            "title": event.title,
            "starts_at": event.starts_at.isoformat(),
            "ends_at": event.ends_at.isoformat(),
            "time_zone": event.time_zone,
            "rooms": event.rooms,
            "places": event.places,
            "price_minor": event.price_minor,
            "currency": event.currency,
            "expires_at": event.expires_at.isoformat(),
            "code": event.code,
            "purpose": event.purpose,
        },
        addressee_id=event.contact_id,
        session_id=event.session_id,
        site_id=event.site_id,
    )
    await use_cases.tell(session, happening)


async def tell_booking_waitlisted(session: AsyncSession, event: BookingWaitlisted) -> None:
    """Tell the people around a booking that it waits."""
    event = await _keep_booking(session, event, "waiting")
    fields = {"position": event.position}
    await use_cases.tell(session, _booking_happening(event, Fact.booking_waitlisted, event.places, fields))


async def tell_booking_offered(session: AsyncSession, event: BookingOffered) -> None:
    """Tell the people around a waiting booking that places are set aside for it; a guest by the link only."""
    event = await _keep_booking(session, event, "offered")
    fields = {"expires_at": event.expires_at.isoformat()}
    happening = _booking_happening(event, Fact.booking_offered, event.places, fields)
    if event.is_told_by_link:
        happening = replace(happening, contacts={}, without_contact=frozenset())
    await use_cases.tell(session, happening)


async def tell_booking_cancelled(session: AsyncSession, event: BookingCancelled) -> None:
    """Tell the people around the places that were given up; colleagues hear of a cancelled session as such."""
    event = await _keep_booking(session, event, event.previous_state if event.places else "cancelled")
    fields = {
        "reason": event.reason,
        "cancelled": len(event.cancelled_places),
        "given_back_minor": sum(back.amount_minor for back in event.given_back),
    }
    if event.reason is not CancellationReason.session_cancelled:
        happening = _booking_happening(event, Fact.booking_cancelled, event.cancelled_places, fields)
        await use_cases.tell(session, happening)
        return
    happening = _booking_happening(event, Fact.booking_cancelled_with_session, event.cancelled_places, fields)
    await use_cases.tell(session, happening)
    if event.booked_by_organisation_id:
        await use_cases.tell(session, _session_cancelled(event, event.booked_by_organisation_id))


def _session_cancelled(event: BookingCancelled, booked_by_id: UUID) -> Happening:
    """The cancelled session as the booking association hears of it, should this event arrive before the session's."""
    return Happening(
        fact=Fact.session_cancelled,
        fact_id=f"{SessionCancelled.wire_type}:{event.session_id}",
        organiser_id=event.organisation_id,
        fields={
            "title": event.title,
            "starts_at": event.starts_at.isoformat(),
            "time_zone": event.time_zone,
            "reason": event.session_cancellation_reason or "",
        },
        booked_by_ids=frozenset({booked_by_id}),
        session_id=event.session_id,
        site_id=event.site_id,
    )


def _session_happening(event: SessionEvent, fact: Fact, fact_id: str, fields: Mapping[str, Any]) -> Happening:
    return Happening(
        fact=fact,
        fact_id=fact_id,
        organiser_id=event.organisation_id,
        fields={
            "title": event.title,
            "starts_at": event.starts_at.isoformat(),
            "ends_at": event.ends_at.isoformat(),
            "time_zone": event.time_zone,
            **fields,
        },
        session_id=event.session_id,
        site_id=event.site_id,
    )


async def tell_session_rescheduled(session: AsyncSession, event: SessionRescheduled) -> None:
    """Tell everyone with a live booking, and the people who run the session, of the new time or site."""
    planned = event.model_dump(include={"session_id", "organisation_id", "version", "starts_at", "ends_at", "site_id"})
    await bookings.keep_session(session, planned)
    fields = {
        "previous_starts_at": event.previous_starts_at.isoformat(),
        "is_elsewhere": event.previous_site_id not in (None, event.site_id),
    }
    happening = _session_happening(
        event, Fact.session_rescheduled, fact_id(event.wire_type, event.key, event.version), fields
    )
    await use_cases.tell_everyone_booked(session, event.session_id, happening)


async def tell_session_cancelled(session: AsyncSession, event: SessionCancelled) -> None:
    """Tell the team and the booking associations; the contacts hear it by their cancelled bookings."""
    happening = _session_happening(
        event, Fact.session_cancelled, fact_id(event.wire_type, event.key), {"reason": event.reason}
    )
    await use_cases.tell_booking_associations(session, event.session_id, happening)


async def tell_session_completed(session: AsyncSession, event: SessionCompleted) -> None:
    """Tell the organiser's coordinators that a session is closed."""
    fields = {"participants_present": event.participants_present, "walk_ins": event.walk_ins}
    await use_cases.tell(
        session,
        _session_happening(event, Fact.session_completed, fact_id(event.wire_type, event.key, event.version), fields),
    )


async def tell_attendance(session: AsyncSession, event: AttendanceRecorded) -> None:
    """Tell each home association how many of its own participants came; a correction is told again."""
    counts: dict[UUID, dict[str, Any]] = {}
    for place in event.places:
        of_home = counts.setdefault(place.home_organisation_id, {str(state): 0 for state in AttendanceState})
        of_home[str(place.state)] += 1
    happening = Happening(
        fact=Fact.attendance_recorded,
        fact_id=fact_id(event.wire_type, event.key, event.version),
        organiser_id=event.organisation_id,
        fields={"title": event.title, "starts_at": event.starts_at.isoformat()},
        home_ids=frozenset(counts),
        fields_of=counts,
        session_id=event.session_id,
    )
    await use_cases.tell(session, happening)


async def tell_budget_threshold(session: AsyncSession, event: BudgetThresholdReached) -> None:
    """Tell those who answer for the money that a line of the budget passed a threshold."""
    fields = event.model_dump(
        include={
            "activity_title", "year", "line", "threshold_percent", "planned_minor", "reached_minor", "currency",
        }
    )  # fmt: skip
    happening = Happening(
        fact=Fact.budget_threshold_reached,
        fact_id=fact_id(event.wire_type, event.key, event.version, event.line, event.threshold_percent),
        organiser_id=event.organisation_id,
        fields=fields,
    )
    await use_cases.tell(session, happening)


async def tell_agreement_renewal(session: AsyncSession, event: AgreementRenewalDue) -> None:
    """Tell those who plan that an agreement runs out soon."""
    happening = Happening(
        fact=Fact.agreement_renewal_due,
        fact_id=fact_id(event.wire_type, event.key, event.ends_on),
        organiser_id=event.organisation_id,
        fields=event.model_dump(mode="json", include={"title", "ends_on", "party_names"}),
    )
    await use_cases.tell(session, happening)


async def tell_lease_notice(session: AsyncSession, event: LeaseNoticeDue) -> None:
    """Tell those who plan until when notice of a lease can be given."""
    happening = Happening(
        fact=Fact.lease_notice_due,
        fact_id=fact_id(event.wire_type, event.key, event.notice_by),
        organiser_id=event.organisation_id,
        fields=event.model_dump(mode="json", include={"resource_name", "other_side", "ends_on", "notice_by"}),
    )
    await use_cases.tell(session, happening)


async def tell_task_due(session: AsyncSession, event: TaskDue) -> None:
    """Remind the owner of a task, once for a day that it was promised for."""
    happening = Happening(
        fact=Fact.task_due,
        fact_id=fact_id(event.wire_type, event.key, event.due_on, event.owner_membership_id),
        organiser_id=event.organisation_id,
        fields=event.model_dump(mode="json", include={"title", "due_on", "meeting_title"}),
        addressee_id=event.owner_membership_id,
    )
    await use_cases.tell(session, happening)

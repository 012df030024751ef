"""Events of the activities service: sessions, holds, bookings, attendance, and the people who are told about them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.erasures import ErasedRecords, KeptRecords
from contracts.event import Currency, Event, Fact, Instant, MinorUnits


class CostShare(Fact):
    """What part of a session's cost and income an association bears, in basis points (10 000 = all)."""

    organisation_id: UUID
    basis_points: int


class SupervisionSetting(StrEnum):
    """Which dated supervision rule applies to a session."""

    none = "none"
    be_holiday_centre = "be_holiday_centre"
    fr_extracurricular = "fr_extracurricular"
    fr_periscolaire = "fr_periscolaire"
    fr_periscolaire_pedt = "fr_periscolaire_pedt"


class SessionEvent(Event):
    """What every session event carries: the whole state of the session. Times are UTC; the site has the zone."""

    session_id: UUID
    version: int
    activity_id: UUID
    programme_id: UUID
    site_id: UUID
    title: str
    starts_at: Instant
    ends_at: Instant
    time_zone: str
    capacity: int
    minimum: int
    currency: Currency
    jurisdiction: str
    supervision: SupervisionSetting
    cost_shares: tuple[CostShare, ...]
    open_door: bool = False


class SessionScheduled(
    SessionEvent, wire_type="activities.session_scheduled.v1", topic="activities.sessions", key="session_id"
):
    """A session was planned and opened for booking."""


class SessionRescheduled(
    SessionEvent, wire_type="activities.session_rescheduled.v1", topic="activities.sessions", key="session_id"
):
    """A session moved to another time, another site, or both; its bookings stay."""

    previous_starts_at: Instant
    previous_ends_at: Instant
    previous_site_id: UUID | None = None


class SessionCancelled(
    SessionEvent, wire_type="activities.session_cancelled.v1", topic="activities.sessions", key="session_id"
):
    """A session will not take place; every booking of it is cancelled by an event of its own."""

    reason: str


class SessionCompleted(
    SessionEvent, wire_type="activities.session_completed.v1", topic="activities.sessions", key="session_id"
):
    """A session took place and its attendance is closed."""

    participants_present: int
    walk_ins: int = 0


class ResourceWish(Fact):
    """A room or a piece of equipment that a session wants; the times include the session's own set-up and clean-up.

    `quantity` counts pieces of a stock; it is 1 for what exists once. The owner adds what the resource itself needs.
    """

    resource_id: UUID
    owner_organisation_id: UUID
    quantity: int
    starts_at: Instant
    ends_at: Instant


class PersonWish(Fact):
    """How many people a session wants in a role; `person_ids` are the ones it asks for by name, at most `count`."""

    role: str
    count: int
    qualification: str | None
    person_ids: tuple[UUID, ...]


class HoldEvent(Event):
    """What every hold event carries. Each request for the same hold is a version of its own, counted from 1."""

    hold_id: UUID
    version: int
    session_id: UUID


class HoldRequested(HoldEvent, wire_type="activities.hold_requested.v1", topic="activities.holds", key="hold_id"):
    """A session asks for everything it needs at once. Whoever has something to hold answers with this version.

    It replaces what earlier versions asked for. `answer_by` is when the coordinator gives up; holders never do.
    """

    title: str
    starts_at: Instant
    ends_at: Instant
    time_zone: str
    site_id: UUID
    resources: tuple[ResourceWish, ...]
    people: tuple[PersonWish, ...]
    answer_by: Instant


class HoldConfirmed(HoldEvent, wire_type="activities.hold_confirmed.v1", topic="activities.holds", key="hold_id"):
    """Everything that this version asked for is held, and stays."""


class HoldReleaseReason(StrEnum):
    """Why what was held for a session is given back."""

    refused = "refused"
    late = "late"
    replaced = "replaced"
    session_cancelled = "session_cancelled"
    nothing_wished = "nothing_wished"


class HoldReleased(HoldEvent, wire_type="activities.hold_released.v1", topic="activities.holds", key="hold_id"):
    """What was held for this version, or an earlier one, is given back; it may come twice, and without a hold.

    `refused` names what could not be had. Title and time are missing in the answer to who held something for nothing.
    """

    reason: HoldReleaseReason
    title: str | None = None
    starts_at: Instant | None = None
    time_zone: str | None = None
    refused: tuple[str, ...] = ()


class Payer(Fact):
    """Who owes the charge of a booking: a household, or the home association of the participants."""

    kind: Literal["household", "organisation"]
    id: UUID


class BookedPlace(Fact):
    """One participant's place. `age` is in whole years on the day of the session; `price_minor` is frozen."""

    participant_id: UUID
    home_organisation_id: UUID
    age: int | None
    price_category: str
    price_minor: MinorUnits


class BookingEvent(Event):
    """What every booking event carries. `organisation_id` is the organiser's; `places` are those of the booking now.

    `session_version` tells which state of the session title and times are from: a later one may be known already.
    `rooms` are the names of those that are held for it at that time.
    """

    booking_id: UUID
    version: int
    session_id: UUID
    activity_id: UUID
    title: str
    starts_at: Instant
    ends_at: Instant
    time_zone: str
    booked_by_organisation_id: UUID | None = None
    contact_id: UUID | None = None
    payer: Payer
    currency: Currency
    places: tuple[BookedPlace, ...]
    cost_shares: tuple[CostShare, ...]
    session_version: int | None = None
    site_id: UUID | None = None
    rooms: tuple[str, ...] = ()


class BookingConfirmed(
    BookingEvent, wire_type="activities.booking_confirmed.v1", topic="activities.bookings", key="booking_id"
):
    """Every place of the booking is taken."""


class BookingWaitlisted(
    BookingEvent, wire_type="activities.booking_waitlisted.v1", topic="activities.bookings", key="booking_id"
):
    """The session had too few places; the booking waits."""

    position: int


class BookingOffered(
    BookingEvent, wire_type="activities.booking_offered.v1", topic="activities.bookings", key="booking_id"
):
    """Places were set aside for a waiting booking until `expires_at`.

    Where `is_told_by_link` a guest waits, and gets the link of `guest_places_held` instead of a message of this.
    """

    expires_at: Instant
    is_told_by_link: bool = False


class LinkPurpose(StrEnum):
    """What the link of a guest does."""

    confirm = "confirm"
    """Books the places that are held."""
    wait = "wait"
    """Joins the waiting list: nothing is held."""
    take_offer = "take_offer"
    """Takes or leaves the places that are set aside for the booking, which waited."""


class GuestPlacesHeld(
    Event, wire_type="activities.guest_places_held.v1", topic="activities.bookings", key="booking_id"
):
    """Places are held for a guest until `expires_at`; the booking of this id follows when `code` is used.

    `purpose` says otherwise where the guest waits or waited.
    """

    booking_id: UUID
    session_id: UUID
    title: str
    starts_at: Instant
    ends_at: Instant
    time_zone: str
    contact_id: UUID
    places: int
    price_minor: MinorUnits
    currency: Currency
    expires_at: Instant
    code: str
    site_id: UUID | None = None
    purpose: LinkPurpose = LinkPurpose.confirm
    rooms: tuple[str, ...] = ()


class CancellationReason(StrEnum):
    """Why places were given up."""

    by_request = "by_request"
    session_cancelled = "session_cancelled"
    offer_expired = "offer_expired"
    offer_declined = "offer_declined"


class GivenBack(Fact):
    """What is given back for one cancelled place, of the price that was frozen on it."""

    participant_id: UUID
    amount_minor: MinorUnits


class BookingCancelled(
    BookingEvent, wire_type="activities.booking_cancelled.v1", topic="activities.bookings", key="booking_id"
):
    """Some or all places were given up; `places` are the ones that remain.

    `session_cancellation_reason` is what the organiser gave as the reason, when the whole session was cancelled.
    """

    reason: CancellationReason
    session_cancellation_reason: str | None = None
    previous_state: Literal["confirmed", "waiting", "offered"]
    cancelled_places: tuple[BookedPlace, ...]
    given_back: tuple[GivenBack, ...]


class AttendanceState(StrEnum):
    """Whether a participant came."""

    present = "present"
    absent = "absent"
    excused = "excused"


class AttendedPlace(Fact):
    """One participant's attendance; `given_back_minor` is what the terms give back for an excused absence."""

    booking_id: UUID
    participant_id: UUID
    home_organisation_id: UUID
    state: AttendanceState
    price_minor: MinorUnits
    given_back_minor: MinorUnits = 0


class AgeBandCount(Fact):
    """Anonymous visitors of an open-door session; ages are whole years, `to_age` is included."""

    from_age: int
    to_age: int
    count: int


class AttendanceRecorded(
    Event, wire_type="activities.attendance_recorded.v1", topic="activities.attendance", key="session_id"
):
    """The whole attendance list of a session as it stands; a correction publishes it again, one version on."""

    session_id: UUID
    version: int
    activity_id: UUID
    title: str
    starts_at: Instant
    currency: Currency
    places: tuple[AttendedPlace, ...]
    anonymous_counts: tuple[AgeBandCount, ...] = ()
    cost_shares: tuple[CostShare, ...] = ()


class AccountPersonsChanged(
    Event, wire_type="activities.account_persons_changed.v1", topic="activities.account_persons", key="contact_id"
):
    """The persons that an account answers for: himself and his household. The household's id is among them."""

    contact_id: UUID
    version: int
    account_issuer: str
    account_subject: str
    person_ids: tuple[UUID, ...]


class AnsweredPerson(Fact):
    """A participant that a contact answers for, by the name used in messages to that contact."""

    participant_id: UUID
    given_name: str


class ContactChanged(Event, wire_type="activities.contact_changed.v1", topic="activities.contacts", key="contact_id"):
    """Where and in which language a household's contact is told things.

    Without an e-mail address, or where the telephone is preferred, by telephone or on paper.
    """

    contact_id: UUID
    version: int
    household_id: UUID | None
    display_name: str
    email: str | None
    language: str
    persons: tuple[AnsweredPerson, ...]
    account_issuer: str | None = None
    account_subject: str | None = None
    link_code: str | None = None
    prefers_phone: bool = False


class ErasureStep(StrEnum):
    """The steps of an erasure, in this order: the address for the receipt goes last, so it is set aside first."""

    address = "address"
    records = "records"
    messages = "messages"


class ErasureRequested(
    Event, wire_type="activities.erasure_requested.v1", topic="activities.erasures", key="erasure_id"
):
    """An association erases a person: everybody whose step it is erases what is named here, and answers.

    Ids are those of records of `organisation_id`. `account_digests` are SHA-256 of "issuer|subject" of the accounts
    that were linked to them; with `is_whole_account`, whatever the association keeps of these accounts goes too.
    `erased` and `kept` are what was answered so far; `code` opens the receipt, which names nobody.
    """

    erasure_id: UUID
    version: int
    step: ErasureStep
    household_ids: tuple[UUID, ...]
    participant_ids: tuple[UUID, ...]
    contact_ids: tuple[UUID, ...]
    worker_ids: tuple[UUID, ...]
    account_digests: tuple[str, ...]
    is_whole_account: bool
    erased: tuple[ErasedRecords, ...]
    kept: tuple[KeptRecords, ...]
    code: str

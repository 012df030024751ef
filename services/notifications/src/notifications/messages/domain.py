"""Who is told what, on which channel, once: facts, circles of people, and the choice of one message per human."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from notifications.recipients.domain import Listener, RecipientKind
from notifications.templates.domain import Kind


class Channel(StrEnum):
    """How a message reaches its reader; post stands for paper or telephone, done by a colleague."""

    email = "email"
    in_app = "in_app"
    post = "post"


class MessageState(StrEnum):
    """How far a message has come."""

    waiting_for_recipient = "waiting_for_recipient"
    pending = "pending"
    sending = "sending"
    sent = "sent"
    failed = "failed"
    to_print = "to_print"
    printed = "printed"


class NoSuchMessage(Exception):
    """No message that the caller may change has this id."""


class NotFailed(Exception):
    """Only a failed message can be sent again."""


class NotToPrint(Exception):
    """Only a message that waits for paper or a telephone call can be marked as told."""


class Fact(StrEnum):
    """What people are told about."""

    booking_confirmed = "booking_confirmed"
    booking_waitlisted = "booking_waitlisted"
    booking_offered = "booking_offered"
    booking_cancelled = "booking_cancelled"
    booking_cancelled_with_session = "booking_cancelled_with_session"
    session_rescheduled = "session_rescheduled"
    session_cancelled = "session_cancelled"
    session_completed = "session_completed"
    attendance_recorded = "attendance_recorded"
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
    account_link_offered = "account_link_offered"
    work_account_link_offered = "work_account_link_offered"
    shift_assigned = "shift_assigned"
    shift_taken = "shift_taken"
    shift_released = "shift_released"
    shift_left = "shift_left"
    substitute_sought = "substitute_sought"
    application_received = "application_received"
    guest_places_held = "guest_places_held"


class Circle(StrEnum):
    """A set of people around a fact."""

    addressee = "addressee"
    """The one member or contact that the fact names."""
    contacts = "contacts"
    """Those who answer for the participants concerned."""
    workers = "workers"
    """Those who work or help and are named by id."""
    organiser = "organiser"
    """Staff of the organisation that the fact belongs to."""
    booking_associations = "booking_associations"
    """Staff of the other associations that booked for their people."""
    home_associations = "home_associations"
    """Staff of the associations that the participants belong to."""


@dataclass(frozen=True)
class Told:
    """One line of the table: this circle (staff: only these roles) gets this text on this channel."""

    circle: Circle
    channel: Channel
    kind: Kind
    roles: tuple[str, ...] = ()


_COORDINATORS = ("coordinator",)
_PLANNERS = ("coordinator", "director")
_LEADERS_ON_SITE = ("coordinator", "animator")
_TEAM = ("coordinator", "director", "animator", "volunteer")
_MONEY = ("treasurer", "director")


def _about_booking(kind: Kind, team_kind: Kind) -> tuple[Told, ...]:
    return (
        Told(Circle.contacts, Channel.email, kind),
        Told(Circle.booking_associations, Channel.email, team_kind, _PLANNERS),
        Told(Circle.organiser, Channel.in_app, team_kind, _COORDINATORS),
    )


def _about_organiser(channel: Channel, kind: Kind, roles: tuple[str, ...]) -> tuple[Told, ...]:
    return (Told(Circle.organiser, channel, kind, roles),)


WHO_IS_TOLD: Mapping[Fact, tuple[Told, ...]] = {
    Fact.booking_confirmed: _about_booking(Kind.booking_confirmed, Kind.booking_confirmed_team),
    Fact.booking_waitlisted: _about_booking(Kind.booking_waitlisted, Kind.booking_waitlisted_team),
    Fact.booking_offered: _about_booking(Kind.booking_offered, Kind.booking_offered_team),
    Fact.booking_cancelled: _about_booking(Kind.booking_cancelled, Kind.booking_cancelled_team),
    Fact.booking_cancelled_with_session: (Told(Circle.contacts, Channel.email, Kind.booking_cancelled),),
    Fact.session_rescheduled: (
        Told(Circle.contacts, Channel.email, Kind.session_rescheduled),
        Told(Circle.booking_associations, Channel.email, Kind.session_rescheduled_team, _PLANNERS),
        Told(Circle.organiser, Channel.in_app, Kind.session_rescheduled_team, _LEADERS_ON_SITE),
    ),
    Fact.session_cancelled: (
        Told(Circle.booking_associations, Channel.email, Kind.session_cancelled_team, _COORDINATORS),
        Told(Circle.organiser, Channel.in_app, Kind.session_cancelled_team, _TEAM),
    ),
    Fact.session_completed: _about_organiser(Channel.in_app, Kind.session_completed_team, _COORDINATORS),
    Fact.attendance_recorded: (
        Told(Circle.home_associations, Channel.in_app, Kind.attendance_recorded_team, _COORDINATORS),
    ),
    Fact.budget_threshold_reached: _about_organiser(Channel.email, Kind.budget_threshold_reached, _MONEY),
    Fact.coverage_short: _about_organiser(Channel.email, Kind.coverage_short, _COORDINATORS),
    Fact.coverage_restored: _about_organiser(Channel.in_app, Kind.coverage_restored, _COORDINATORS),
    Fact.agreement_renewal_due: _about_organiser(Channel.email, Kind.agreement_renewal_due, _PLANNERS),
    Fact.lease_notice_due: _about_organiser(Channel.email, Kind.lease_notice_due, _PLANNERS),
    Fact.task_due: (Told(Circle.addressee, Channel.email, Kind.task_due),),
    Fact.hold_given_up: _about_organiser(Channel.email, Kind.hold_given_up, _COORDINATORS),
    Fact.reservation_asked: _about_organiser(Channel.email, Kind.reservation_asked, _PLANNERS),
    Fact.reservation_confirmed: _about_organiser(Channel.in_app, Kind.reservation_confirmed, _PLANNERS),
    Fact.reservation_released: _about_organiser(Channel.in_app, Kind.reservation_released, _PLANNERS),
    Fact.member_invited: (Told(Circle.addressee, Channel.email, Kind.member_invited),),
    Fact.account_link_offered: (Told(Circle.addressee, Channel.email, Kind.account_link),),
    Fact.shift_assigned: (Told(Circle.workers, Channel.email, Kind.shift_assigned),),
    Fact.shift_taken: (
        Told(Circle.workers, Channel.email, Kind.shift_assigned),
        Told(Circle.organiser, Channel.in_app, Kind.shift_taken_team, _COORDINATORS),
    ),
    Fact.shift_released: (Told(Circle.workers, Channel.email, Kind.shift_released),),
    Fact.shift_left: _about_organiser(Channel.in_app, Kind.shift_left_team, _COORDINATORS),
    Fact.substitute_sought: (
        Told(Circle.workers, Channel.email, Kind.substitute_sought),
        Told(Circle.organiser, Channel.in_app, Kind.substitute_sought_team, _COORDINATORS),
    ),
    Fact.application_received: _about_organiser(Channel.email, Kind.application_received, _PLANNERS),
    Fact.guest_places_held: (Told(Circle.addressee, Channel.email, Kind.guest_places_held),),
    Fact.work_account_link_offered: (Told(Circle.addressee, Channel.email, Kind.work_account_link),),
}
"""Per fact the circles that are told, the most personal first: a human in two circles hears it as the first."""


def fact_id(wire_type: str, key: UUID, *parts: object) -> str:
    """The name of a fact: the same however often and by whichever delivery it arrives."""
    return ":".join((wire_type, str(key), *map(str, parts)))


@dataclass(frozen=True)
class Happening:
    """A fact with what its texts need and the people around it.

    `fact_id` is the same however often and by whichever delivery the fact arrives. `contacts` gives, beside each
    contact or worker by id, the association whose participants he answers for, or that he works for: his message waits
    there while he is unknown.
    Participants in `without_contact` are told through whoever answers for them. `fields_of` adds fields for the staff
    of one association. `session_id` and `site_id` are the session that it is about and where that takes place, if it is
    about one.
    """

    fact: Fact
    fact_id: str
    organiser_id: UUID
    fields: Mapping[str, Any]
    contacts: Mapping[UUID, UUID] = field(default_factory=dict)
    participant_ids: frozenset[UUID] = frozenset()
    without_contact: frozenset[UUID] = frozenset()
    home_ids: frozenset[UUID] = frozenset()
    booked_by_ids: frozenset[UUID] = frozenset()
    fields_of: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)
    addressee_id: UUID | None = None
    session_id: UUID | None = None
    site_id: UUID | None = None

    @property
    def circle_of_contacts(self) -> Circle:
        """Which line of the table speaks to the recipients that are named by id."""
        if self.addressee_id:
            return Circle.addressee
        circles = {told.circle for told in WHO_IS_TOLD[self.fact]}
        return Circle.workers if Circle.workers in circles else Circle.contacts

    @property
    def may_be_read_out(self) -> bool:
        """False for what has one addressee only: it carries a code that nobody reads out on the telephone."""
        return self.addressee_id is None

    @property
    def recipient_ids(self) -> frozenset[UUID]:
        """The recipients named by id."""
        return frozenset({self.addressee_id} if self.addressee_id else self.contacts)

    @property
    def organisation_ids(self) -> frozenset[UUID]:
        """Every organisation whose people may be told."""
        return frozenset({self.organiser_id, *self.contacts.values()}) | self.home_ids | self.booked_by_ids

    def organisations_of(self, circle: Circle) -> frozenset[UUID]:
        """The organisations whose staff forms a circle; the organiser's own bookings concern no other association."""
        if circle is Circle.organiser:
            return frozenset({self.organiser_id})
        if circle is Circle.booking_associations:
            return self.booked_by_ids - {self.organiser_id}
        return self.home_ids if circle is Circle.home_associations else frozenset()

    @property
    def staff(self) -> list[tuple[UUID, str]]:
        """The organisations and roles that are told, each pair once, in a stable order."""
        pairs = {
            (organisation_id, role)
            for told in WHO_IS_TOLD[self.fact]
            for organisation_id in self.organisations_of(told.circle)
            for role in told.roles
        }
        return sorted(pairs)


def choose_listeners(happening: Happening, listeners: Sequence[Listener]) -> list[tuple[str, Listener, Told]]:
    """One message per human: his key, the record that he is told as, and the line of the table that applies."""
    humans = _humans(listeners)
    chosen: dict[str, tuple[str, Listener, Told]] = {}
    for told in WHO_IS_TOLD[happening.fact]:
        for listener in listeners:
            human = humans[listener.recipient_id]
            if human not in chosen and _belongs(listener, told, happening):
                chosen[human] = (human, listener, told)
    return list(chosen.values())


def _humans(listeners: Iterable[Listener]) -> dict[UUID, str]:
    """The human behind each record; a record without an account is the human whose account has the same address."""
    keys = {listener.recipient_id: listener.human for listener in listeners}
    by_address: dict[str, str] = {}
    for listener in listeners:
        if listener.account_subject and listener.email:
            by_address.setdefault(f"email:{listener.email.strip().lower()}", listener.human)
    return {recipient_id: by_address.get(key, key) for recipient_id, key in keys.items()}


def _belongs(listener: Listener, told: Told, happening: Happening) -> bool:
    if told.circle is Circle.addressee:
        return listener.recipient_id == happening.addressee_id
    if told.circle is Circle.contacts:
        return listener.kind is RecipientKind.contact
    if told.circle is Circle.workers:
        return listener.kind is RecipientKind.worker
    return (
        listener.kind is RecipientKind.member
        and listener.role in told.roles
        and listener.organisation_id in happening.organisations_of(told.circle)
    )


def channel_for(channel: Channel, email: str | None, *, prefers_phone: bool) -> Channel:
    """The channel of the table; without an address, or by preference, an e-mail becomes a telephone call or paper."""
    return Channel.post if channel is Channel.email and (not email or prefers_phone) else channel


FIRST_STATE = {
    Channel.email: MessageState.pending,
    Channel.in_app: MessageState.sent,
    Channel.post: MessageState.to_print,
}
"""An in-app message has arrived as soon as it exists."""


def about(organisation_id: UUID | None, session_id: UUID | None) -> dict[str, str | None]:
    """What a fact is about, so that the page of a session can tell what was said of it."""
    return {
        "about_organisation_id": str(organisation_id) if organisation_id else None,
        "session_id": str(session_id) if session_id else None,
    }

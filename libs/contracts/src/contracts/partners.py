"""Events of the partners service: organisations, who may act for them, where to write to those, and what they lend."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.erasures import ErasureAnswer
from contracts.event import Currency, Event, Fact, Instant, MinorUnits


class OrganisationKind(StrEnum):
    """What an organisation is within the federation."""

    federation = "federation"
    association = "association"
    site = "site"
    outside_partner = "outside_partner"


class Role(StrEnum):
    """What a member may do for an organisation; access.roles groups them."""

    federation_admin = "federation_admin"
    director = "director"
    coordinator = "coordinator"
    animator = "animator"
    treasurer = "treasurer"
    volunteer = "volunteer"
    funder = "funder"
    operator = "operator"


class MembershipState(StrEnum):
    """How far a membership has come; only an active one gives rights."""

    invited = "invited"
    active = "active"
    ended = "ended"


class OrganisationChanged(
    Event, wire_type="partners.organisation_changed.v1", topic="partners.organisations", key="organisation_id"
):
    """The whole state of an organisation; `parent_id` is the association of a site, an empty text means none."""

    version: int
    kind: OrganisationKind
    name: str
    slug: str
    federation_ids: tuple[UUID, ...] = ()
    parent_id: UUID | None = None
    time_zone: str
    currency: str
    jurisdiction: str
    languages: tuple[str, ...]
    colour: str = ""
    iban: str = ""
    ended_at: Instant | None = None


class MembershipChanged(
    Event, wire_type="partners.membership_changed.v1", topic="partners.memberships", key="membership_id"
):
    """The whole state of a membership; the account is known from acceptance on."""

    membership_id: UUID
    version: int
    role: Role
    state: MembershipState
    account_issuer: str | None = None
    account_subject: str | None = None


class MemberContactChanged(
    Event, wire_type="partners.member_contact_changed.v1", topic="partners.member_contacts", key="membership_id"
):
    """Where and in which language a member is told things; for notifications only."""

    membership_id: UUID
    version: int
    role: Role
    state: MembershipState
    display_name: str
    email: str
    language: str
    account_issuer: str | None = None
    account_subject: str | None = None
    invitation_code: str | None = None


class HeldResource(Fact):
    """A reservation as it was made, with the resource's own set-up and clean-up time.

    `price_minor` is what the owner gets for all of it by the internal price; 0 for an association's own resource.
    `is_place` is true for a room or a ground, where people go, and false for a vehicle or equipment.
    """

    reservation_id: UUID
    resource_id: UUID
    name: str
    owner_organisation_id: UUID
    quantity: int
    starts_at: Instant
    ends_at: Instant
    price_minor: MinorUnits
    currency: Currency
    is_place: bool = False


class ResourcesHeld(Event, wire_type="partners.resources_held.v1", topic="partners.holds", key="hold_id"):
    """Every resource that a version of a hold asked for is reserved, until that version is confirmed or released."""

    hold_id: UUID
    version: int
    session_id: UUID
    reservations: tuple[HeldResource, ...]


class ResourceRefusalReason(StrEnum):
    """Why a resource cannot be held."""

    unknown_resource = "unknown_resource"
    out_of_service = "out_of_service"
    taken = "taken"
    too_few_left = "too_few_left"
    closed = "closed"
    under_maintenance = "under_maintenance"
    blocked_by_owner = "blocked_by_owner"
    quota_used_up = "quota_used_up"
    paper_expired = "paper_expired"
    declined_by_owner = "declined_by_owner"
    withdrawn_by_owner = "withdrawn_by_owner"


class ResourceAlternative(Fact):
    """Another resource at the same time, or the same one at another time, that was free when the refusal was made."""

    resource_id: UUID
    owner_organisation_id: UUID
    name: str
    starts_at: Instant
    ends_at: Instant


class ResourceRefusal(Fact):
    """Why one resource cannot be held; `explanation` is a fact for the one who asked, in English."""

    resource_id: UUID
    name: str
    reason: ResourceRefusalReason
    explanation: str
    alternatives: tuple[ResourceAlternative, ...]


class ResourcesRefused(Event, wire_type="partners.resources_refused.v1", topic="partners.holds", key="hold_id"):
    """Some of the resources cannot be held, so none is. After a confirmation: the owner had to take one back."""

    hold_id: UUID
    version: int
    session_id: UUID
    refusals: tuple[ResourceRefusal, ...]


class ReservationEvent(Event):
    """What every reservation event carries. `organisation_id` is the owner's of the resource, who gets the price.

    The times include set-up and clean-up. What a session holds names its hold and session.
    """

    reservation_id: UUID
    version: int
    resource_id: UUID
    resource_name: str
    reserved_by_organisation_id: UUID
    hold_id: UUID | None
    session_id: UUID | None
    title: str
    quantity: int
    starts_at: Instant
    ends_at: Instant
    time_zone: str
    price_minor: MinorUnits
    currency: Currency


class ReservationAsked(
    ReservationEvent, wire_type="partners.reservation_asked.v1", topic="partners.reservations", key="reservation_id"
):
    """An association wants a pooled resource whose owner decides each time; the time is kept meanwhile."""


class ReservationConfirmed(
    ReservationEvent, wire_type="partners.reservation_confirmed.v1", topic="partners.reservations", key="reservation_id"
):
    """A resource is reserved for good: from now on its price is owed."""


class ReservationReleaseReason(StrEnum):
    """Why a reservation ended before its time."""

    given_back = "given_back"
    declined_by_owner = "declined_by_owner"
    withdrawn_by_owner = "withdrawn_by_owner"


class ReservationReleased(
    ReservationEvent, wire_type="partners.reservation_released.v1", topic="partners.reservations", key="reservation_id"
):
    """A reservation that was asked for or confirmed is over, and its price is owed no more."""

    reason: ReservationReleaseReason


class AgreementRenewalDue(
    Event, wire_type="partners.agreement_renewal_due.v1", topic="partners.agreements", key="agreement_id"
):
    """An agreement in force runs out soon; `party_names` are the other sides."""

    agreement_id: UUID
    version: int
    title: str
    ends_on: date
    party_names: tuple[str, ...]


class AgreementState(StrEnum):
    """How far an agreement has come, once it was sent to the other sides; `signed` is by all of them."""

    sent = "sent"
    signed = "signed"
    ended = "ended"


class AgreementChanged(
    Event, wire_type="partners.agreement_changed.v1", topic="partners.agreement_states", key="agreement_id"
):
    """The state of an agreement that was sent to its other sides, `party_ids`; no last day means until it is ended."""

    agreement_id: UUID
    version: int
    state: AgreementState
    title: str
    starts_on: date
    ends_on: date | None = None
    party_ids: tuple[UUID, ...]


class TaskDue(Event, wire_type="partners.task_due.v1", topic="partners.tasks", key="task_id"):
    """The day of a task has come and it is not done; its owner is a member, `meeting_title` is where it was given."""

    task_id: UUID
    version: int
    title: str
    due_on: date
    owner_membership_id: UUID
    meeting_title: str | None = None


class LeaseNoticeDue(Event, wire_type="partners.lease_notice_due.v1", topic="partners.leases", key="lease_id"):
    """A lease ends on `ends_on`, and notice of it is in time until the end of `notice_by`."""

    lease_id: UUID
    version: int
    resource_name: str
    other_side: str
    ends_on: date
    notice_by: date


class MembersErased(ErasureAnswer, wire_type="partners.members_erased.v1", topic="partners.erasures", key="erasure_id"):
    """Memberships that have ended are erased; who still holds an office keeps it, and is named so."""

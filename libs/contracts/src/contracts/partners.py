"""Events of the partners service: organisations, who may act for them, and where to write to those people."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from contracts.event import Event, Instant


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
    """The whole state of an organisation; `parent_id` is the association of a site."""

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

"""Which roles fit where, who must remain, and how long an invitation is good for."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

INVITATION_LIFETIME = timedelta(days=14)


class Role(StrEnum):
    """What a member may do for an organisation; the wire carries the same words."""

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


LEADING_ROLES = frozenset({Role.federation_admin, Role.director})


class MembershipNotFound(Exception):
    """There is no such membership, or the caller has no part in it: he is not told which."""


class MembershipHasEnded(Exception):
    """An ended membership stays as it was; the person can be invited again."""


class MembershipChangedMeanwhile(Exception):
    """The membership is not at the version that the caller read."""


class RoleDoesNotFit(Exception):
    """The role does not exist in that kind of organisation."""


class LastLeaderMustStay(Exception):
    """Without this director (of a federation: admin) nobody could lead the organisation."""


class AlreadyMember(Exception):
    """The account is active in this role in this organisation already."""


class AlreadyInvited(Exception):
    """An invitation to this role, sent to this address, is still open."""


class InvitationNotValid(Exception):
    """No open invitation has this code: unknown, used, withdrawn or expired."""


def check_role_fits(role: Role, organisation_kind: str) -> None:
    """Raise RoleDoesNotFit unless the kind of organisation has the role."""
    if organisation_kind == "site":
        raise RoleDoesNotFit("A site has no members of its own; invite to its association.")
    if (role is Role.federation_admin) != (organisation_kind == "federation") and role in LEADING_ROLES:
        raise RoleDoesNotFit("A federation is led by its admins, every other organisation by directors.")


def check_leader_remains(role: Role, state: MembershipState, others_active: int) -> None:
    """Raise LastLeaderMustStay when an active leader without another one beside him would go."""
    if role in LEADING_ROLES and state is MembershipState.active and others_active == 0:
        raise LastLeaderMustStay("Let somebody else accept this role first.")


def is_invitation_open(state: MembershipState, expires_at: datetime | None, moment: datetime) -> bool:
    """True while an invitation can be accepted; it no longer can at the moment when it expires."""
    return state is MembershipState.invited and expires_at is not None and moment < expires_at


def code_fingerprint(code: str) -> bytes:
    """SHA-256 of an invitation's code: the only trace of it that is kept. The code is random, so no salt is needed."""
    return hashlib.sha256(code.encode()).digest()

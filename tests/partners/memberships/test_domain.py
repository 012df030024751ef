"""The rules of memberships, without any database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contracts import partners as wire
from partners.memberships.domain import (
    INVITATION_LIFETIME,
    LastLeaderMustStay,
    MembershipState,
    Role,
    RoleDoesNotFit,
    check_leader_remains,
    check_role_fits,
    code_fingerprint,
    is_invitation_open,
)

MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_words_are_those_of_the_wire() -> None:
    assert [role.value for role in Role] == [role.value for role in wire.Role]
    assert [state.value for state in MembershipState] == [state.value for state in wire.MembershipState]


@pytest.mark.parametrize("role", Role)
def test_every_role_fits_in_federation_or_association(role: Role) -> None:
    check_role_fits(role, "federation" if role is Role.federation_admin else "association")


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.federation_admin, "association"),
        (Role.federation_admin, "outside_partner"),
        (Role.director, "federation"),
        (Role.coordinator, "site"),
        (Role.director, "site"),
    ],
)
def test_other_roles_do_not_fit(role: Role, kind: str) -> None:
    with pytest.raises(RoleDoesNotFit):
        check_role_fits(role, kind)


@pytest.mark.parametrize("role", [Role.director, Role.federation_admin])
def test_last_leader_must_stay(role: Role) -> None:
    with pytest.raises(LastLeaderMustStay):
        check_leader_remains(role, MembershipState.active, 0)
    check_leader_remains(role, MembershipState.active, 1)
    check_leader_remains(role, MembershipState.invited, 0)


def test_last_of_another_role_may_go() -> None:
    check_leader_remains(Role.treasurer, MembershipState.active, 0)


def test_invitation_is_open_until_the_moment_it_expires() -> None:
    expires_at = MOMENT + INVITATION_LIFETIME
    assert is_invitation_open(MembershipState.invited, expires_at, expires_at - timedelta(microseconds=1))
    assert not is_invitation_open(MembershipState.invited, expires_at, expires_at)
    assert not is_invitation_open(MembershipState.active, None, MOMENT)
    assert not is_invitation_open(MembershipState.ended, expires_at, MOMENT)


def test_fingerprint_tells_codes_apart() -> None:
    assert len(code_fingerprint("one")) == 32
    assert code_fingerprint("one") != code_fingerprint("two")

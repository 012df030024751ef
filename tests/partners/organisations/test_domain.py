"""The rules of organisations, without any database."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from contracts import partners as wire
from partners.organisations.domain import (
    Consent,
    InvalidEnterpriseNumber,
    MisplacedOrganisation,
    NotItsLeader,
    OrganisationKind,
    Standing,
    UnknownTimeZone,
    can_lead,
    check_may_end,
    check_may_found,
    check_placement,
    check_time_zone,
    compact_enterprise_number,
    consent_of,
)

FEDERATION, OTHER_FEDERATION, ASSOCIATION = uuid4(), uuid4(), uuid4()
NOBODY = Standing(frozenset(), frozenset())
DIRECTOR = Standing(frozenset({ASSOCIATION}), frozenset())
ADMIN = Standing(frozenset({FEDERATION}), frozenset({FEDERATION}))
BOTH = Standing(frozenset({FEDERATION, OTHER_FEDERATION}), frozenset({FEDERATION, OTHER_FEDERATION}))


def test_kinds_are_those_of_the_wire() -> None:
    assert [kind.value for kind in OrganisationKind] == [kind.value for kind in wire.OrganisationKind]


@pytest.mark.parametrize("zone", ["Europe/Brussels", "Europe/Paris", "Indian/Reunion", "UTC"])
def test_zones_of_the_iana_database_are_known(zone: str) -> None:
    check_time_zone(zone)


@pytest.mark.parametrize(
    "zone", ["", "Europe", "Europe/Brussel", "europe/brussels", "+02:00", "../UTC", "/etc/localtime"]
)
def test_other_zones_are_refused(zone: str) -> None:
    with pytest.raises(UnknownTimeZone):
        check_time_zone(zone)


@pytest.mark.parametrize(
    ("number", "jurisdiction", "compact"),
    [
        ("", "BE-FWB", ""),
        ("BE 0428.759.497", "BE-FWB", "0428759497"),
        ("428759497", "BE-VLG", "0428759497"),
        ("552 008 443", "FR", "552008443"),
    ],
)
def test_enterprise_number_is_kept_compact(number: str, jurisdiction: str, compact: str) -> None:
    assert compact_enterprise_number(number, jurisdiction) == compact


@pytest.mark.parametrize(
    ("number", "jurisdiction"),
    [("0428.759.498", "BE-FWB"), ("552 008 443", "BE-FWB"), ("0428759497", "FR"), ("x" * 40, "FR"), ("1", "LU")],
)
def test_wrong_enterprise_number_is_refused(number: str, jurisdiction: str) -> None:
    with pytest.raises(InvalidEnterpriseNumber):
        compact_enterprise_number(number, jurisdiction)


@pytest.mark.parametrize(
    ("kind", "federation_ids", "parent_id"),
    [("association", [FEDERATION], None), ("outside_partner", [FEDERATION], None), ("site", [], ASSOCIATION)],
)
def test_every_kind_has_its_place(kind: str, federation_ids: list[UUID], parent_id: UUID | None) -> None:
    check_placement(OrganisationKind(kind), federation_ids, parent_id)


@pytest.mark.parametrize(
    ("kind", "federation_ids", "parent_id"),
    [
        ("federation", [], None),
        ("association", [], None),
        ("association", [FEDERATION], ASSOCIATION),
        ("outside_partner", [], ASSOCIATION),
        ("site", [], None),
        ("site", [FEDERATION], ASSOCIATION),
    ],
)
def test_other_places_are_refused(kind: str, federation_ids: list[UUID], parent_id: UUID | None) -> None:
    with pytest.raises(MisplacedOrganisation):
        check_placement(OrganisationKind(kind), federation_ids, parent_id)


@pytest.mark.parametrize(
    ("standing", "federation_ids", "leads"),
    [
        (DIRECTOR, [FEDERATION], True),
        (ADMIN, [FEDERATION], True),
        (ADMIN, [OTHER_FEDERATION, FEDERATION], True),
        (ADMIN, [OTHER_FEDERATION], False),
        (Standing(frozenset({FEDERATION}), frozenset()), [FEDERATION], False),
        (NOBODY, [FEDERATION], False),
    ],
)
def test_directors_and_admins_lead(standing: Standing, federation_ids: list[UUID], leads: bool) -> None:
    assert can_lead(standing, ASSOCIATION, federation_ids) is leads


def test_founder_administers_every_named_federation() -> None:
    check_may_found(BOTH, [FEDERATION, OTHER_FEDERATION])
    for standing in (ADMIN, DIRECTOR, NOBODY):
        with pytest.raises(NotItsLeader):
            check_may_found(standing, [FEDERATION, OTHER_FEDERATION])


def test_one_of_two_federations_ends_nothing() -> None:
    check_may_end(DIRECTOR, ASSOCIATION, [FEDERATION, OTHER_FEDERATION])
    check_may_end(ADMIN, ASSOCIATION, [FEDERATION])
    check_may_end(BOTH, ASSOCIATION, [FEDERATION, OTHER_FEDERATION])
    check_may_end(ADMIN, FEDERATION, [])
    for standing, federation_ids in ((ADMIN, [FEDERATION, OTHER_FEDERATION]), (NOBODY, []), (NOBODY, [FEDERATION])):
        with pytest.raises(NotItsLeader):
            check_may_end(standing, ASSOCIATION, federation_ids)


@pytest.mark.parametrize(
    ("standing", "consent"),
    [
        (DIRECTOR, Consent(by_organisation=True, by_federation=False)),
        (ADMIN, Consent(by_organisation=True, by_federation=False)),
        (BOTH, Consent(by_organisation=True, by_federation=True)),
        (
            Standing(frozenset({OTHER_FEDERATION}), frozenset({OTHER_FEDERATION})),
            Consent(by_organisation=False, by_federation=True),
        ),
    ],
)
def test_caller_agrees_for_the_sides_he_leads(standing: Standing, consent: Consent) -> None:
    assert consent_of(standing, ASSOCIATION, [FEDERATION], OTHER_FEDERATION) == consent


def test_who_leads_neither_side_agrees_to_nothing() -> None:
    with pytest.raises(NotItsLeader):
        consent_of(NOBODY, ASSOCIATION, [FEDERATION], OTHER_FEDERATION)

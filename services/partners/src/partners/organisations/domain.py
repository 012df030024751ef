"""What an organisation must be like, where it may stand, and who may lead it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import ModuleType
from uuid import UUID
from zoneinfo import available_timezones

from stdnum import iban as account_number
from stdnum.be import vat as belgian_number
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as french_number

NUMBERS_BY_COUNTRY: dict[str, ModuleType] = {"BE": belgian_number, "FR": french_number}


class OrganisationKind(StrEnum):
    """What an organisation is within the federation; the wire carries the same words."""

    federation = "federation"
    association = "association"
    site = "site"
    outside_partner = "outside_partner"


class OrganisationNotFound(Exception):
    """No organisation has this id."""


class OrganisationHasEnded(Exception):
    """An ended organisation stays as it was."""


class OrganisationChangedMeanwhile(Exception):
    """The organisation is not at the version that the caller read."""


class NotItsLeader(Exception):
    """The account leads neither the organisation nor a federation that it belongs to."""


class SlugTaken(Exception):
    """Another organisation has this slug, perhaps one that has ended."""


class UnknownTimeZone(Exception):
    """The IANA database has no such zone."""


class InvalidEnterpriseNumber(Exception):
    """The number does not pass the check of its country."""


class InvalidIban(Exception):
    """The bank account number does not pass its check."""


class HalfAPosition(Exception):
    """A position has a latitude and a longitude."""


class MisplacedOrganisation(Exception):
    """The named federations or parent do not fit the kind of organisation."""


class FederationHasMembers(Exception):
    """A federation ends after the organisations that belong to it."""


@dataclass(frozen=True)
class Profile:
    """How an organisation presents itself; an empty text means that there is none. The position is in degrees."""

    name: str
    slug: str
    time_zone: str
    currency: str
    jurisdiction: str
    languages: tuple[str, ...]
    enterprise_number: str = ""
    address: str = ""
    accessibility: str = ""
    colour: str = ""
    iban: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Standing:
    """The organisations that an account leads, and the federations among them."""

    leads: frozenset[UUID]
    administers: frozenset[UUID]


@dataclass(frozen=True)
class Consent:
    """Which sides have agreed that an organisation joins a federation."""

    by_organisation: bool
    by_federation: bool

    @property
    def is_complete(self) -> bool:
        """True when both sides have agreed."""
        return self.by_organisation and self.by_federation


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def check_time_zone(time_zone: str) -> None:
    """Raise UnknownTimeZone unless the IANA database has the zone."""
    if time_zone not in _time_zones():
        raise UnknownTimeZone("Name a zone of the IANA database, such as Europe/Brussels.")


def compact_enterprise_number(number: str, jurisdiction: str) -> str:
    """The number in the compact form of its country; empty stays empty. Raises InvalidEnterpriseNumber."""
    if not number:
        return ""
    country = jurisdiction[:2]
    checker = NUMBERS_BY_COUNTRY.get(country)
    if checker is None:
        raise InvalidEnterpriseNumber(f"Enterprise numbers of {country} cannot be checked; leave the field empty.")
    try:
        return str(checker.validate(number))
    except ValidationError as error:
        raise InvalidEnterpriseNumber(f"This is not an enterprise number of {country}.") from error


def compact_iban(number: str) -> str:
    """The bank account number without spaces; empty stays empty. Raises InvalidIban."""
    try:
        return str(account_number.validate(number)) if number else ""
    except ValidationError as error:
        raise InvalidIban(
            "This is not the number of a bank account (IBAN); compare it with the bank's letter."
        ) from error


def check_position(latitude: float | None, longitude: float | None) -> None:
    """Raise HalfAPosition when one is given without the other."""
    if (latitude is None) != (longitude is None):
        raise HalfAPosition("Give both the latitude and the longitude, or neither.")


def check_placement(kind: OrganisationKind, federation_ids: Collection[UUID], parent_id: UUID | None) -> None:
    """Raise MisplacedOrganisation unless a site has a parent only, and every other member federations only."""
    if kind is OrganisationKind.federation:
        raise MisplacedOrganisation("A federation is founded by the operator's command.")
    if kind is OrganisationKind.site and (parent_id is None or federation_ids):
        raise MisplacedOrganisation("A site has a parent association, and belongs to federations through it.")
    if kind is not OrganisationKind.site and (parent_id is not None or not federation_ids):
        raise MisplacedOrganisation("It belongs to at least one federation and has no parent.")


def can_lead(standing: Standing, owner_id: UUID, federation_ids: Collection[UUID]) -> bool:
    """True for who leads the owner (of a site: its association) or administers one of its federations."""
    return owner_id in standing.leads or not standing.administers.isdisjoint(federation_ids)


def check_may_found(standing: Standing, federation_ids: Collection[UUID]) -> None:
    """Raise NotItsLeader unless the account administers every federation that the new organisation names."""
    if not standing.administers.issuperset(federation_ids):
        raise NotItsLeader("Every named federation must be one that you administer.")


def check_may_end(standing: Standing, owner_id: UUID, federation_ids: Collection[UUID]) -> None:
    """Raise NotItsLeader unless the account leads the owner or administers all of its federations.

    One of two federations must not be able to end what belongs to both.
    """
    if owner_id not in standing.leads and not (federation_ids and standing.administers.issuperset(federation_ids)):
        raise NotItsLeader("Its director, or an admin of every federation that it belongs to, may end it.")


def consent_of(
    standing: Standing, organisation_id: UUID, present_federation_ids: Collection[UUID], federation_id: UUID
) -> Consent:
    """For which sides of a joining the account may speak. Raises NotItsLeader when for none."""
    by_organisation = can_lead(standing, organisation_id, present_federation_ids)
    by_federation = federation_id in standing.administers
    if not (by_organisation or by_federation):
        raise NotItsLeader("A leader of the organisation and an admin of the federation agree on a joining.")
    return Consent(by_organisation, by_federation)

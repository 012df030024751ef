"""Two federations with an association each, in the tables of partners, and the people who lead them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Account, Principal
from access.roles import LEADERS
from common.database import ACTOR_SETTING, apply_context
from contracts.partners import Role
from partners.memberships.use_cases import grant_first_admin
from partners.organisations.domain import OrganisationKind, Profile
from partners.organisations.queries import find_organisation_by_slug
from partners.organisations.use_cases import found_organisation
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World

ORGANISATIONS = "/api/partners/v1/organisations"
MEMBERSHIPS = "/api/partners/v1/memberships"


def new_slug() -> str:
    """A slug that no other test uses."""
    return f"slug-{secrets.token_hex(6)}"


def new_account() -> Account:
    """An account that no other test uses."""
    return Account("https://sign-in.example.org", secrets.token_hex(6))


def some_profile(**changes: Any) -> Profile:
    """The profile of a youth house in Brussels."""
    fields: dict[str, Any] = {
        "name": "Maison de jeunes Le Tremplin",
        "slug": new_slug(),
        "time_zone": "Europe/Brussels",
        "currency": "EUR",
        "jurisdiction": "BE-FWB",
        "languages": ("fr", "nl"),
    }
    return Profile(**{**fields, **changes})


def principal(*roles: tuple[UUID, Role], account: Account | None = None) -> Principal:
    """Somebody with these roles."""
    held: dict[UUID, frozenset[Role]] = {}
    for organisation_id, role in roles:
        held[organisation_id] = held.get(organisation_id, frozenset()) | {role}
    return Principal(account or new_account(), held)


@dataclass(frozen=True)
class Founded:
    """A federation and an association of it; the admin and the director hold their roles in real memberships too."""

    federation_id: UUID
    association_id: UUID
    admin: Principal
    admin_membership_id: UUID
    director: Principal


@pytest.fixture
def service() -> str:
    return "partners"


@pytest.fixture
def databases(databases_of: Callable[[str], ServiceDatabases], service: str) -> ServiceDatabases:
    return databases_of(service)


async def found(databases: ServiceDatabases) -> Founded:
    """Found and commit a federation with an association, as the command and its admin do."""
    account = new_account()
    async with AsyncSession(databases.engine("worker"), expire_on_commit=False) as session, session.begin():
        await apply_context(session, {ACTOR_SETTING: "maillage grant"})
        admin_membership_id = await grant_first_admin(
            session,
            "Federation",
            slug := new_slug(),
            account,
            display_name="Federica Lambert",
            email=f"{slug}@example.org",
            language="fr",
        )
        federation = await find_organisation_by_slug(session, slug)
        assert federation is not None
    federation_id = federation.id
    admin = principal((federation_id, Role.federation_admin), account=account)
    async with AsyncSession(databases.engine("api"), expire_on_commit=False) as session, session.begin():
        await apply_context(session, admin.context(LEADERS))
        association = await found_organisation(
            session,
            admin,
            OrganisationKind.association,
            some_profile(),
            federation_ids=[federation_id],
            parent_id=None,
        )
    director = principal((association.id, Role.director))
    return Founded(federation_id, association.id, admin, admin_membership_id, director)


@pytest.fixture
async def ours(databases: ServiceDatabases) -> Founded:
    """A federation with an association."""
    return await found(databases)


@pytest.fixture
async def theirs(databases: ServiceDatabases) -> Founded:
    """Another federation with another association."""
    return await found(databases)


@dataclass(frozen=True)
class People:
    """Who calls the API about one federation and its association."""

    admin: Person
    director: Person
    coordinator: Person


async def people_of(world: World, founded: Founded) -> People:
    """Accounts with roles that the projection knows."""
    return People(
        await world.member(founded.federation_id, Role.federation_admin),
        await world.member(founded.association_id, Role.director),
        await world.member(founded.association_id, Role.coordinator),
    )


def new_association(federation_id: UUID, **changes: Any) -> dict[str, Any]:
    """The body that founds an association."""
    return {
        "kind": "association",
        "name": "Centre culturel Les Lucioles",
        "slug": new_slug(),
        "federation_ids": [str(federation_id)],
        "time_zone": "Europe/Brussels",
        "jurisdiction": "BE-FWB",
        "languages": ["fr"],
        **changes,
    }


def new_invitation(organisation_id: UUID, **changes: Any) -> dict[str, Any]:
    """The body that invites a coordinator."""
    return {
        "organisation_id": str(organisation_id),
        "role": "coordinator",
        "display_name": "Claire Dubois",
        "email": f"{secrets.token_hex(6)}@example.org",
        "language": "fr",
        **changes,
    }

"""Tests of the activities service: an association's desk in a transaction that leaves nothing behind."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from access.principals import Account, Principal
from access.projection import know_organisation
from access.roles import FIELD_STAFF
from activities.participants.use_cases import register_contact, register_household, register_participant
from activities.programmes.domain import CancellationTerms, ProgrammeState, RefundStep, WaitingRule
from activities.programmes.use_cases import (
    ActivityPlan,
    ObjectivePlan,
    ProgrammePlan,
    add_activity,
    draft_programme,
    move_programme,
)
from activities.sessions.domain import Period
from activities.sessions.use_cases import SessionPlan, schedule_session
from common.ids import new_id
from common.testing import rolled_back
from contracts.activities import SupervisionSetting
from contracts.partners import OrganisationChanged, OrganisationKind, Role
from tests.conftest import ServiceDatabases

TERMS = CancellationTerms((RefundStep(24, 100), RefundStep(2, 50)), excused_percent=50)


@pytest.fixture
def service() -> str:
    """Which service `service_world` serves."""
    return "activities"


@pytest.fixture
def engine(databases_of: Callable[[str], ServiceDatabases]) -> AsyncEngine:
    """The database as the restricted role of the API."""
    return databases_of("activities").engine("api")


@dataclass(frozen=True)
class Desk:
    """An association with a site, and its director at work in one transaction."""

    session: AsyncSession
    organisation_id: UUID
    site_id: UUID
    director: Principal

    async def activity(self, **fields: Any) -> UUID:
        """An activity in a published programme."""
        found = await draft_programme(self.session, self.organisation_id, programme_plan())
        for version, state in enumerate((ProgrammeState.approved, ProgrammeState.published), start=1):
            await move_programme(self.session, found.programme.id, state, version)
        return (await add_activity(self.session, activity_plan(found.programme.id, **fields))).id

    async def planned(self, activity_id: UUID | None = None, *, in_hours: float = 240, **fields: Any) -> UUID:
        """A session of two hours and three places, free of charge unless told otherwise."""
        starts_at = datetime.now(UTC) + timedelta(hours=in_hours)
        plan = session_plan(activity_id or await self.activity(), self.site_id, **fields)
        period = Period(starts_at, starts_at + timedelta(hours=2))
        return (await schedule_session(self.session, plan, period)).id

    async def participant(self, household_id: UUID | None = None, born_on: date | None = None) -> UUID:
        """Somebody who takes part."""
        participant = await register_participant(
            self.session, self.organisation_id, household_id, "Yanis", "Haddad", born_on
        )
        return participant.id

    async def household(self, email: str | None = "family@example.org") -> tuple[UUID, UUID]:
        """A household and its contact."""
        household = await register_household(self.session, self.organisation_id, "Haddad")
        contact = await register_contact(self.session, household.id, "Amina Haddad", email, "fr")
        return household.id, contact.id


@pytest.fixture
async def desk(engine: AsyncEngine) -> AsyncIterator[Desk]:
    """The desk of a new association."""
    organisation_id, site_id = new_id(), new_id()
    account = Account("https://sign-in.example.org", secrets.token_hex(6))
    director = Principal(account, {one: frozenset({Role.director}) for one in (organisation_id, site_id)})
    async with rolled_back(engine, director.context(FIELD_STAFF)) as session:
        await know_organisation(session, organisation(organisation_id, OrganisationKind.association))
        await know_organisation(session, organisation(site_id, OrganisationKind.site, parent_id=organisation_id))
        yield Desk(session, organisation_id, site_id, director)


def organisation(organisation_id: UUID, kind: OrganisationKind, parent_id: UUID | None = None) -> OrganisationChanged:
    """An organisation in Brussels as partners announces it."""
    return OrganisationChanged(
        organisation_id=organisation_id,
        version=1,
        kind=kind,
        name="Le Tremplin",
        slug=f"slug-{organisation_id}",
        federation_ids=(),
        parent_id=parent_id,
        time_zone="Europe/Brussels",
        currency="EUR",
        jurisdiction="BE-FWB",
        languages=("fr",),
    )


def programme_plan(**changes: Any) -> ProgrammePlan:
    """A programme with one objective."""
    fields: dict[str, Any] = {
        "title": "Ensemble",
        "season": "2026-2027",
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2027, 6, 30),
        "audience": "all ages",
        "policy_axes": ["lien social"],
        "objectives": [ObjectivePlan("Meet", "Mixed sessions", "sessions", 10)],
    }
    return ProgrammePlan(**{**fields, **changes})


def activity_plan(programme_id: UUID, **changes: Any) -> ActivityPlan:
    """An activity that serves its waiting list in the order of arrival."""
    fields: dict[str, Any] = {
        "programme_id": programme_id,
        "title": "Cirque",
        "description": "",
        "audience": "6-12",
        "waiting_rule": WaitingRule.arrival,
        "offer_hours": 48,
        "cancellation_terms": TERMS,
    }
    return ActivityPlan(**{**fields, **changes})


def session_plan(activity_id: UUID, site_id: UUID, **changes: Any) -> SessionPlan:
    """Three places at 5.00 EUR."""
    fields: dict[str, Any] = {
        "activity_id": activity_id,
        "site_id": site_id,
        "title": "Atelier cirque",
        "capacity": 3,
        "minimum": 0,
        "prices": {"standard": 500, "reduced": 250},
        "supervision": SupervisionSetting.none,
    }
    return SessionPlan(**{**fields, **changes})

"""Tests of the activities service: an association's desk in a transaction that leaves nothing behind."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from access.principals import Account, Principal
from access.projection import know_organisation
from access.roles import FIELD_STAFF
from access.row_policies import act_for
from activities.bookings.domain import BookingRequest, NewBooking, Wish
from activities.bookings.queries import BookingWithPlaces, get_booking
from activities.bookings.use_cases import book_places, join_waiting_list
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
from common.database import Database
from common.idempotency import OnceKey
from common.ids import new_id
from common.testing import published, rolled_back
from contracts.activities import SupervisionSetting
from contracts.event import Event
from contracts.partners import OrganisationChanged, OrganisationKind, Role
from tests.conftest import ServiceDatabases

AnyEvent = TypeVar("AnyEvent", bound=Event)
TERMS = CancellationTerms((RefundStep(24, 100), RefundStep(2, 50)), excused_percent=50)


@pytest.fixture
def service() -> str:
    """Which service `service_world` serves."""
    return "activities"


@pytest.fixture
def engine(databases_of: Callable[[str], ServiceDatabases]) -> AsyncEngine:
    """The database as the restricted role of the API."""
    return databases_of("activities").engine("api")


@pytest.fixture
async def worker(databases_of: Callable[[str], ServiceDatabases]) -> AsyncIterator[Database]:
    """The service's database as the worker sees it."""
    database = Database()
    database.connect(databases_of("activities").urls["worker"], 4)
    yield database
    await database.close()


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
        return (await schedule_session(self.session, plan, period)).planned.id

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

    async def book(
        self,
        session_id: UUID,
        *participant_ids: UUID,
        caller: Principal | None = None,
        booked_by: UUID | None = None,
        accepts_waiting: bool = True,
        walked_in: bool = False,
    ) -> BookingWithPlaces:
        """A booking by the director, as the hot path makes it."""
        wishes = [Wish(participant_id, "standard") for participant_id in participant_ids]
        request = BookingRequest(session_id, wishes, booked_by, accepts_waiting, walked_in)
        made: list[UUID] = []

        def render(booking: NewBooking) -> str:
            made.append(booking.id)
            return "{}"

        key = OnceKey(secrets.token_hex(8), b"")
        asked = (await self.driver(), caller or self.director, request, key, render)
        if await book_places(*asked) is None:
            await join_waiting_list(*asked)
        return await get_booking(self.session, made[-1])

    async def driver(self) -> asyncpg.Connection:
        """The bare connection of this transaction."""
        raw = await (await self.session.connection()).get_raw_connection()
        connection = raw.driver_connection
        assert isinstance(connection, asyncpg.Connection)
        return connection

    async def begin(self, session_id: UUID, hours_ago: float = 1) -> None:
        """Let a session have begun, which takes time otherwise."""
        starts_at = datetime.now(UTC) - timedelta(hours=hours_ago)
        times = {"id": session_id, "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
        move = text("update sessions set starts_at = :starts_at, ends_at = :ends_at where id = :id")
        await self.session.execute(move, times)
        self.session.expire_all()

    async def another_site(self, **changes: Any) -> UUID:
        """One more site of this association."""
        site = organisation(new_id(), OrganisationKind.site, parent_id=self.organisation_id)
        async with act_for(self.session, site.organisation_id, because="the test makes it known"):
            await know_organisation(self.session, site.model_copy(update=changes))
        return site.organisation_id

    async def events(self, event_class: type[AnyEvent]) -> list[AnyEvent]:
        """The events of one class that this transaction has published."""
        return [event for event in await published(self.session) if isinstance(event, event_class)]

    async def due(self, kind: str) -> list[UUID]:
        """What is due of a kind in this transaction's association."""
        rows = text("select subject_id from due_rows where kind = :kind and organisation_id = :organisation_id")
        found = await self.session.scalars(rows, {"kind": kind, "organisation_id": self.organisation_id})
        return list(found)


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

"""Associations of one federation that lend each other what they have, in transactions that leave nothing behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.roles import LEADERS
from common.database import apply_context, organisation_context
from common.ids import new_id
from partners.holds.use_cases import HoldRequest, hold_resources
from partners.organisations.domain import OrganisationKind
from partners.organisations.use_cases import found_organisation
from partners.reservations.domain import Demand
from partners.resources.domain import Approval, ResourceKind
from partners.resources.use_cases import ResourcePlan, enter_resource
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded, some_profile

WEEKS_AHEAD = timedelta(weeks=4)


def plan(**changes: Any) -> ResourcePlan:
    """A pooled minibus at 12.00 an hour that anybody of the federation gets at once."""
    fields: dict[str, Any] = {
        "kind": ResourceKind.vehicle, "name": "Minibus", "description": "", "site_id": None, "capacity": 8,
        "accessibility": (), "opening_hours": (), "quantity": 1, "set_up_minutes": 0, "clean_up_minutes": 0,
        "price_per_hour_minor": 1_200, "pooled": True, "approval": Approval.automatic, "owner_notice_days": None,
        "quota_hours": None, "quota_period": None,
    }  # fmt: skip
    return ResourcePlan(**{**fields, **changes})


def at(hour: float, day: int = 0) -> datetime:
    """An hour of a Wednesday some weeks ahead, in UTC."""
    monday = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + WEEKS_AHEAD
    wednesday = monday + timedelta(days=(2 - monday.weekday()) % 7)
    return wednesday + timedelta(days=day, hours=hour)


@dataclass
class Lending:
    """An owner, a lodger of the same federation, and a transaction that acts for one or the other."""

    session: AsyncSession
    owner_id: UUID
    lodger_id: UUID

    async def act_as(self, organisation_id: UUID) -> None:
        """From now on the transaction sees what this association sees."""
        await self.session.flush()
        self.session.expunge_all()
        await apply_context(self.session, organisation_context(organisation_id, "test"))

    async def resource(self, **changes: Any) -> UUID:
        """Something that the owner has."""
        await self.act_as(self.owner_id)
        return (await enter_resource(self.session, self.owner_id, plan(**changes))).id

    def demand(self, resource_id: UUID, begins: float = 10, ends: float = 12, **changes: Any) -> Demand:
        """What the lodger wants."""
        fields: dict[str, Any] = {
            "organisation_id": self.lodger_id, "resource_id": resource_id, "owner_id": self.owner_id, "quantity": 1,
            "starts_at": at(begins), "ends_at": at(ends),
        }  # fmt: skip
        return Demand(**{**fields, **changes})

    async def ask(self, *demands: Demand, hold_id: UUID | None = None, version: int = 1) -> UUID:
        """A hold by the lodger, or by whom the first demand is; gives its id."""
        hold_id = hold_id or new_id()
        by = demands[0].organisation_id if demands else self.lodger_id
        await self.act_as(by)
        await hold_resources(self.session, HoldRequest(hold_id, version, new_id(), by, "Atelier cirque", demands))
        return hold_id


async def second_association(databases: ServiceDatabases, founded: Founded) -> UUID:
    """Another association of the same federation."""
    async with AsyncSession(databases.engine("api"), expire_on_commit=False) as session, session.begin():
        await apply_context(session, founded.admin.context(LEADERS))
        made = await found_organisation(
            session,
            founded.admin,
            OrganisationKind.association,
            some_profile(),
            federation_ids=[founded.federation_id],
            parent_id=None,
        )
    return made.id

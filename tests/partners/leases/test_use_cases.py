"""A lease is written down, changed, and told of before it is too late for notice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from access.roles import PLANNERS
from common.testing import published, rolled_back
from contracts.partners import LeaseNoticeDue
from partners.leases import use_cases
from partners.leases.domain import LeaseTerms, RentPeriod, Side, notice_by
from partners.resources.use_cases import enter_resource
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded
from tests.partners.lending import plan

ALARMS = text("select due_at from due_rows where kind = 'lease_notice_due' and subject_id = :id")
NEXT_YEAR = datetime.now(UTC).date() + timedelta(days=400)


def terms(**changes: Any) -> LeaseTerms:
    """A hall rented from the municipality until next year."""
    fields: dict[str, Any] = {
        "side": Side.tenant, "other_side": "Commune de Valbois", "reference": "Classeur 4",
        "starts_on": date(2024, 7, 1), "ends_on": NEXT_YEAR, "notice_months": 3, "rent_minor": 45_000,
        "rent_period": RentPeriod.month, "deposit_minor": 90_000,
    }  # fmt: skip
    return LeaseTerms(**{**fields, **changes})


async def test_notice_is_announced_in_time_and_not_without_an_end(databases: ServiceDatabases, ours: Founded) -> None:
    async with rolled_back(databases.engine("worker"), ours.director.context(PLANNERS)) as session:
        hall = await enter_resource(session, ours.association_id, plan(name="Salle des fêtes"))
        lease = await use_cases.write_lease(session, hall.id, terms())
        assert lease.currency == "EUR"
        due_at = await session.scalar(ALARMS, {"id": lease.id})
        assert due_at.date() == notice_by(NEXT_YEAR, 3) - timedelta(days=30)
        await use_cases.announce_notice(session, lease.id)
        (told,) = [event for event in await published(session) if isinstance(event, LeaseNoticeDue)]
        assert (told.resource_name, told.other_side) == ("Salle des fêtes", "Commune de Valbois")
        assert (told.ends_on, told.notice_by) == (NEXT_YEAR, notice_by(NEXT_YEAR, 3))

        without_end = await use_cases.rewrite_lease(session, lease.id, terms(ends_on=None), lease.version)
        assert await session.scalar(ALARMS, {"id": lease.id}) is None
        await use_cases.announce_notice(session, without_end.id)
        assert len(await published(session)) == 1, "what has no end is not announced"

        over = terms(ends_on=datetime.now(UTC).date() - timedelta(days=1))
        await use_cases.rewrite_lease(session, lease.id, over, without_end.version)
        assert await session.scalar(ALARMS, {"id": lease.id}) is None

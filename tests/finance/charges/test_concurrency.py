"""Events of different keys are handled at the same moment; none may overlook the other."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from common.ids import new_id
from common.testing import deliver
from finance.run_consumer import CHARGES
from tests.finance.events import Order, Workshop
from tests.finance.invariants import find_broken, read_rows


@pytest.mark.parametrize("booking_first", [True, False])
@pytest.mark.parametrize("is_known", [True, False])
async def test_a_booking_and_the_attendance_list_wait_for_each_other(
    worker_engine, happen, organisation_id, booking_first, is_known
):
    workshop = Workshop(organisation_id)
    order = Order.of(workshop, "household", new_id(), organisation_id, 1000)
    if is_known:
        await happen(workshop.scheduled())
    events = [order.confirmed(), workshop.attendance(order.attended(0, "excused", 300))]
    first, second = events if booking_first else reversed(events)
    async with AsyncSession(worker_engine) as session, session.begin():
        await deliver(session, CHARGES, first)
        meanwhile = asyncio.create_task(happen(second))
        done, _ = await asyncio.wait({meanwhile}, timeout=0.2)
        assert not done
    await meanwhile
    async with AsyncSession(worker_engine) as session:
        rows = await read_rows(session, [organisation_id])
    assert find_broken(rows) == []
    assert [charge["amount_minor"] for charge in rows["charges"]] == [700]


async def test_a_cancellation_that_waited_sees_what_attendance_changed(worker_engine, happen, organisation_id):
    workshop = Workshop(organisation_id)
    order = Order.of(workshop, "household", new_id(), organisation_id, 1000)
    await happen(workshop.scheduled(), order.confirmed())
    async with AsyncSession(worker_engine) as session, session.begin():
        await deliver(session, CHARGES, workshop.attendance(order.attended(0, "excused", 300)))
        meanwhile = asyncio.create_task(happen(order.cancelled({0: 600})))
        done, _ = await asyncio.wait({meanwhile}, timeout=0.2)
        assert not done
    await meanwhile
    async with AsyncSession(worker_engine) as session:
        rows = await read_rows(session, [organisation_id])
    assert find_broken(rows) == []
    assert [charge["amount_minor"] for charge in rows["charges"]] == [400]

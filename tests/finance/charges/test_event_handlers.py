"""Bookings, attendance and sessions from the committed examples, always with the same event twice."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from common.testing import deliver, example, published
from contracts.activities import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    BookingOffered,
    BookingWaitlisted,
    SessionCompleted,
    SessionScheduled,
)
from finance.run_consumer import CHARGES
from tests.finance.events import NEXT_YEAR, Order, Workshop
from tests.finance.invariants import find_broken, read_rows

ORGANISER = UUID("0190b3c4-0010-7000-8000-000000000010")
HOME = UUID("0190b3c4-0011-7000-8000-000000000011")


async def deliver_twice(session, event):
    assert await deliver(session, CHARGES, event) == "handled"
    assert await deliver(session, CHARGES, event) == "repeated"


async def rows_of(session, *organisations):
    rows = await read_rows(session, organisations)
    assert find_broken(rows) == []
    return rows


def balance(rows, organisation_id, account):
    return sum(
        line["amount_minor"]
        for line in rows["entry_lines"]
        if line["organisation_id"] == organisation_id and line["account"] == account
    )


def income(rows, organisation_id, year=2026):
    return next(
        (budget["promised_minor"], budget["earned_minor"])
        for budget in rows["budgets"]
        if budget["organisation_id"] == organisation_id and budget["year"] == year
    )


async def test_a_group_booked_by_a_co_host_is_charged_in_both_books_once(worker):
    await deliver_twice(worker, example(BookingConfirmed))
    rows = await rows_of(worker, ORGANISER, HOME)
    assert [(charge["charged_minor"], charge["state"]) for charge in rows["charges"]] == [(500, "open")] * 2
    assert balance(rows, ORGANISER, "receivable_associations") == 1000
    assert balance(rows, ORGANISER, "income_participation") == -600
    assert balance(rows, ORGANISER, "payable_associations") == -400
    assert balance(rows, HOME, "expense_participation") == 1000
    assert balance(rows, HOME, "payable_associations") == -1000
    assert balance(rows, HOME, "receivable_associations") == 400
    assert balance(rows, HOME, "income_participation") == -400
    assert (income(rows, ORGANISER), income(rows, HOME)) == ((600, 0), (400, 0))
    assert {line["quarter"] for line in rows["settlement_lines"]} == {"2026Q4"}


async def test_a_cancelled_place_is_reversed_for_what_is_given_back(worker):
    await deliver(worker, CHARGES, example(BookingConfirmed))
    await deliver_twice(worker, example(BookingCancelled))
    rows = await rows_of(worker, ORGANISER, HOME)
    assert sorted(charge["state"] for charge in rows["charges"]) == ["open", "reversed"]
    reversal = [entry for entry in rows["entries"] if entry["kind"] == "charge_reversal"]
    originals = {entry["id"]: entry for entry in rows["entries"] if entry["kind"] == "charge"}
    assert len(reversal) == 2
    assert all(originals[one["reverses_entry_id"]]["organisation_id"] == one["organisation_id"] for one in reversal)
    assert income(rows, ORGANISER) == (300, 0)


async def test_what_is_not_given_back_stays_owed(worker, organisation_id):
    order = Order.of(Workshop(organisation_id), "household", HOME, organisation_id, 1000)
    await deliver(worker, CHARGES, order.confirmed())
    await deliver_twice(worker, order.cancelled({0: 400}))
    rows = await rows_of(worker, organisation_id)
    charge = rows["charges"][0]
    assert (charge["state"], charge["amount_minor"], charge["given_back_minor"]) == ("reduced", 600, 400)
    assert balance(rows, organisation_id, "receivable_households") == 600


async def test_a_waiting_an_offered_and_a_cancelled_waiting_booking_cost_nothing(worker, organisation_id):
    order = Order.of(Workshop(organisation_id), "household", HOME, organisation_id, 1000)
    assert await deliver(worker, CHARGES, example(BookingWaitlisted, organisation_id=organisation_id)) == "unknown"
    assert await deliver(worker, CHARGES, example(BookingOffered, organisation_id=organisation_id)) == "unknown"
    await deliver_twice(worker, order.cancelled({0: 0}, state="waiting"))
    assert not any((await rows_of(worker, organisation_id)).values())


async def test_a_cancellation_before_its_confirmation_leaves_the_same(worker, organisation_id):
    order = Order.of(Workshop(organisation_id), "household", HOME, organisation_id, 1000, 800)
    await deliver(worker, CHARGES, order.cancelled({0: 400}, held=(1,)))
    await deliver(worker, CHARGES, order.confirmed())
    rows = await rows_of(worker, organisation_id)
    assert sorted(charge["amount_minor"] for charge in rows["charges"]) == [600, 800]


async def test_attendance_earns_and_an_excuse_gives_back(worker):
    await deliver(worker, CHARGES, example(BookingConfirmed))
    await deliver_twice(worker, example(AttendanceRecorded))
    rows = await rows_of(worker, ORGANISER, HOME)
    assert sorted(charge["amount_minor"] for charge in rows["charges"]) == [250, 500]
    assert income(rows, ORGANISER) == (0, 450)


async def test_a_correction_is_carried_and_a_stale_list_changes_nothing(worker, organisation_id):
    workshop = Workshop(organisation_id)
    order = Order.of(workshop, "household", HOME, organisation_id, 1000)
    await deliver(worker, CHARGES, order.confirmed())
    await deliver(worker, CHARGES, workshop.attendance(order.attended(0, "excused", 1000)))
    await deliver_twice(worker, workshop.attendance(order.attended(0), version=2))
    stale = workshop.attendance(order.attended(0, "excused", 500), version=1)
    await deliver_twice(worker, stale)
    rows = await rows_of(worker, organisation_id)
    assert rows["charges"][0]["amount_minor"] == 1000
    assert sorted(entry["kind"] for entry in rows["entries"]) == ["charge", "charge_restoration", "charge_reversal"]


async def test_attendance_before_its_booking_is_remembered(worker, organisation_id):
    workshop = Workshop(organisation_id)
    order = Order.of(workshop, "household", HOME, organisation_id, 1000)
    await deliver_twice(worker, workshop.attendance(order.attended(0, "excused", 300)))
    await deliver(worker, CHARGES, order.confirmed())
    rows = await rows_of(worker, organisation_id)
    assert rows["charges"][0]["amount_minor"] == 700
    assert income(rows, organisation_id) == (0, 700)


async def test_a_completed_session_is_earned_also_for_late_bookings(worker, organisation_id):
    workshop = Workshop(organisation_id)
    first = Order.of(workshop, "household", HOME, organisation_id, 1000)
    late = Order.of(workshop, "household", HOME, organisation_id, 300)
    await deliver_twice(worker, workshop.scheduled())
    await deliver(worker, CHARGES, first.confirmed())
    await deliver_twice(worker, workshop.completed())
    await deliver(worker, CHARGES, late.confirmed())
    assert income(await rows_of(worker, organisation_id), organisation_id) == (0, 1300)


async def test_a_session_moved_to_another_year_takes_its_money_along(worker, organisation_id):
    workshop = Workshop(organisation_id, ((HOME, 2500),))
    await deliver(worker, CHARGES, Order.of(workshop, "organisation", HOME, HOME, 999).confirmed())
    await deliver_twice(worker, workshop.rescheduled())
    await deliver(worker, CHARGES, workshop.scheduled())
    rows = await rows_of(worker, organisation_id, HOME)
    assert income(rows, organisation_id) == (0, 0)
    assert income(rows, organisation_id, 2027) == (749, 0)
    assert NEXT_YEAR.startswith("2027")


async def test_an_association_bears_its_part_of_its_peoples_places(worker, organisation_id):
    await bear(worker, HOME, 30)
    order = Order.of(Workshop(organisation_id), "household", ORGANISER, HOME, 999)
    await deliver(worker, CHARGES, order.confirmed())
    await deliver(worker, CHARGES, order.cancelled({0: 500}))
    rows = await rows_of(worker, organisation_id, HOME)
    owed = {charge["payer_kind"]: charge["charged_minor"] for charge in rows["charges"]}
    back = {charge["payer_kind"]: charge["given_back_minor"] for charge in rows["charges"]}
    assert owed == {"organisation": 300, "household": 699}
    assert back == {"organisation": 150, "household": 350}


async def test_a_rule_of_another_day_does_not_count(worker, organisation_id):
    await bear(worker, HOME, 30, valid_to="2026-10-13")
    order = Order.of(Workshop(organisation_id), "household", ORGANISER, HOME, 999)
    await deliver(worker, CHARGES, order.confirmed())
    assert len((await rows_of(worker, organisation_id))["charges"]) == 1


async def test_the_books_of_neighbours_are_opened_visibly(worker):
    await deliver(worker, CHARGES, example(BookingConfirmed))
    context = (await worker.execute(text("select current_setting('app.organisations', true)"))).scalar_one()
    assert context == "{" + str(ORGANISER) + "}"


async def test_sessions_alone_move_no_money(worker):
    await deliver_twice(worker, example(SessionScheduled))
    await deliver_twice(worker, example(SessionCompleted, version=2))
    assert await published(worker) == []
    assert not any((await rows_of(worker, ORGANISER)).values())


async def bear(session, organisation_id, percent, valid_to=None):
    await session.execute(text("select set_config('app.organisations', :one, true)"), {"one": f"{{{organisation_id}}}"})
    await session.execute(
        text(
            "insert into share_rules (id, organisation_id, borne_percent, valid_from, valid_to, version)"
            " values (uuidv7(), :organisation_id, :percent, '2026-01-01', cast(cast(:valid_to as text) as date), 1)"
        ),
        {"organisation_id": organisation_id, "percent": percent, "valid_to": valid_to},
    )

"""Whatever happens in whatever order, every book balances and every part of the money agrees with every other."""

from __future__ import annotations

from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from common.ids import new_id
from common.testing import deliver, rolled_back
from finance.run_consumer import CHARGES
from tests.finance.events import FIRST_DAY, NEXT_YEAR, Order, Workshop
from tests.finance.invariants import find_broken, read_rows, see_all

PRICES = st.sampled_from((0, 1, 7, 500, 999))
SHARES = st.sampled_from(((), (2500,), (3333, 3333), (10_000,)))


@st.composite
def stories(draw):
    """Organisations, what they share, and streams of events: one per booking, one of sessions, one of attendance."""
    organiser, home, co_host = new_id(), new_id(), new_id()
    hosts = (draw(st.sampled_from((co_host, home))), new_id())
    shares = tuple(zip(hosts, draw(SHARES), strict=False))
    workshop = Workshop(organiser, shares)
    orders = [draw(orders_of(workshop, organiser, home)) for _ in range(draw(st.integers(1, 3)))]
    streams = [draw(bookings_of(order)) for order in orders]
    streams.append(draw(session_stream(workshop)))
    streams.append(draw(attendance_stream(workshop, orders)))
    return {
        "organisations": {organiser, home, co_host, *hosts},
        "home": home,
        "percent": draw(st.sampled_from((0, 33, 100))),
        "events": draw(interleavings(streams)),
    }


@st.composite
def orders_of(draw, workshop: Workshop, organiser: UUID, home: UUID):
    kind = draw(st.sampled_from(("household", "organisation")))
    home = draw(st.sampled_from((home, organiser)))
    payer = new_id() if kind == "household" else home
    return Order.of(workshop, kind, payer, home, *draw(st.lists(PRICES, min_size=1, max_size=2)))


@st.composite
def bookings_of(draw, order: Order):
    """Confirmed, then perhaps some places cancelled, then perhaps the rest."""
    events = [order.confirmed()]
    held = list(range(len(order.prices)))
    for version in range(2, 2 + draw(st.integers(0, len(held)))):
        index = held.pop()
        back = draw(st.integers(0, order.prices[index]))
        events.append(order.cancelled({index: back}, version, tuple(held)))
    return events


@st.composite
def session_stream(draw, workshop: Workshop):
    moved = draw(st.booleans())
    last_day = NEXT_YEAR if moved else FIRST_DAY
    events = [workshop.scheduled(), *([workshop.rescheduled()] if moved else [])]
    return events + ([workshop.completed(3, last_day)] if draw(st.booleans()) else [])


@st.composite
def attendance_stream(draw, workshop: Workshop, orders: list[Order]):
    """The list and its corrections; a version may come late, after the next one."""
    events = []
    for version in range(1, 1 + draw(st.integers(0, 3))):
        places = []
        for order in orders:
            for index, price in enumerate(order.prices):
                state = draw(st.sampled_from(("present", "absent", "excused", "not listed")))
                back = draw(st.integers(0, price)) if state == "excused" else 0
                if state != "not listed":
                    places.append(order.attended(index, state, back))
        events.append(workshop.attendance(*places, version=version))
    return draw(st.permutations(events))


@st.composite
def interleavings(draw, streams):
    """Every stream in its own order, mixed, with repetitions of what came before."""
    streams = [list(stream) for stream in streams if stream]
    events = []
    while streams:
        stream = draw(st.sampled_from(streams))
        events.append(stream.pop(0))
        if not stream:
            streams.remove(stream)
        if draw(st.integers(0, 4)) == 0:
            events.append(draw(st.sampled_from(events)))
    return events


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(story=stories(), anew=st.booleans())
async def test_every_book_balances_after_any_sequence(worker_engine, story, anew):
    """A repetition comes under the same id, or, published anew by an operator, under another one."""
    async with rolled_back(worker_engine) as session:
        await bear(session, story["home"], story["percent"])
        for event in story["events"]:
            await deliver(session, CHARGES, event, new_id() if anew else None)
        rows = await read_rows(session, story["organisations"])
    assert find_broken(rows) == []
    in_order = await amounts_in_order(worker_engine, story)
    assert amounts(rows) == in_order


async def amounts_in_order(engine, story):
    """What is owed when the same events come one after another, each once, sessions and attendance last."""
    seen: list[object] = []
    for event in story["events"]:
        if event not in seen:
            seen.append(event)
    seen.sort(key=lambda event: (not hasattr(event, "booking_id"), event.wire_type, event.version))
    async with rolled_back(engine) as session:
        await bear(session, story["home"], story["percent"])
        bookings = [event for event in seen if hasattr(event, "booking_id")]
        for event in sorted(bookings, key=lambda event: event.version):
            await deliver(session, CHARGES, event)
        for event in seen[len(bookings) :]:
            await deliver(session, CHARGES, event)
        return amounts(await read_rows(session, story["organisations"]))


def amounts(rows):
    return {
        (charge["booking_id"], charge["participant_id"], charge["payer_id"]): (
            charge["amount_minor"],
            charge["state"],
            charge["is_earned"],
            charge["session_on"],
        )
        for charge in rows["charges"]
    }


async def bear(session, organisation_id, percent):
    await see_all(session, [organisation_id])
    rule = "(uuidv7(), :organisation_id, :percent, '2026-01-01', null, 1)"
    await session.execute(
        text(
            f"insert into share_rules (id, organisation_id, borne_percent, valid_from, valid_to, version) values {rule}"
        ),
        {"organisation_id": organisation_id, "percent": percent},
    )

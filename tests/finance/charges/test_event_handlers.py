"""From the committed examples, always with the same event twice."""

from __future__ import annotations

from common.testing import deliver, example
from contracts.activities import BookingConfirmed
from finance.run_consumer import CHARGES


async def test_a_confirmed_booking_is_charged_once(worker):
    event = example(BookingConfirmed)
    assert await deliver(worker, CHARGES, event) == "handled"
    assert await deliver(worker, CHARGES, event) == "repeated"

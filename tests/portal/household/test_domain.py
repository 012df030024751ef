"""Bookings by what they ask for, and debts by whom they are owed to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.household.domain import booking_of, debts_of, shelve, waiting_position
from portal.sessions.domain import session_of
from tests.portal import answers

NOW = datetime(2090, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "session", "shelf"),
    [
        ("offered", {}, "offered"),
        ("confirmed", {}, "upcoming"),
        ("waiting", {}, "waiting"),
        ("cancelled", {}, "past"),
        ("confirmed", {"starts_at": "2090-10-01T10:00:00Z", "ends_at": "2090-10-01T12:00:00Z"}, "past"),
    ],
)
def test_each_booking_has_its_shelf(state: str, session: dict[str, Any], shelf: str) -> None:
    booking = booking_of(answers.booking(state=state), session_of(answers.session(**session)), {})
    shelves = shelve([booking], NOW)
    assert [name for name in ("offered", "upcoming", "waiting", "past") if getattr(shelves, name)] == [shelf]


def test_a_booking_can_be_cancelled_until_the_session_begins() -> None:
    booking = booking_of(answers.booking(), session_of(answers.session()), {})
    assert booking.can_be_cancelled(NOW)
    assert not booking.can_be_cancelled(booking.session.starts_at)
    assert not booking_of(answers.booking(state="cancelled"), booking.session, {}).can_be_cancelled(NOW)


def charge(amount: int, creditor: str) -> dict[str, Any]:
    return {"organisation_id": creditor, "currency": "EUR", "amount_minor": amount, "session_on": "2090-11-22"}


def test_debts_are_summed_by_creditor_without_what_is_paid_back() -> None:
    charges = [charge(1200, "a"), charge(0, "a"), charge(300, "a"), charge(500, "b"), charge(0, "c")]
    assert [(debt.creditor_id, debt.amount_minor, len(debt.charges)) for debt in debts_of(charges)] == [
        ("a", 1500, 2),
        ("b", 500, 1),
    ]


def test_the_position_is_that_of_the_last_time_one_began_to_wait() -> None:
    decisions = [
        {"decision": "waiting", "explanation": {"position": 4}},
        {"decision": "offered", "explanation": {}},
        {"decision": "waiting", "explanation": {"position": 2}},
    ]
    assert waiting_position(decisions) == 2
    assert waiting_position([]) is None

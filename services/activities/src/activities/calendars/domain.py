"""Calendar addresses: a secret that shows a household's bookings to a program that cannot sign in."""

from __future__ import annotations

from datetime import timedelta

SHOWN_BEFORE = timedelta(days=31)
"""How long a session that is over stays in the calendar."""
BOOKINGS_MAX = 500


class CalendarNotFound(Exception):
    """No calendar has this address, or the caller has none for this household."""


class CalendarOfOwnHousehold(Exception):
    """Only who answers for a household by an account has an address for its calendar."""

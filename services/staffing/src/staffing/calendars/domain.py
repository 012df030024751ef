"""Calendar addresses: a secret that shows a person's own shifts to a program that cannot sign in."""

from __future__ import annotations

from datetime import timedelta

SHOWN_BEFORE = timedelta(days=31)
"""How long a shift that is over stays in the calendar."""
SHIFTS_MAX = 500


class CalendarNotFound(Exception):
    """No calendar has this address, or the person has none."""


class CalendarIsHisOwn(Exception):
    """Only the person himself has an address for his calendar."""

"""When people who do not come any more are forgotten."""

from __future__ import annotations

from datetime import date


def kept_since(today: date, years: int) -> date:
    """The first day that is still near enough: whoever came last before it is past the period.

    The period is counted in whole calendar years after that of the last day.
    """
    return date(today.year - years, 1, 1)

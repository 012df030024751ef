"""Until when the law has something kept."""

from __future__ import annotations

from datetime import date


def kept_until(last_day: date, years: int) -> date:
    """The last day of the year that lies `years` after that of `last_day`."""
    return date(last_day.year + years, 12, 31)

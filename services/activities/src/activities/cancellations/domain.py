"""What is given back when places are given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from activities.programmes.domain import CancellationTerms


class NothingToCancel(Exception):
    """The booking has no such places any more."""


def given_back(price_minor: int, terms: CancellationTerms, starts_at: datetime, now: datetime) -> int:
    """What is given back of a price when its place is given up now, in minor units, rounded half up."""
    percent = terms.percent_at((starts_at - now) / timedelta(hours=1))
    return (price_minor * percent + 50) // 100

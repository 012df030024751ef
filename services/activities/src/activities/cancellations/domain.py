"""What is given back when places are given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from activities.programmes.domain import CancellationTerms


def hours_before(starts_at: datetime, now: datetime) -> float:
    """How long before the start, negative after it."""
    return (starts_at - now) / timedelta(hours=1)


def given_back(price_minor: int, terms: CancellationTerms, starts_at: datetime, now: datetime) -> int:
    """What is given back of a price when its place is given up now, in minor units, rounded half up."""
    percent = terms.percent_at(hours_before(starts_at, now))
    return (price_minor * percent + 50) // 100

"""Which day it is where the federation is at home."""

from __future__ import annotations

from datetime import date

from common.clock import now
from portal.home_zone import HOME_ZONE


def home_today() -> date:
    """Today there: around midnight not yet, or no longer, the day in UTC."""
    return now().astimezone(HOME_ZONE).date()

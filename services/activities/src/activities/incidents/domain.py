"""What happened in a session that somebody should know of, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

HAPPENED_BEFORE_START_MAX = timedelta(days=1)


class Severity(StrEnum):
    """How bad it was; grave: somebody needed a hospital, or the emergency services came."""

    near_miss = "near_miss"
    minor = "minor"
    serious = "serious"
    grave = "grave"


class UnknownIncident(Exception):
    """There is no such incident, or the caller may not see it."""


class UnknownFollowUp(Exception):
    """There is no such follow-up, or the caller may not see it."""


class NotOfThisSession(Exception):
    """An incident lies between the day before its session and now."""


class NotOnTheList(Exception):
    """Somebody named has no place in the session."""


def check_happened(happened_at: datetime, starts_at: datetime, now: datetime) -> None:
    """Raise NotOfThisSession."""
    if not starts_at - HAPPENED_BEFORE_START_MAX <= happened_at <= now:
        raise NotOfThisSession("Give the moment when it happened: at the session, its preparation or after, until now.")


def check_concerned(named: Collection[UUID], on_list: Collection[UUID]) -> None:
    """Raise NotOnTheList."""
    if not set(named) <= set(on_list):
        raise NotOnTheList("Choose those concerned from the list of the session; tell of others in the text.")

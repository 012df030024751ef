"""What becomes here of a hold that a session has asked for, and what its owner may do about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class HoldState(StrEnum):
    """What this service has answered to the newest version of a hold."""

    asked = "asked"
    held = "held"
    confirmed = "confirmed"
    refused = "refused"
    released = "released"


class NotItsHold(Exception):
    """The hold belongs to another association."""


class NotWaitingForApproval(Exception):
    """The reservation was answered already, or nobody waits for it any more."""


class NoticeTooShort(Exception):
    """The owner promised not to take a reservation back so shortly before its start, or at all."""


def check_notice(notice_days: int | None, starts_at: datetime, now: datetime) -> None:
    """Raise NoticeTooShort when the resource's rules do not let its owner take a reservation back now."""
    if notice_days is None:
        raise NoticeTooShort("The rules of this resource let its owner take back nothing that is reserved.")
    if now + timedelta(days=notice_days) > starts_at:
        raise NoticeTooShort(f"Its owner may take it back until {notice_days} days before the start.")

"""Rules about households, participants and the contacts who answer for them."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

LINK_CODE_DAYS = 30
PAPER_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Those that are not taken for one another in handwriting."""
PAPER_CODE_LENGTH, PAPER_CODE_GROUP = 16, 4
NAME_OF_ERASED = "—"
"""Stands where the name of an erased person was, in every language."""


class UnknownHousehold(Exception):
    """There is no such household, or the caller may not see it."""


class UnknownParticipant(Exception):
    """There is no such participant, or the caller may not see them."""


class UnknownContact(Exception):
    """There is no such contact, or the caller may not see them."""


class ContactWithoutEmail(Exception):
    """A code can only be sent to a contact with an e-mail address."""


class InvalidLinkCode(Exception):
    """The code is wrong, was used, or has expired."""


class HouseholdElsewhere(Exception):
    """A participant and their household are at home with the same association."""


class BornInTheFuture(Exception):
    """A date of birth lies after today."""


def age_on(born_on: date, day: date) -> int:
    """Age in whole years; somebody born on 29 February has their birthday on 1 March of other years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def check_born(born_on: date | None, today: date) -> None:
    """Raise BornInTheFuture for a date of birth after today."""
    if born_on is not None and born_on > today:
        raise BornInTheFuture(f"{born_on} lies in the future.")


def digest_of(code: str) -> bytes:
    """What is stored of a one-time code."""
    return hashlib.sha256(code.strip().encode()).digest()


def paper_code(letters: str) -> str:
    """A code as it is written on paper: in groups of four."""
    return "-".join(letters[at : at + PAPER_CODE_GROUP] for at in range(0, len(letters), PAPER_CODE_GROUP))


def entered_code(text: str) -> str:
    """The code that somebody entered; one from paper may come in small letters and without its dashes."""
    letters = text.strip().upper().replace("-", "")
    is_from_paper = len(letters) == PAPER_CODE_LENGTH and set(letters) <= set(PAPER_LETTERS)
    return paper_code(letters) if is_from_paper else text.strip()


def code_expires_at(now: datetime) -> datetime:
    """Until when a one-time code sent now can be used."""
    return now + timedelta(days=LINK_CODE_DAYS)

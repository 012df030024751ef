"""Whether an agreement between organisations covers a session that cites it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

IN_FORCE = "signed"


class UnknownAgreement(Exception):
    """There is no such agreement, or the caller's association is no side of it."""


class DoesNotCoverSession(Exception):
    """The agreement does not cover the session; the text says why."""


@dataclass(frozen=True)
class Agreement:
    """An agreement as the partners service announced it last; no last day means until it is ended."""

    id: UUID
    state: str
    title: str
    starts_on: date
    ends_on: date | None
    sides: frozenset[UUID]


def check_covers(agreement: Agreement, hosts: Collection[UUID], first_day: date, last_day: date) -> None:
    """It is in force on these days of the session's clock, and all who hold the session are sides of it.

    Raises DoesNotCoverSession.
    """
    if agreement.state != IN_FORCE:
        raise DoesNotCoverSession("The agreement is not in force: all sides sign it first, and nobody has ended it.")
    if first_day < agreement.starts_on or (agreement.ends_on is not None and last_day > agreement.ends_on):
        raise DoesNotCoverSession("The agreement does not hold on the day of the session: choose one that does.")
    if not agreement.sides.issuperset(hosts):
        raise DoesNotCoverSession("Some of those who hold the session and bear its cost are no sides of the agreement.")

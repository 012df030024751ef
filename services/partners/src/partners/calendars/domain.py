"""The secret address under which a calendar program reads who has a resource when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

SHOWN_BEFORE = timedelta(days=31)
SHOWN_AFTER = timedelta(days=366)


class UnknownAddress(Exception):
    """Nothing is at this address, or its owner has withdrawn it."""


@dataclass(frozen=True)
class Address:
    """Which resource a secret leads to, and whose it is."""

    resource_id: UUID
    organisation_id: UUID

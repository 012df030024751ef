"""Ids of rows and events."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A UUIDv7: later ids sort after earlier ones of the same process."""
    return uuid7()

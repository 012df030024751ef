"""Lists in pages: an opaque cursor says where the next page starts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from common.problems import INVALID, ProblemError

Item = TypeVar("Item")

PageLimit = Annotated[int, Query(ge=1, le=200)]
PageCursor = Annotated[str | None, Query(max_length=100)]


class Page(BaseModel, Generic[Item]):
    """Some items in order; `next_cursor` is null on the last page."""

    items: list[Item]
    next_cursor: str | None = None


def encode_cursor(last_id: UUID) -> str:
    """The cursor of the page that starts after this id."""
    return base64.urlsafe_b64encode(last_id.bytes).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> UUID | None:
    """The id that a page starts after; None for the first page. Raises ProblemError for a cursor that is not ours."""
    if cursor is None:
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise ProblemError(INVALID, detail="This cursor was not given out by us; start without one.") from error


def next_cursor(ids: Sequence[UUID], limit: int) -> tuple[int, str | None]:
    """How many of `limit + 1` fetched rows to show, and the cursor of the rest."""
    if len(ids) <= limit:
        return len(ids), None
    return limit, encode_cursor(ids[limit - 1])

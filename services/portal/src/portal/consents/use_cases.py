"""Answering what a household is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.consents.domain import Sheet, key_of, new_answers
from portal.visits import Visitor


async def answer(visitor: Visitor, sheets: Sequence[Sheet], fields: Iterable[tuple[str, str]], key: str) -> int:
    """Keep what a form answers differently from before, one after the other; returns how many answers that were.

    Raises Refused or Unavailable; what was kept before stays, and the form may be sent again.
    """
    answers = new_answers(sheets, fields)
    for one in answers:
        await visitor.asking.create("activities", "/consents", one, key_of(key, one))
    return len(answers)

"""Questions about agreements."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.agreements.domain import Agreement, agreement_of, ordered
from portal.asking import Refused
from portal.directory.domain import Post
from portal.visits import Visitor


async def list_agreements(visitor: Visitor, post: Post, today: date) -> list[Agreement]:
    """The agreements that the association keeps or is a side of; what wants something first."""
    answers = await visitor.asking.list_all("partners", "/agreements", party_id=post.organisation.id)
    return ordered([agreement_of(answer, today) for answer in answers])


async def get_own_agreement(visitor: Visitor, post: Post, agreement_id: str) -> dict[str, Any]:
    """An agreement of which the association is a side, with all that belongs to it. Raises Refused (404)."""
    answer: dict[str, Any] = await visitor.asking.get("partners", f"/agreements/{agreement_id}")
    if post.organisation.id not in (answer["organisation_id"], *answer["party_ids"]):
        raise Refused(404, "not-found", "Others agreed on this", None)
    return answer

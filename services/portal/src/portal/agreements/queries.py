"""Questions about agreements."""

from __future__ import annotations

from datetime import date, datetime
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from portal.agreements.domain import Agreement, agreement_of, ordered
from portal.asking import Json, Refused
from portal.directory.domain import Post
from portal.visits import Visitor


async def list_agreements(visitor: Visitor, post: Post, today: date) -> list[Agreement]:
    """The agreements that the association keeps or is a side of; what wants something first."""
    answers = await visitor.asking.list_all("partners", "/agreements", party_id=post.organisation.id)
    return ordered([agreement_of(answer, today) for answer in answers])


async def list_sessions_under(visitor: Visitor, agreement_id: str) -> list[Json]:
    """The sessions held under an agreement, the next first; what was called off is left out."""
    found = await visitor.asking.list_all("activities", f"/agreements/{agreement_id}/sessions")
    return sorted(
        (one for one in map(_on_its_clock, found) if one["state"] != "cancelled"), key=itemgetter("starts_at")
    )


def _on_its_clock(answer: Json) -> Json:
    zone = ZoneInfo(answer["time_zone"])
    times = {name: datetime.fromisoformat(answer[name]).astimezone(zone) for name in ("starts_at", "ends_at")}
    return {**answer, **times}


async def get_own_agreement(visitor: Visitor, post: Post, agreement_id: str) -> dict[str, Any]:
    """An agreement of which the association is a side, with all that belongs to it. Raises Refused (404)."""
    answer: dict[str, Any] = await visitor.asking.get("partners", f"/agreements/{agreement_id}")
    if post.organisation.id not in (answer["organisation_id"], *answer["party_ids"]):
        raise Refused(404, "not-found", "Others agreed on this", None)
    return answer

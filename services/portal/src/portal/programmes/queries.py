"""Questions about the programmes of an association."""

from __future__ import annotations

from typing import Any

from portal.asking import Refused
from portal.directory.domain import Post
from portal.programmes.domain import Programme, programme_of
from portal.visits import Visitor


async def list_programmes(visitor: Visitor, post: Post) -> list[Programme]:
    """The association's programmes, the newest first."""
    answers = await visitor.asking.list_all("activities", "/programmes", organisation_id=post.organisation.id)
    return sorted((programme_of(answer) for answer in answers), key=lambda one: (one.starts_on, one.id), reverse=True)


async def get_own_programme(visitor: Visitor, post: Post, programme_id: str) -> Programme:
    """A programme of the association. Raises Refused (404)."""
    answer = await visitor.asking.get("activities", f"/programmes/{programme_id}")
    _check_own(answer, post)
    return programme_of(answer)


async def get_own_activity(visitor: Visitor, post: Post, activity_id: str) -> dict[str, Any]:
    """An activity of the association, drafts too. Raises Refused (404)."""
    answer: dict[str, Any] = await visitor.asking.get("activities", f"/activities/{activity_id}")
    _check_own(answer, post)
    return answer


def _check_own(answer: dict[str, Any], post: Post) -> None:
    if answer["organisation_id"] != post.organisation.id:
        raise Refused(404, "not-found", "Another association offers this", None)

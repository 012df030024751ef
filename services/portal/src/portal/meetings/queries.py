"""Questions about meetings and tasks."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from portal.asking import Json, Refused
from portal.directory.domain import Post
from portal.directory.queries import get_post
from portal.meetings.domain import Meeting, Task, meeting_of, ordered, task_of
from portal.visits import Visitor


async def get_team_post(visitor: Visitor, slug: str) -> Post:
    """The post of somebody of the field staff there. Raises SignInNeeded, or Refused (403, 404)."""
    _ = visitor.person
    post = await get_post(visitor, slug)
    if not post.is_field_staff:
        raise Refused(403, "forbidden", "For the field staff", None)
    return post


async def list_meetings(visitor: Visitor, post: Post) -> list[Meeting]:
    """The association's meetings."""
    answers = await visitor.asking.list_all("partners", "/meetings", organisation_id=post.organisation.id)
    return [meeting_of(answer) for answer in answers]


async def get_own_meeting(visitor: Visitor, post: Post, meeting_id: str) -> dict[str, Any]:
    """All that was written of a meeting of the association. Raises Refused (404)."""
    answer: dict[str, Any] = await visitor.asking.get("partners", f"/meetings/{meeting_id}")
    if answer["organisation_id"] != post.organisation.id:
        raise Refused(404, "not-found", "Another association met", None)
    return answer


async def list_owners(visitor: Visitor, post: Post) -> list[Json]:
    """Who can be given a task, by name."""
    found = await visitor.asking.list_all("partners", "/task-owners", organisation_id=post.organisation.id)
    return sorted(found, key=lambda one: str(one["display_name"]).casefold())


async def list_tasks(
    visitor: Visitor, post: Post, today: date, *, meeting_id: str | None = None, is_done: bool | None = None
) -> list[Task]:
    """The association's tasks with their owners, the most urgent first."""
    answers, owners = await asyncio.gather(
        visitor.asking.list_all(
            "partners", "/tasks", organisation_id=post.organisation.id, meeting_id=meeting_id, is_done=is_done
        ),
        list_owners(visitor, post),
    )
    names = {one["id"]: str(one["display_name"]) for one in owners}
    return ordered([task_of(answer, names, today) for answer in answers])

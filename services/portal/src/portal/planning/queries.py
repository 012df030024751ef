"""Questions of those who plan."""

from __future__ import annotations

from portal.asking import Json, Refused
from portal.directory.domain import Directory, Organisation, Post
from portal.directory.queries import get_post
from portal.visits import Visitor


async def get_planner_post(visitor: Visitor, slug: str) -> Post:
    """The post of somebody who plans there. Raises SignInNeeded, or Refused (403, 404)."""
    _ = visitor.person
    post = await get_post(visitor, slug)
    if not post.is_planner:
        raise Refused(403, "forbidden", "For those who plan", None)
    return post


async def list_activities(visitor: Visitor, post: Post, programme_id: str | None = None) -> list[Json]:
    """The association's activities, drafts too, by title; those of one programme when it is named."""
    own_id = post.organisation.id
    found = await visitor.asking.list_all(
        "activities", "/activities", organisation_id=own_id, programme_id=programme_id
    )
    return sorted(found, key=lambda activity: str(activity["title"]).casefold())


def sites_of(directory: Directory, post: Post) -> list[Organisation]:
    """Where something can take place: the own sites by name, then those of others."""
    open_sites = [one for one in directory.by_id.values() if one.kind == "site" and not one.is_ended]
    return sorted(open_sites, key=lambda site: (site.parent_id != post.organisation.id, site.name))

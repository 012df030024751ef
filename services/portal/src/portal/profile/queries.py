"""Questions about what an organisation says of itself."""

from __future__ import annotations

from portal.asking import Json, Refused
from portal.directory.domain import Organisation, Post
from portal.directory.queries import get_directory
from portal.members.queries import get_leader_post
from portal.visits import Visitor


async def get_profile(visitor: Visitor, organisation_id: str) -> Json:
    """All that it says now, with the version that a change must name."""
    return dict(await visitor.asking.get("partners", f"/organisations/{organisation_id}"))


async def get_association_post(visitor: Visitor, slug: str) -> Post:
    """As `get_leader_post`, of an association, which has sites. Raises SignInNeeded, or Refused (403, 404)."""
    post = await get_leader_post(visitor, slug)
    if post.organisation.kind != "association":
        raise Refused(404, "not-found", "It has no sites", None)
    return post


async def get_own_site(visitor: Visitor, post: Post, site_id: str) -> Organisation:
    """A site of the association, an ended one too. Raises Refused (404)."""
    site = (await get_directory(visitor.asking)).by_id.get(site_id)
    if site is None or site.parent_id != post.organisation.id:
        raise Refused(404, "not-found", "There is no such site here", None)
    return site

"""Questions about who works for an organisation."""

from __future__ import annotations

from portal.asking import Refused
from portal.directory.domain import Post
from portal.directory.queries import get_directory, list_posts
from portal.members.domain import ROLES, Members, leading_post, members_of
from portal.visits import Visitor


async def get_leader_post(visitor: Visitor, slug: str) -> Post:
    """The post of somebody who leads there, or a federation of it. Raises SignInNeeded, or Refused (403, 404)."""
    _ = visitor.person
    organisation = (await get_directory(visitor.asking)).by_slug.get(slug)
    if organisation is None or organisation.kind not in ROLES:
        raise Refused(404, "not-found", "There is no such organisation", None)
    post = leading_post(await list_posts(visitor), organisation)
    if post is None:
        raise Refused(403, "forbidden", "For those who lead", None)
    return post


async def get_members(visitor: Visitor, post: Post) -> Members:
    """Everybody who works there, is invited, or worked there."""
    own_id = post.organisation.id
    return members_of(await visitor.asking.list_all("partners", "/memberships", organisation_id=own_id))

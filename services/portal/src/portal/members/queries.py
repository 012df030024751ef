"""Questions about who works for an association."""

from __future__ import annotations

from portal.asking import Refused
from portal.directory.domain import Post
from portal.directory.queries import get_post
from portal.members.domain import LEADER_ROLES, Members, members_of
from portal.visits import Visitor


async def get_leader_post(visitor: Visitor, slug: str) -> Post:
    """The post of somebody who leads there. Raises SignInNeeded, or Refused (403, 404)."""
    _ = visitor.person
    post = await get_post(visitor, slug)
    if not post.roles & LEADER_ROLES:
        raise Refused(403, "forbidden", "For those who lead", None)
    return post


async def get_members(visitor: Visitor, post: Post) -> Members:
    """Everybody who works there, is invited, or worked there."""
    own_id = post.organisation.id
    return members_of(await visitor.asking.list_all("partners", "/memberships", organisation_id=own_id))

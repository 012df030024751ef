"""Inviting somebody, taking up an invitation, giving another role, ending a membership."""

from __future__ import annotations

from portal.asking import Json
from portal.directory.domain import Post
from portal.visits import Visitor


async def invite(visitor: Visitor, post: Post, person: dict[str, str], key: str) -> None:
    """Send an invitation, once for a key. Raises Refused or Unavailable."""
    body = {**person, "organisation_id": post.organisation.id}
    await visitor.asking.create("partners", "/memberships", body, key)


async def accept_invitation(visitor: Visitor, code: str, key: str) -> Json:
    """Become the member whom the code was sent to; the membership. Raises Refused or Unavailable."""
    return await visitor.asking.create("partners", "/memberships/accept", {"code": code}, key)


async def change_role(visitor: Visitor, membership_id: str, role: str, version: int) -> None:
    """Give a member another role on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "partners", f"/memberships/{membership_id}", {"role": role}, version)


async def end_membership(visitor: Visitor, membership_id: str) -> None:
    """End a membership, or withdraw an invitation. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/memberships/{membership_id}/end")

"""Changing what an organisation says of itself, its sites, and which federations it belongs to."""

from __future__ import annotations

from portal.asking import Json
from portal.directory.domain import Post
from portal.directory.use_cases import hear_of_change
from portal.profile.domain import site_slug
from portal.visits import Visitor


async def change_profile(visitor: Visitor, organisation_id: str, changes: Json, version: int) -> None:
    """Say something else, on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "partners", f"/organisations/{organisation_id}", changes, version)
    hear_of_change(visitor, organisation_id)


async def open_site(visitor: Visitor, post: Post, site: Json, key: str) -> None:
    """Give the association another site, once for a key. Raises Refused or Unavailable."""
    association = post.organisation
    place = {"kind": "site", "parent_id": association.id, "slug": site_slug(association.slug, str(site["name"]))}
    made = await visitor.asking.create("partners", "/organisations", {**site, **place}, key)
    hear_of_change(visitor, made["id"])


async def end_site(visitor: Visitor, site_id: str) -> None:
    """Let nothing new happen at a site. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/organisations/{site_id}/end")
    hear_of_change(visitor, site_id)


async def agree_to_joining(visitor: Visitor, organisation_id: str, federation_id: str) -> str | None:
    """Agree for the visitor's side; whose agreement is waited for, or None when it has joined. Raises Refused."""
    path = f"/organisations/{organisation_id}/join"
    answer = await visitor.asking.do("partners", path, {"federation_id": federation_id})
    hear_of_change(visitor, organisation_id)
    waits_for: str | None = answer["waits_for"]
    return waits_for

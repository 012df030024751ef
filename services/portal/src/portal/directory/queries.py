"""Questions about organisations and about who works for them."""

from __future__ import annotations

import asyncio
from typing import Any

from portal.asking import Asking, Refused, Unavailable
from portal.directory.domain import Directory, Organisation, Post, posts_of
from portal.visits import Visitor

DIRECTORY_SECONDS = 30.0
DETAILS_SECONDS = 60.0
POSTS_SECONDS = 15.0
DIRECTORY = ("directory",)


async def get_directory(asking: Asking) -> Directory:
    """Every organisation, at most half a minute old."""
    known: Directory | None = asking.services.recall(DIRECTORY)
    if known is None:
        known = await _ask_for_directory(asking.stranger())
        asking.services.remember(DIRECTORY, known, DIRECTORY_SECONDS)
    return known


async def _ask_for_directory(public: Asking) -> Directory:
    """The directory; the last that was told when partners is away, for names change seldom."""
    try:
        entries, logos = await asyncio.gather(
            public.list_all("partners", "/organisations", include_ended=True), _map_logos(public)
        )
        return Directory.of(entries, logos)
    except Unavailable:
        last: Directory | None = public.services.recall_at_any_age(DIRECTORY)
        if last is None:
            raise
        return last


async def _map_logos(public: Asking) -> dict[str, str]:
    """The digest of each logo by its organisation; none from a service that is older than logos."""
    try:
        return {one["organisation_id"]: one["digest"] for one in await public.get("partners", "/logos")}
    except Refused:
        return {}


async def get_association(asking: Asking, slug: str) -> Organisation:
    """The association of this slug. Raises Refused (404)."""
    found = (await get_directory(asking)).by_slug.get(slug)
    if found is None or found.kind != "association":
        raise Refused(404, "not-found", "There is no such association", None)
    return found


async def get_details(asking: Asking, organisation_id: str) -> dict[str, Any]:
    """Address, accessibility and the like of one organisation."""
    details: dict[str, Any] = await asking.get_public(
        "partners", f"/organisations/{organisation_id}", seconds=DETAILS_SECONDS
    )
    return details


async def list_posts(visitor: Visitor) -> list[Post]:
    """Where the visitor works; nothing for who has not signed in."""
    if visitor.session is None:
        return []
    directory = await get_directory(visitor.asking)

    async def ask() -> list[Post]:
        return posts_of(await visitor.asking.list_all("partners", "/memberships/mine"), directory)

    return await visitor.known("posts", POSTS_SECONDS, ask)


async def get_post(visitor: Visitor, slug: str) -> Post:
    """What the visitor is to the association of this slug. Raises Refused: 404, or 403 for who does not work there."""
    association = await get_association(visitor.asking, slug)
    for post in await list_posts(visitor):
        if post.organisation.id == association.id:
            return post
    raise Refused(403, "forbidden", "You do not work for this association", None)

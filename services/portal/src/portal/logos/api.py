"""Logos: shown to everybody, set and removed by those who lead."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from portal.asking import Refused
from portal.languages import translate
from portal.logos import queries, use_cases
from portal.members.queries import get_leader_post
from portal.pages import go, show
from portal.pictures import NotAPicture
from portal.visits import SignedForm, SignedUpload, Visit, Visitor

router = APIRouter()
HERE = "/manage/{slug}/logo"
LOGO_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
"""Another logo has another address, and a browser that opens one by itself runs nothing in it."""


@router.get("/logos/{organisation_id}/{digest}.webp")
async def send_logo(organisation_id: UUID, digest: str, visitor: Visit) -> Response:
    """The picture itself; one that was replaced is gone, whatever the address says."""
    picture = await queries.get_logo(visitor, str(organisation_id), digest)
    return Response(picture, media_type="image/webp", headers=LOGO_HEADERS)


@router.get(HERE)
async def show_logo(slug: str, visitor: Visit) -> HTMLResponse:
    """The logo as it is, and the form for another one."""
    return await _show_logo(visitor, slug)


@router.post(HERE)
async def set_logo(slug: str, visitor: Visit, upload: SignedUpload) -> Response:
    """Set or replace it."""
    post = await get_leader_post(visitor, slug)
    if not upload.content:
        return await _show_logo(visitor, slug, error=translate("Choose a picture."))
    try:
        await use_cases.set_logo(visitor, post.organisation.id, upload.content)
    except NotAPicture:
        error = translate("Choose a picture in the format PNG, JPEG or WebP.")
        return await _show_logo(visitor, slug, error=error)
    except Refused as problem:
        return await _show_logo(visitor, slug, problem=problem)
    return go(f"/manage/{slug}/logo")


@router.post(f"{HERE}/removal")
async def remove_logo(slug: str, visitor: Visit, _form: SignedForm) -> Response:
    """Go back to the initials."""
    post = await get_leader_post(visitor, slug)
    try:
        await use_cases.remove_logo(visitor, post.organisation.id)
    except Refused as problem:
        return await _show_logo(visitor, slug, problem=problem)
    return go(f"/manage/{slug}/logo")


async def _show_logo(
    visitor: Visitor, slug: str, error: str | None = None, problem: Refused | None = None
) -> HTMLResponse:
    post = await get_leader_post(visitor, slug)
    organisation = post.organisation
    return await show(
        visitor,
        "logos/logo.html",
        status=problem.status if problem else 422 if error else 200,
        association=organisation if organisation.kind == "association" else None,
        organisation=organisation,
        post=post,
        errors={"photo": error} if error else {},
        problem=problem,
    )

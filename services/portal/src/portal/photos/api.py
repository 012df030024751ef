"""Photos of rooms and equipment: shown to whoever may borrow them, added and removed by their owner."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Refused
from portal.entries import Entries
from portal.languages import translate
from portal.pages import go, show
from portal.photos import queries, use_cases
from portal.pictures import NotAPicture
from portal.planning.queries import get_planner_post
from portal.resources.queries import get_own_resource
from portal.visits import SignedForm, SignedUpload, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/resources/{resource_id}/photos"
PHOTO_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
"""A photo never changes, and a browser that opens it by itself runs nothing in it."""


@router.get(BASE)
async def show_photos(slug: str, resource_id: UUID, visitor: Visit) -> HTMLResponse:
    """The photos, and the form for another one."""
    return await _show_photos(visitor, slug, str(resource_id), None, None)


@router.get("/photos/{photo_id}.webp")
async def send_photo(photo_id: UUID, visitor: Visit) -> Response:
    """The picture itself."""
    _ = visitor.person
    picture = await queries.get_picture(visitor, str(photo_id))
    return Response(picture, media_type="image/webp", headers=PHOTO_HEADERS)


@router.post(BASE)
async def add(slug: str, resource_id: UUID, visitor: Visit, upload: SignedUpload) -> Response:
    """Add a photo, once."""
    entries = Entries(upload.form)
    description = entries.text("description")
    if not upload.content:
        entries.refuse("photo", translate("Choose a photo."))
    if entries.errors:
        return await _show_photos(visitor, slug, str(resource_id), entries, None)
    try:
        await use_cases.add_photo(visitor, str(resource_id), upload.content, description, upload.form.get("key"))
    except NotAPicture:
        entries.refuse("photo", translate("Choose a photo in the format JPEG, PNG or WebP."))
        return await _show_photos(visitor, slug, str(resource_id), entries, None)
    except Refused as problem:
        return await _show_photos(visitor, slug, str(resource_id), entries, problem)
    return go(f"/manage/{slug}/resources/{resource_id}/photos")


@router.post(f"{BASE}/{{photo_id}}/removal")
async def remove(slug: str, resource_id: UUID, photo_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Remove a photo."""
    try:
        await use_cases.remove_photo(visitor, str(photo_id))
    except Refused as problem:
        return await _show_photos(visitor, slug, str(resource_id), None, problem)
    return go(f"/manage/{slug}/resources/{resource_id}/photos")


async def _show_photos(
    visitor: Visitor, slug: str, resource_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    resource = await get_own_resource(visitor, post, resource_id)
    return await show(
        visitor,
        "photos/photos.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        resource=resource,
        photos=await queries.list_photos(visitor, resource_id),
        values=dict(entries.form.fields) if entries else {},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )

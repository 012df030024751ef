"""Photos over HTTP: owners add them, whoever may see the resource sees them."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Base64Bytes, BaseModel, ConfigDict

from access.callers import Caller
from access.roles import PLANNERS, TEAM
from common.http import ShortText
from common.idempotency import IdempotencyKey, once
from common.problems import NOT_FOUND, Problem, Problems
from partners.database import api_database
from partners.photos import domain, queries, use_cases
from partners.resources.queries import get_resource

router = APIRouter(tags=["photos"])
PROBLEMS: Problems = {
    domain.PhotoNotFound: NOT_FOUND,
    domain.NotAPhoto: Problem(422, "not-a-photo", "This is no WebP picture"),
    domain.PhotoTooLarge: Problem(413, "photo-too-large", "The picture is too large"),
    domain.TooManyPhotos: Problem(409, "too-many-photos", "There are as many photos as are kept"),
}


class NewPhoto(BaseModel):
    """A WebP picture in base64, and what is on it in words."""

    model_config = ConfigDict(extra="forbid")

    description: ShortText
    content: Base64Bytes


class PhotoAnswer(BaseModel):
    """A photo without its content."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    resource_id: UUID
    description: str


@router.post("/resources/{resource_id}/photos", status_code=201, response_model=PhotoAnswer)
async def post_photo(resource_id: UUID, body: NewPhoto, caller: Caller, key: IdempotencyKey) -> Response:
    """Add a picture of a resource; for its owner's coordinators and directors."""

    async def create() -> PhotoAnswer:
        resource = await get_resource(session, resource_id)
        caller.require(resource.organisation_id, PLANNERS)
        return PhotoAnswer.model_validate(
            await use_cases.add_photo(session, resource_id, body.description, body.content)
        )

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/resources/{resource_id}/photos")
async def get_photos(resource_id: UUID, caller: Caller) -> list[PhotoAnswer]:
    """The photos of a resource; for everybody who may see the resource."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        await get_resource(session, resource_id)
        return [PhotoAnswer.model_validate(row) for row in await queries.list_photos(session, resource_id)]


@router.get("/photos/{photo_id}/content", response_class=Response, responses={200: {"content": {"image/webp": {}}}})
async def get_content(photo_id: UUID, caller: Caller) -> Response:
    """The picture, which never changes; for everybody who may see the resource."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        content = await queries.get_content(session, photo_id)
    return Response(content, media_type="image/webp", headers={"X-Content-Type-Options": "nosniff"})


@router.delete("/photos/{photo_id}", status_code=204)
async def delete_photo(photo_id: UUID, caller: Caller) -> None:
    """Remove a picture; for its owner's coordinators and directors."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        photo = await queries.get_photo(session, photo_id)
        caller.require(photo.organisation_id, PLANNERS)
        await use_cases.remove_photo(session, photo_id)

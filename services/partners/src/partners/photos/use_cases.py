"""Adding photos and removing them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from partners.photos import queries
from partners.photos.domain import check_count, check_photo
from partners.photos.tables import ResourcePhoto
from partners.resources.queries import lock_resource


async def add_photo(session: AsyncSession, resource_id: UUID, description: str, content: bytes) -> ResourcePhoto:
    """Add a picture. Raises ResourceNotFound, NotAPhoto, PhotoTooLarge, TooManyPhotos."""
    check_photo(content)
    resource = await lock_resource(session, resource_id)
    check_count(await queries.count_photos(session, resource_id))
    photo = ResourcePhoto(
        organisation_id=resource.organisation_id, resource_id=resource_id, description=description, content=content
    )
    session.add(photo)
    await session.flush()
    return photo


async def remove_photo(session: AsyncSession, photo_id: UUID) -> None:
    """Remove a picture. Raises PhotoNotFound."""
    await session.delete(await queries.get_photo(session, photo_id))
    await session.flush()

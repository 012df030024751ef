"""What is asked about photos. The row policies show those of resources that the caller may see."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from partners.photos.domain import PhotoNotFound
from partners.photos.tables import ResourcePhoto


async def list_photos(session: AsyncSession, resource_id: UUID) -> Sequence[ResourcePhoto]:
    """The photos of a resource without their content, the first that came first."""
    statement = select(ResourcePhoto).where(ResourcePhoto.resource_id == resource_id).order_by(ResourcePhoto.id)
    return (await session.scalars(statement)).all()


async def count_photos(session: AsyncSession, resource_id: UUID) -> int:
    """How many photos a resource has."""
    statement = select(func.count()).where(ResourcePhoto.resource_id == resource_id)
    return (await session.scalar(statement)) or 0


async def get_photo(session: AsyncSession, photo_id: UUID) -> ResourcePhoto:
    """One photo. Raises PhotoNotFound."""
    photo = await session.get(ResourcePhoto, photo_id)
    if photo is None:
        raise PhotoNotFound("There is no such photo.")
    return photo


async def get_content(session: AsyncSession, photo_id: UUID) -> bytes:
    """The picture itself. Raises PhotoNotFound."""
    content = await session.scalar(select(ResourcePhoto.content).where(ResourcePhoto.id == photo_id))
    if content is None:
        raise PhotoNotFound("There is no such photo.")
    return content

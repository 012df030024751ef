"""What is asked about logos, which everybody sees."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from partners.logos.domain import LogoNotFound
from partners.logos.tables import Logo


async def list_logos(session: AsyncSession) -> Sequence[Logo]:
    """Every logo without its content, in order of its organisation."""
    return (await session.scalars(select(Logo).order_by(Logo.organisation_id))).all()


async def lock_logo(session: AsyncSession, organisation_id: UUID) -> Logo | None:
    """The logo of an organisation, locked."""
    return await session.get(Logo, organisation_id, with_for_update=True, populate_existing=True)


async def get_content(session: AsyncSession, organisation_id: UUID) -> bytes:
    """The picture itself. Raises LogoNotFound."""
    content = await session.scalar(select(Logo.content).where(Logo.organisation_id == organisation_id))
    if content is None:
        raise LogoNotFound("This organisation has no logo.")
    return content

"""Setting the logo of an organisation and removing it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from partners.logos import queries
from partners.logos.domain import check_logo, digest_of
from partners.logos.tables import Logo


async def set_logo(session: AsyncSession, organisation_id: UUID, content: bytes) -> Logo:
    """Set or replace it. Raises NotAPhoto, LogoTooLarge."""
    check_logo(content)
    logo = await queries.lock_logo(session, organisation_id)
    if logo is None:
        logo = Logo(organisation_id=organisation_id)
        session.add(logo)
    else:
        logo.version += 1
    logo.content, logo.digest, logo.changed_at = content, digest_of(content), now()
    await session.flush()
    return logo


async def remove_logo(session: AsyncSession, organisation_id: UUID) -> None:
    """Remove it; again changes nothing."""
    logo = await queries.lock_logo(session, organisation_id)
    if logo is not None:
        await session.delete(logo)
        await session.flush()

"""What is asked about keys. The row policies show those of one's own association."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from partners.keys.domain import KeyNotFound
from partners.keys.tables import KeyHandover, ResourceKey


async def list_keys(session: AsyncSession, resource_id: UUID) -> Sequence[ResourceKey]:
    """The keys of a resource by their labels, those out of use last."""
    statement = select(ResourceKey).where(ResourceKey.resource_id == resource_id)
    return (await session.scalars(statement.order_by(ResourceKey.withdrawn_at.nulls_first(), ResourceKey.label))).all()


async def list_open_handovers(session: AsyncSession, key_ids: Collection[UUID]) -> Mapping[UUID, KeyHandover]:
    """Who has these keys now, by key."""
    statement = select(KeyHandover).where(KeyHandover.key_id.in_(key_ids), KeyHandover.returned_on.is_(None))
    return {handover.key_id: handover for handover in (await session.scalars(statement)).all()}


async def list_handovers(session: AsyncSession, key_id: UUID) -> Sequence[KeyHandover]:
    """Who had a key, the last first."""
    statement = select(KeyHandover).where(KeyHandover.key_id == key_id)
    return (await session.scalars(statement.order_by(KeyHandover.handed_over_on.desc(), KeyHandover.id.desc()))).all()


async def get_key(session: AsyncSession, key_id: UUID) -> ResourceKey:
    """One's own key. Raises KeyNotFound."""
    key = await session.get(ResourceKey, key_id)
    if key is None:
        raise KeyNotFound("There is no such key.")
    return key


async def lock_key(session: AsyncSession, key_id: UUID) -> ResourceKey:
    """The key as it is now, held until the transaction ends. Raises KeyNotFound."""
    statement = select(ResourceKey).where(ResourceKey.id == key_id).with_for_update()
    key = await session.scalar(statement.execution_options(populate_existing=True))
    if key is None:
        raise KeyNotFound("There is no such key.")
    return key


async def find_key_of_label(session: AsyncSession, resource_id: UUID, label: str) -> ResourceKey | None:
    """The key in use with this label."""
    statement = select(ResourceKey).where(
        ResourceKey.resource_id == resource_id, ResourceKey.label == label, ResourceKey.withdrawn_at.is_(None)
    )
    return await session.scalar(statement)


async def list_handovers_past(
    session: AsyncSession, organisation_id: UUID, since: date, rows_max: int
) -> Sequence[UUID]:
    """Handovers of keys that came back before a day."""
    statement = select(KeyHandover.id).where(
        KeyHandover.organisation_id == organisation_id, KeyHandover.returned_on < since
    )
    return (await session.scalars(statement.order_by(KeyHandover.id).limit(rows_max))).all()


async def lock_handovers_of(
    session: AsyncSession, organisation_id: UUID, membership_ids: Collection[UUID], names: Collection[str]
) -> Sequence[KeyHandover]:
    """Handovers to these members, and to people of these names who are written down without a membership."""
    by_name = and_(KeyHandover.membership_id.is_(None), KeyHandover.holder_name.in_(names))
    statement = select(KeyHandover).where(
        KeyHandover.organisation_id == organisation_id, or_(KeyHandover.membership_id.in_(membership_ids), by_name)
    )
    return (await session.scalars(statement.order_by(KeyHandover.id).with_for_update())).all()

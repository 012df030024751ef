"""What is asked about leases. The row policies show those of one's own association."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from partners.leases.domain import LeaseNotFound
from partners.leases.tables import Lease


async def list_leases(session: AsyncSession, resource_id: UUID) -> Sequence[Lease]:
    """The leases of a resource, the newest first."""
    statement = select(Lease).where(Lease.resource_id == resource_id)
    return (await session.scalars(statement.order_by(Lease.starts_on.desc(), Lease.id))).all()


async def lock_lease(session: AsyncSession, lease_id: UUID) -> Lease:
    """The lease as it is now, held until the transaction ends. Raises LeaseNotFound."""
    statement = select(Lease).where(Lease.id == lease_id).with_for_update()
    lease = await session.scalar(statement.execution_options(populate_existing=True))
    if lease is None:
        raise LeaseNotFound("There is no such lease.")
    return lease

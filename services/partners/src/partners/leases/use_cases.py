"""Writing leases down, changing them, and the alarm before it is too late for notice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from common.due_rows import complete, schedule
from common.http import check_version
from common.outbox import publish
from contracts.partners import LeaseNoticeDue
from partners.leases import queries
from partners.leases.domain import LeaseTerms, check_lease, notice_alarm_at, notice_by
from partners.leases.tables import Lease
from partners.resources.queries import get_resource

NOTICE_DUE = "lease_notice_due"


async def write_lease(session: AsyncSession, resource_id: UUID, terms: LeaseTerms) -> Lease:
    """Write down on which terms a resource is rented or let. Raises ResourceNotFound, UnfitLease."""
    check_lease(terms)
    resource = await get_resource(session, resource_id)
    lease = Lease(
        organisation_id=resource.organisation_id, resource_id=resource.id, currency=resource.currency, **vars(terms)
    )
    session.add(lease)
    await session.flush()
    await _set_alarm(session, lease)
    return lease


async def rewrite_lease(session: AsyncSession, lease_id: UUID, terms: LeaseTerms, expected_version: int) -> Lease:
    """Replace the terms of a lease; ending it is giving it a last day. Raises LeaseNotFound, UnfitLease."""
    check_lease(terms)
    lease = await queries.lock_lease(session, lease_id)
    check_version(expected_version, lease.version)
    for name, value in vars(terms).items():
        setattr(lease, name, value)
    lease.version += 1
    await session.flush()
    await _set_alarm(session, lease)
    return lease


async def announce_notice(session: AsyncSession, lease_id: UUID) -> None:
    """Announce until when notice of a lease can be given."""
    lease = await queries.lock_lease(session, lease_id)
    if lease.ends_on is None:
        return
    resource = await get_resource(session, lease.resource_id)
    event = LeaseNoticeDue(
        organisation_id=lease.organisation_id,
        lease_id=lease.id,
        version=lease.version,
        resource_name=resource.name,
        other_side=lease.other_side,
        ends_on=lease.ends_on,
        notice_by=notice_by(lease.ends_on, lease.notice_months),
    )
    await publish(session, event)


async def _set_alarm(session: AsyncSession, lease: Lease) -> None:
    """A lease without an end has no alarm, nor has one of which notice cannot be given any more."""
    last_day: date | None = None
    if lease.ends_on is not None:
        last_day = notice_by(lease.ends_on, lease.notice_months)
    if last_day is None or last_day < now().date():
        await complete(session, NOTICE_DUE, lease.id)
        return
    resource = await get_resource(session, lease.resource_id)
    alarm_at = notice_alarm_at(last_day, resource.time_zone)
    await schedule(session, NOTICE_DUE, lease.id, lease.organisation_id, alarm_at)

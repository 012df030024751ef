"""What an owner does with what it has: enter it, change it, prove that it is safe, close it for a time, end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from common.http import check_version
from partners.organisations.domain import OrganisationHasEnded, check_time_zone
from partners.organisations.queries import find_organisation
from partners.organisations.use_cases import get_organisation
from partners.resources import queries
from partners.resources.domain import (
    Approval,
    ClosesTooEarly,
    ClosureKind,
    OpenHours,
    PaperKind,
    QuotaPeriod,
    ResourceHasEnded,
    ResourceKind,
    ResourceNotFound,
    StillReserved,
    StockTooSmall,
    check_open_hours,
    check_quota,
    peak_quantity,
)
from partners.resources.tables import Resource, ResourceClosure, ResourcePaper

FOR_EVER = timedelta(days=36_500)


@dataclass(frozen=True)
class ResourcePlan:
    """Everything that an owner says about a resource; the price is per hour and piece, in minor units."""

    kind: ResourceKind
    name: str
    description: str
    site_id: UUID | None
    capacity: int | None
    accessibility: Sequence[str]
    opening_hours: Sequence[OpenHours]
    quantity: int
    set_up_minutes: int
    clean_up_minutes: int
    price_per_hour_minor: int
    pooled: bool
    approval: Approval
    owner_notice_days: int | None
    quota_hours: int | None
    quota_period: QuotaPeriod | None


@dataclass(frozen=True)
class NewPaper:
    """An approval or inspection as it stands on paper."""

    kind: PaperKind
    issuer: str
    reference: str
    issued_on: date
    expires_on: date


async def enter_resource(session: AsyncSession, organisation_id: UUID, plan: ResourcePlan) -> Resource:
    """Enter what an association has. Its clock is that of its site, else of the association."""
    owner = await get_organisation(session, organisation_id)
    if owner.ended_at is not None:
        raise OrganisationHasEnded
    place = owner
    if plan.site_id is not None:
        site = await find_organisation(session, plan.site_id)
        if site is None or site.organisation_id != organisation_id:
            raise ResourceNotFound("The site is not one of this association.")
        place = site
    check_time_zone(place.time_zone)
    resource = Resource(
        organisation_id=organisation_id, time_zone=place.time_zone, currency=owner.currency, **_columns(vars(plan))
    )
    _check(resource)
    session.add(resource)
    await session.flush()
    return resource


async def change_resource(
    session: AsyncSession, resource_id: UUID, changes: Mapping[str, Any], expected_version: int
) -> Resource:
    """Give fields of `ResourcePlan` new values; what is reserved already stays as it was reserved."""
    resource = await _lock_unended(session, resource_id)
    check_version(expected_version, resource.version)
    for name, value in _columns(changes).items():
        setattr(resource, name, value)
    _check(resource)
    busy = await queries.list_busy_periods(session, [resource_id], now(), now() + FOR_EVER)
    reserved = [(one.starts_at, one.ends_at, one.quantity) for one in busy if one.kind == "reserved"]
    if peak_quantity(reserved) > resource.quantity:
        raise StockTooSmall("More pieces are reserved at a later time.")
    resource.version += 1
    await session.flush()
    return resource


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of `ResourcePlan` as the columns keep them."""
    columns = dict(values)
    if "opening_hours" in columns:
        columns["opening_hours"] = [
            [day.weekday, day.opens_minute, day.closes_minute] for day in columns["opening_hours"]
        ]
    if "accessibility" in columns:
        columns["accessibility"] = list(dict.fromkeys(columns["accessibility"]))
    return columns


def _check(resource: Resource) -> None:
    check_open_hours(open_hours_of(resource))
    check_quota(resource.quota_hours, QuotaPeriod(resource.quota_period) if resource.quota_period else None)


def open_hours_of(resource: Resource) -> tuple[OpenHours, ...]:
    """The opening hours as the rules take them."""
    return tuple(OpenHours(*day) for day in resource.opening_hours)


async def end_resource(session: AsyncSession, resource_id: UUID) -> Resource:
    """Take a resource out of service, once; nobody may have it reserved any more. Raises StillReserved."""
    resource = await queries.lock_resource(session, resource_id)
    if resource.ended_at is None:
        await _check_free(session, resource_id, now(), now() + FOR_EVER)
        resource.ended_at = now()
        resource.version += 1
        await session.flush()
    return resource


async def add_paper(session: AsyncSession, resource_id: UUID, paper: NewPaper) -> ResourcePaper:
    """Record an approval or inspection; a newer one of the same kind takes its place."""
    resource = await _lock_unended(session, resource_id)
    if paper.expires_on < paper.issued_on:
        raise ClosesTooEarly("A paper expires after it was issued.")
    row = ResourcePaper(organisation_id=resource.organisation_id, resource_id=resource_id, **vars(paper))
    session.add(row)
    await session.flush()
    return row


async def close_resource(
    session: AsyncSession, resource_id: UUID, kind: ClosureKind, starts_at: datetime, ends_at: datetime, reason: str
) -> ResourceClosure:
    """Close a resource for a time in which nobody has reserved it. Raises StillReserved, ClosesTooEarly."""
    closure = await close_whoever_has_it(session, resource_id, kind, starts_at, ends_at, reason)
    await _check_free(session, resource_id, starts_at, ends_at)
    return closure


async def close_whoever_has_it(
    session: AsyncSession, resource_id: UUID, kind: ClosureKind, starts_at: datetime, ends_at: datetime, reason: str
) -> ResourceClosure:
    """Lock and close a resource; the caller sees to what is reserved in this time. Raises ClosesTooEarly."""
    resource = await _lock_unended(session, resource_id)
    if ends_at <= starts_at:
        raise ClosesTooEarly("A closure must end after it begins.")
    closure = ResourceClosure(
        organisation_id=resource.organisation_id,
        resource_id=resource_id,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
    )
    session.add(closure)
    await session.flush()
    return closure


async def reopen_resource(session: AsyncSession, closure_id: UUID) -> None:
    """Take a closure back."""
    closure = await queries.get_closure(session, closure_id)
    await queries.lock_resource(session, closure.resource_id)
    await session.delete(closure)
    await session.flush()


async def _lock_unended(session: AsyncSession, resource_id: UUID) -> Resource:
    resource = await queries.lock_resource(session, resource_id)
    if resource.ended_at is not None:
        raise ResourceHasEnded("This resource is out of service.")
    return resource


async def _check_free(session: AsyncSession, resource_id: UUID, from_at: datetime, until_at: datetime) -> None:
    busy = await queries.list_busy_periods(session, [resource_id], from_at, until_at)
    reserved = [period for period in busy if period.kind == "reserved"]
    if reserved:
        first = reserved[0]
        raise StillReserved(
            f"It is reserved from {first.starts_at.isoformat()} to {first.ends_at.isoformat()}: withdraw that first."
        )

"""What is asked about resources. The row policies show one's own, and the pooled ones of one's federations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from partners.resources.domain import ClosureNotFound, Paper, PaperKind, ResourceNotFound
from partners.resources.tables import Resource, ResourceClosure, ResourcePaper

BUSY = text(
    """select resource_id, kind, starts_at, ends_at, quantity
         from busy_periods(:resource_ids, :from_at, :until_at) order by starts_at, ends_at"""
)


@dataclass(frozen=True)
class ResourceFilter:
    """Which resources are wanted; what is None does not matter."""

    organisation_id: UUID | None = None
    kind: str | None = None
    site_id: UUID | None = None
    pooled: bool | None = None
    text: str | None = None
    includes_ended: bool = False


@dataclass(frozen=True)
class BusyPeriod:
    """A time in which a resource, or some pieces of it, cannot be had: `kind` is reserved, maintenance or blocked."""

    resource_id: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime
    quantity: int


async def get_resource(session: AsyncSession, resource_id: UUID) -> Resource:
    """The resource. Raises ResourceNotFound."""
    resource = await session.get(Resource, resource_id, populate_existing=True)
    if resource is None:
        raise ResourceNotFound("There is no such resource.")
    return resource


async def lock_resource(session: AsyncSession, resource_id: UUID) -> Resource:
    """The resource as it is now, held until the transaction ends. Raises ResourceNotFound for all but its owner."""
    locked = await lock_resources(session, [resource_id])
    if not locked:
        raise ResourceNotFound("There is no such resource.")
    return locked[0]


async def lock_resources(session: AsyncSession, resource_ids: Collection[UUID]) -> Sequence[Resource]:
    """These resources, locked in the order of their ids: who reserves one waits for the other who does.

    The context must name their owners.
    """
    statement = select(Resource).where(Resource.id.in_(resource_ids)).order_by(Resource.id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).all()


async def find_lent(session: AsyncSession, resource_ids: Collection[UUID], lodger_id: UUID) -> Sequence[Resource]:
    """Those of these resources that an association may reserve: its own, and pooled ones of its federations."""
    statement = select(Resource).where(Resource.id.in_(resource_ids), _lent_to(lodger_id))
    return (await session.scalars(statement.order_by(Resource.id))).all()


def _lent_to(lodger_id: UUID) -> ColumnElement[bool]:
    in_its_federations = func.shares_federation(Resource.organisation_id, lodger_id)
    return or_(Resource.organisation_id == lodger_id, and_(Resource.pooled, in_its_federations))


async def list_resources(
    session: AsyncSession, wanted: ResourceFilter, after: UUID | None, rows_max: int
) -> Sequence[Resource]:
    """Resources that the caller may see, in order of their ids, those after `after`."""
    statement = select(Resource).order_by(Resource.id).limit(rows_max)
    for name in ("organisation_id", "kind", "site_id", "pooled"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(getattr(Resource, name) == value)
    if wanted.text:
        statement = statement.where(Resource.name.icontains(wanted.text, autoescape=True))
    if not wanted.includes_ended:
        statement = statement.where(Resource.ended_at.is_(None))
    if after is not None:
        statement = statement.where(Resource.id > after)
    return (await session.scalars(statement)).all()


async def list_similar(session: AsyncSession, resource: Resource, lodger_id: UUID, rows_max: int) -> Sequence[Resource]:
    """Others of the kind that the association may reserve, as large and as accessible; the cheapest first."""
    statement = select(Resource).where(
        _lent_to(lodger_id),
        Resource.id != resource.id,
        Resource.kind == resource.kind,
        Resource.ended_at.is_(None),
        Resource.accessibility.contains(resource.accessibility),
    )
    if resource.capacity is not None:
        statement = statement.where(Resource.capacity >= resource.capacity)
    statement = statement.order_by(Resource.price_per_hour_minor, Resource.id).limit(rows_max)
    return (await session.scalars(statement)).all()


async def list_busy_periods(
    session: AsyncSession, resource_ids: Collection[UUID], from_at: datetime, until_at: datetime
) -> list[BusyPeriod]:
    """When these resources cannot be had, of whomever: times and quantities and nothing else.

    The database function reads the rows of all owners; ask only for resources that the caller may see.
    """
    values = {"resource_ids": list(resource_ids), "from_at": from_at, "until_at": until_at}
    return [BusyPeriod(**row._mapping) for row in (await session.execute(BUSY, values)).all()]


async def list_papers(session: AsyncSession, resource_ids: Collection[UUID]) -> Sequence[ResourcePaper]:
    """The papers of resources that the caller may see, the newest first."""
    statement = select(ResourcePaper).where(ResourcePaper.resource_id.in_(resource_ids))
    return (await session.scalars(statement.order_by(ResourcePaper.expires_on.desc(), ResourcePaper.id))).all()


async def list_papers_of(session: AsyncSession, resource_ids: Collection[UUID]) -> dict[UUID, list[Paper]]:
    """As `list_papers`, by resource and as the rules take them."""
    papers: dict[UUID, list[Paper]] = {}
    for row in await list_papers(session, resource_ids):
        papers.setdefault(row.resource_id, []).append(Paper(PaperKind(row.kind), row.expires_on))
    return papers


async def list_closures(
    session: AsyncSession, resource_id: UUID, after: UUID | None, rows_max: int
) -> Sequence[ResourceClosure]:
    """The closures of one's own resource in order of their ids, those after `after`."""
    statement = select(ResourceClosure).where(ResourceClosure.resource_id == resource_id)
    if after is not None:
        statement = statement.where(ResourceClosure.id > after)
    return (await session.scalars(statement.order_by(ResourceClosure.id).limit(rows_max))).all()


async def get_closure(session: AsyncSession, closure_id: UUID) -> ResourceClosure:
    """One's own closure. Raises ClosureNotFound."""
    closure = await session.get(ResourceClosure, closure_id)
    if closure is None:
        raise ClosureNotFound("There is no such closure.")
    return closure

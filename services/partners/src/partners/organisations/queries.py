"""What is asked about organisations. Everybody may read the directory; locking needs the organisation's context."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from partners.organisations.tables import FederationConsent, Organisation


@dataclass(frozen=True)
class DirectoryFilter:
    """Which entries of the directory are wanted; what is None does not matter."""

    kind: str | None = None
    federation_id: UUID | None = None
    parent_id: UUID | None = None
    slug: str | None = None
    text: str | None = None
    includes_ended: bool = False


async def find_organisation(session: AsyncSession, organisation_id: UUID) -> Organisation | None:
    """The organisation with this id."""
    return await session.get(Organisation, organisation_id)


async def find_organisation_by_slug(session: AsyncSession, slug: str) -> Organisation | None:
    """The organisation with this slug, ended or not."""
    return await session.scalar(select(Organisation).where(Organisation.slug == slug))


async def lock_organisation(session: AsyncSession, organisation_id: UUID) -> Organisation:
    """The organisation as it is now, held until the transaction ends; the context must name its owner."""
    statement = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one()


async def lock_unended_sites(session: AsyncSession, parent_id: UUID) -> Sequence[Organisation]:
    """The sites of an association that have not ended, in order of their ids."""
    statement = select(Organisation).where(Organisation.parent_id == parent_id, Organisation.ended_at.is_(None))
    return (await session.scalars(statement.order_by(Organisation.id).with_for_update())).all()


async def lock_every_organisation(session: AsyncSession) -> Sequence[Organisation]:
    """The organisations that the transaction may write, in order of their ids."""
    return (await session.scalars(select(Organisation).order_by(Organisation.id).with_for_update())).all()


async def lock_unended_federations(session: AsyncSession, federation_ids: Collection[UUID]) -> Sequence[Organisation]:
    """Those of the federations that exist and have not ended; they cannot end before the transaction does."""
    statement = select(Organisation).where(
        Organisation.id.in_(federation_ids), Organisation.kind == "federation", Organisation.ended_at.is_(None)
    )
    return (await session.scalars(statement.order_by(Organisation.id).with_for_update(read=True))).all()


async def find_federation_ids(session: AsyncSession, organisation: Organisation) -> list[UUID]:
    """The federations that an organisation belongs to; a site belongs to those of its association."""
    if organisation.parent_id is None:
        return organisation.federation_ids
    parent = select(Organisation.federation_ids).where(Organisation.id == organisation.parent_id)
    return (await session.scalars(parent)).one()


async def has_unended_members(session: AsyncSession, federation_id: UUID) -> bool:
    """True while an organisation that has not ended belongs to the federation."""
    members = select(Organisation.id).where(
        Organisation.federation_ids.contains([federation_id]), Organisation.ended_at.is_(None)
    )
    return bool(await session.scalar(select(exists(members))))


async def find_consent(session: AsyncSession, organisation_id: UUID, federation_id: UUID) -> FederationConsent | None:
    """What was agreed so far on this joining; stable while the organisation is locked."""
    return await session.scalar(
        select(FederationConsent).where(
            FederationConsent.organisation_id == organisation_id, FederationConsent.federation_id == federation_id
        )
    )


async def list_directory(
    session: AsyncSession, wanted: DirectoryFilter, after: UUID | None, rows_max: int
) -> Sequence[Organisation]:
    """Entries of the directory in order of their ids, those after `after`."""
    statement = select(Organisation).order_by(Organisation.id).limit(rows_max)
    if wanted.kind is not None:
        statement = statement.where(Organisation.kind == wanted.kind)
    if wanted.federation_id is not None:
        statement = statement.where(Organisation.federation_ids.contains([wanted.federation_id]))
    if wanted.parent_id is not None:
        statement = statement.where(Organisation.parent_id == wanted.parent_id)
    if wanted.slug is not None:
        statement = statement.where(Organisation.slug == wanted.slug)
    if wanted.text:
        named = Organisation.name.icontains(wanted.text, autoescape=True)
        statement = statement.where(or_(named, Organisation.slug.icontains(wanted.text, autoescape=True)))
    if not wanted.includes_ended:
        statement = statement.where(Organisation.ended_at.is_(None))
    if after is not None:
        statement = statement.where(Organisation.id > after)
    return (await session.scalars(statement)).all()


async def list_organisation_ids(session: AsyncSession) -> Sequence[UUID]:
    """The id of every organisation, ended or not: the context of announcing everything again."""
    return (await session.scalars(select(Organisation.id).order_by(Organisation.id))).all()


async def list_names(session: AsyncSession, organisation_ids: Collection[UUID]) -> Sequence[str]:
    """The names of organisations, in alphabetical order."""
    statement = select(Organisation.name).where(Organisation.id.in_(organisation_ids)).order_by(Organisation.name)
    return (await session.scalars(statement)).all()

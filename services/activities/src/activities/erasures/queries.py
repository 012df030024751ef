"""Questions about erasures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import any_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import known_organisations
from activities.erasures.domain import ErasureState, NothingToErase, UnknownErasure
from activities.erasures.tables import Erasure, ErasureAnswer

ERASURE_OF_CODE = text("select erasure_id, organisation_id from erasure_of_code(:code)")


async def check_association(session: AsyncSession, organisation_id: UUID) -> None:
    """Raise NothingToErase for an organisation that does not exist."""
    known = select(known_organisations.c.organisation_id).where(
        known_organisations.c.organisation_id == organisation_id
    )
    if await session.scalar(known) is None:
        raise NothingToErase("There is no such association.")


async def get_owner_of_code(session: AsyncSession, code: str) -> tuple[UUID, UUID]:
    """The erasure whose receipt the code opens, and its association. Raises UnknownErasure."""
    row = (await session.execute(ERASURE_OF_CODE, {"code": code})).one_or_none()
    if row is None:
        raise UnknownErasure("There is no receipt under this address.")
    return row.erasure_id, row.organisation_id


async def get_erasure(session: AsyncSession, erasure_id: UUID) -> Erasure:
    """The erasure. Raises UnknownErasure."""
    erasure = await session.get(Erasure, erasure_id)
    if erasure is None:
        raise UnknownErasure("There is no such erasure.")
    return erasure


async def lock_erasure(session: AsyncSession, erasure_id: UUID) -> Erasure | None:
    """The erasure as it is now; None for one that a restored database does not know."""
    statement = select(Erasure).where(Erasure.id == erasure_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()


async def find_open_erasure(session: AsyncSession, organisation_id: UUID, account_digest: str) -> Erasure | None:
    """What the account has asked of the association before, if that is not complete yet."""
    statement = select(Erasure).where(
        Erasure.organisation_id == organisation_id,
        Erasure.is_whole_account,
        any_(Erasure.account_digests) == account_digest,
        Erasure.state != ErasureState.complete,
    )
    return (await session.scalars(statement.order_by(Erasure.id).limit(1))).one_or_none()


async def list_erasures(
    session: AsyncSession, organisation_id: UUID, after: UUID | None, limit: int
) -> Sequence[Erasure]:
    """Up to `limit + 1` erasures of an association, oldest first."""
    statement = select(Erasure).where(Erasure.organisation_id == organisation_id).order_by(Erasure.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Erasure.id > after)
    return (await session.scalars(statement)).all()


async def list_answers(session: AsyncSession, erasure_ids: Collection[UUID]) -> Sequence[ErasureAnswer]:
    """What was answered, in the order of the answers."""
    statement = select(ErasureAnswer).where(ErasureAnswer.erasure_id.in_(erasure_ids))
    return (await session.scalars(statement.order_by(ErasureAnswer.answered_at, ErasureAnswer.service))).all()

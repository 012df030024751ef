"""What is asked about agreements. Rows are visible to the keeper and, once sent, to the other sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from partners.agreements.tables import Agreement, AgreementContribution, AgreementSignature


@dataclass(frozen=True)
class AgreementFilter:
    """Which agreements are wanted; what is None does not matter. `party_id` is any side, the keeper too."""

    organisation_id: UUID | None = None
    party_id: UUID | None = None
    state: str | None = None


async def find_agreement(session: AsyncSession, agreement_id: UUID) -> Agreement | None:
    """The agreement, where the context may see it."""
    return await session.scalar(select(Agreement).where(Agreement.id == agreement_id))


async def lock_agreement(session: AsyncSession, agreement_id: UUID) -> Agreement | None:
    """The agreement as it is now, held until the transaction ends; None where the context may not write it."""
    statement = select(Agreement).where(Agreement.id == agreement_id).with_for_update()
    return await session.scalar(statement.execution_options(populate_existing=True))


async def list_agreements(
    session: AsyncSession, wanted: AgreementFilter, after: UUID | None, rows_max: int
) -> Sequence[Agreement]:
    """Agreements in order of their ids."""
    statement = select(Agreement).order_by(Agreement.id).limit(rows_max)
    if wanted.organisation_id is not None:
        statement = statement.where(Agreement.organisation_id == wanted.organisation_id)
    if wanted.party_id is not None:
        is_side = Agreement.party_ids.contains([wanted.party_id])
        statement = statement.where((Agreement.organisation_id == wanted.party_id) | is_side)
    if wanted.state is not None:
        statement = statement.where(Agreement.state == wanted.state)
    if after is not None:
        statement = statement.where(Agreement.id > after)
    return (await session.scalars(statement)).all()


async def lock_sent_agreements(session: AsyncSession) -> Sequence[Agreement]:
    """Every agreement that the context sees and that was sent to its other sides, ended ones too, held for writing."""
    statement = select(Agreement).where(Agreement.sent_at.is_not(None)).order_by(Agreement.id).with_for_update()
    return (await session.scalars(statement)).all()


async def list_contributions(session: AsyncSession, agreement_id: UUID) -> Sequence[AgreementContribution]:
    """What each side brings, in the order in which it was written down."""
    statement = select(AgreementContribution).where(AgreementContribution.agreement_id == agreement_id)
    return (await session.scalars(statement.order_by(AgreementContribution.position))).all()


async def list_signatures(session: AsyncSession, agreement_id: UUID) -> Sequence[AgreementSignature]:
    """The signatures so far, in the order in which they came."""
    statement = select(AgreementSignature).where(AgreementSignature.agreement_id == agreement_id)
    return (await session.scalars(statement.order_by(AgreementSignature.recorded_at))).all()

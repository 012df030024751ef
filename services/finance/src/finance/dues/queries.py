"""What is owed, by payer and organiser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from finance.charges.queries import map_amounts_owed
from finance.dues.tables import PaymentReference


@dataclass(frozen=True)
class Due:
    """What a payer owes an organiser, by currency in minor units, and the reference to pay it under."""

    id: UUID
    organisation_id: UUID
    payer_kind: str
    payer_id: UUID
    reference: str
    amounts: dict[str, int]


async def list_dues(
    session: AsyncSession, *, organisation_id: UUID | None, payer_id: UUID | None, after_id: UUID | None, limit: int
) -> Sequence[Due]:
    """Dues that the transaction may see, also those that came to nothing, one more than `limit` when there are more."""
    question = select(PaymentReference).order_by(PaymentReference.id).limit(limit + 1)
    if organisation_id is not None:
        question = question.where(PaymentReference.organisation_id == organisation_id)
    if payer_id is not None:
        question = question.where(PaymentReference.payer_id == payer_id)
    if after_id is not None:
        question = question.where(PaymentReference.id > after_id)
    found = (await session.scalars(question)).all()
    amounts = await map_amounts_owed(session, [one.payer_id for one in found])
    return [
        Due(one.id, one.organisation_id, one.payer_kind, one.payer_id, one.reference,
            amounts.get((one.organisation_id, one.payer_kind, one.payer_id), {}))
        for one in found
    ]  # fmt: skip

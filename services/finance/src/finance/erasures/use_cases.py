"""Finance answers an erasure: its rows name nobody, and the books stay for as long as the law has them kept."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import erase_traces
from access.retention import find_rule
from common.outbox import publish
from contracts.erasures import ErasedRecords, KeptRecords
from contracts.finance import PayersErased
from finance.charges.queries import count_charges_about

ACCOUNTING = "accounting"


async def erase_payers(
    session: AsyncSession,
    organisation_id: UUID,
    erasure_id: UUID,
    step: str,
    households: Collection[UUID],
    participants: Collection[UUID],
    account_digests: Collection[str],
) -> None:
    """Erase who did what, and say which amounts stay: an amount without a name, under ids that lead to nobody."""
    traces = await erase_traces(session, organisation_id, (), (), account_digests)
    charges, last_day = await count_charges_about(session, households, participants)
    kept = []
    if last_day is not None:
        rule = await find_rule(session, organisation_id, ACCOUNTING, last_day)
        until = None if rule is None else rule.kept_until(last_day)
        kept.append(KeptRecords(record="charges", count=charges, reason=ACCOUNTING, until=until))
    answer = PayersErased(
        organisation_id=organisation_id,
        erasure_id=erasure_id,
        step=step,
        erased=(ErasedRecords(record="traces", count=traces),) if traces else (),
        kept=tuple(kept),
    )
    await publish(session, answer)

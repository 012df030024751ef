"""Finance does its part of an erasure."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from common.reactions import Reaction
from contracts.activities import ErasureRequested, ErasureStep
from finance.erasures import use_cases


async def erase_payers(session: AsyncSession, event: ErasureRequested) -> None:
    """Say what the books keep of somebody who is erased."""
    if event.step is not ErasureStep.records:
        return
    await use_cases.erase_payers(
        session,
        event.organisation_id,
        event.erasure_id,
        event.step,
        event.household_ids,
        event.participant_ids,
        event.account_digests,
    )


ERASURES = Reaction(group="finance.erasures", handlers={ErasureRequested: erase_payers})

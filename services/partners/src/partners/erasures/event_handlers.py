"""Partners does its part of an erasure."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from common.reactions import Reaction
from contracts.activities import ErasureRequested, ErasureStep
from partners.erasures import use_cases


async def erase_members(session: AsyncSession, event: ErasureRequested) -> None:
    """Erase the memberships of an account that is erased, but those that are in force."""
    if event.step is not ErasureStep.records:
        return
    await use_cases.erase_members(
        session,
        event.organisation_id,
        event.erasure_id,
        event.step,
        event.account_digests if event.is_whole_account else (),
    )


ERASURES = Reaction(group="partners.erasures", handlers={ErasureRequested: erase_members})

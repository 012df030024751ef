"""Staffing does its part of an erasure."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from common.reactions import Reaction
from contracts.activities import ErasureRequested, ErasureStep
from staffing.erasures import use_cases


async def erase_workers(session: AsyncSession, event: ErasureRequested) -> None:
    """Erase people who work or help: those named, and those of an account that is erased."""
    if event.step is not ErasureStep.records:
        return
    await use_cases.erase_workers(
        session,
        event.organisation_id,
        event.erasure_id,
        event.step,
        event.worker_ids,
        event.account_digests,
        is_whole_account=event.is_whole_account,
    )


ERASURES = Reaction(group="staffing.erasures", handlers={ErasureRequested: erase_workers})

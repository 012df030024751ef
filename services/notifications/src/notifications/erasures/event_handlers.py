"""Notifications comes first and last in an erasure: it sets the last address aside, and sends the receipt there."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from common.reactions import Reaction
from contracts.activities import ErasureRequested, ErasureStep
from notifications.erasures import use_cases
from notifications.erasures.use_cases import Erased


async def erase_recipients(session: AsyncSession, event: ErasureRequested) -> None:
    """Set the address aside in the first step; in the last one erase messages and let the receipt leave."""
    erased = Erased(
        organisation_id=event.organisation_id,
        erasure_id=event.erasure_id,
        recipient_ids=(*event.contact_ids, *event.worker_ids),
        participant_ids=event.participant_ids,
        account_digests=event.account_digests if event.is_whole_account else (),
        digests_of_readers=event.account_digests,
    )
    if event.step is ErasureStep.address:
        await use_cases.set_address_aside(session, erased)
    elif event.step is ErasureStep.messages:
        told = [records.model_dump(mode="json") for records in event.erased]
        kept = [records.model_dump(mode="json") for records in event.kept]
        await use_cases.erase_recipients(session, erased, told, kept, event.code)


ERASURES = Reaction(group="notifications.erasures", handlers={ErasureRequested: erase_recipients})

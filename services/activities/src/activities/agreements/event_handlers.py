"""What the partners service says about agreements."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from activities.agreements import use_cases
from common.reactions import Reaction
from contracts.partners import AgreementChanged

FIELDS = {
    "agreement_id", "organisation_id", "version", "state", "title", "starts_on", "ends_on", "party_ids",
}  # fmt: skip


async def know_agreement(session: AsyncSession, event: AgreementChanged) -> None:
    """Keep the agreement, so that a session can be held under it."""
    agreement = event.model_dump(include=FIELDS)
    await use_cases.know_agreement(session, {**agreement, "party_ids": list(event.party_ids)})


AGREEMENTS = Reaction(group="activities.agreements", handlers={AgreementChanged: know_agreement})

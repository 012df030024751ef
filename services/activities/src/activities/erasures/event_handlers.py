"""What the services answer to the steps of an erasure."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from activities.erasures import use_cases
from common.reactions import Reaction
from contracts.erasures import ErasureAnswer
from contracts.finance import PayersErased
from contracts.notifications import RecipientsErased
from contracts.partners import MembersErased
from contracts.staffing import WorkersErased


async def keep_answer(session: AsyncSession, event: ErasureAnswer) -> None:
    """Write what a service has erased and keeps on the receipt."""
    service = event.wire_type.partition(".")[0]
    await use_cases.keep_answer(session, event.erasure_id, event.step, service, event.erased, event.kept)


ERASURES = Reaction(
    group="activities.erasures",
    handlers=dict.fromkeys((WorkersErased, PayersErased, MembersErased, RecipientsErased), keep_answer),
)

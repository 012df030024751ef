"""Erasing members: what has ended goes, and who still holds an office is named by it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import erase_traces
from common.outbox import publish
from contracts.erasures import ErasedRecords, KeptRecords
from contracts.partners import MemberContactChanged, MembersErased, MembershipChanged
from partners.memberships.domain import MembershipState
from partners.memberships.queries import lock_memberships_of_digests
from partners.memberships.use_cases import erase_membership

STILL_IN_OFFICE = "still_in_office"


async def erase_members(
    session: AsyncSession, organisation_id: UUID, erasure_id: UUID, step: str, account_digests: Collection[str]
) -> None:
    """Erase ended memberships of these accounts and answer; active ones are ended first, by a leader or the member."""
    memberships = await lock_memberships_of_digests(session, organisation_id, account_digests)
    gone = [membership for membership in memberships if membership.state == MembershipState.ended]
    stay = len(memberships) - len(gone)
    states = (MembershipChanged, MemberContactChanged)
    traces = await erase_traces(session, organisation_id, [one.id for one in gone], states, account_digests)
    for membership in gone:
        await erase_membership(session, membership)
    counts = {"memberships": len(gone), "traces": traces}
    answer = MembersErased(
        organisation_id=organisation_id,
        erasure_id=erasure_id,
        step=step,
        erased=tuple(ErasedRecords(record=record, count=count) for record, count in counts.items() if count),
        kept=(KeptRecords(record="memberships", count=stay, reason=STILL_IN_OFFICE),) if stay else (),
    )
    await publish(session, answer)

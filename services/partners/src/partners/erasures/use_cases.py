"""Erasing members: what has ended goes, minutes and tasks forget them, and who still holds an office is named by it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import account_digest, erase_traces
from access.principals import Account
from common.outbox import publish
from contracts.erasures import ErasedRecords, KeptRecords
from contracts.partners import MemberContactChanged, MembersErased, MembershipChanged
from partners.keys.use_cases import forget_holders
from partners.meetings.use_cases import forget_names, take_tasks_back
from partners.memberships.domain import MembershipState
from partners.memberships.queries import list_other_names, lock_memberships_of_digests, lock_memberships_of_ids
from partners.memberships.use_cases import erase_membership

if TYPE_CHECKING:
    from partners.memberships.tables import Membership

STILL_IN_OFFICE = "still_in_office"
NOT_RETURNED = "key_not_returned"


async def erase_members(
    session: AsyncSession, organisation_id: UUID, erasure_id: UUID, step: str, account_digests: Collection[str]
) -> None:
    """Erase ended memberships of these accounts and answer; active ones are ended first, by a leader or the member.

    What was written down by the name of one who is gone altogether loses it; a name that somebody else bears as well
    stays, and so does who has a key until it is back.
    """
    memberships = await lock_memberships_of_digests(session, organisation_id, account_digests)
    gone = [membership for membership in memberships if membership.state == MembershipState.ended]
    stay = len(memberships) - len(gone)
    names = {membership.display_name for membership in gone} if not stay else set()
    borne = await list_other_names(session, organisation_id, [membership.id for membership in gone])
    returned, still_out = await forget_holders(session, organisation_id, [one.id for one in gone], names - borne)
    kept = {("memberships", STILL_IN_OFFICE): stay, ("key_handovers", NOT_RETURNED): still_out}
    counts = {
        "key_handovers": returned,
        "memberships": len(gone),
        "meetings": await forget_names(session, organisation_id, names - borne),
        **await _erase(session, organisation_id, gone, account_digests),
    }
    answer = MembersErased(
        organisation_id=organisation_id,
        erasure_id=erasure_id,
        step=step,
        erased=tuple(ErasedRecords(record=record, count=count) for record, count in counts.items() if count),
        kept=tuple(
            KeptRecords(record=record, count=count, reason=reason) for (record, reason), count in kept.items() if count
        ),
    )
    await publish(session, answer)


async def erase_memberships_past_period(
    session: AsyncSession, organisation_id: UUID, membership_ids: Sequence[UUID]
) -> None:
    """Erase memberships that the rules have kept for long enough; minutes stay as they were written."""
    gone = await lock_memberships_of_ids(session, organisation_id, membership_ids)
    accounts = [
        account_digest(Account(one.account_issuer, one.account_subject))
        for one in gone
        if one.account_issuer is not None and one.account_subject is not None
    ]
    await _erase(session, organisation_id, gone, accounts)


async def _erase(
    session: AsyncSession, organisation_id: UUID, gone: Sequence[Membership], account_digests: Collection[str]
) -> dict[str, int]:
    """Erase memberships with their traces; their tasks stay, as nobody's."""
    ids = [membership.id for membership in gone]
    states = (MembershipChanged, MemberContactChanged)
    traces = await erase_traces(session, organisation_id, ids, states, account_digests)
    tasks = await take_tasks_back(session, organisation_id, ids)
    for membership in gone:
        await erase_membership(session, membership)
    return {"tasks": tasks, "traces": traces}

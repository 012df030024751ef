"""Entering keys, handing them over, taking them back, and forgetting who had them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from partners.keys import queries
from partners.keys.domain import KeyIsHere, KeyIsOut, KeyWithdrawn, LabelTaken, NewHandover, check_days
from partners.keys.tables import KeyHandover, ResourceKey
from partners.memberships.queries import find_membership
from partners.resources.queries import lock_resource


async def enter_key(session: AsyncSession, resource_id: UUID, label: str, note: str) -> ResourceKey:
    """Enter a key of a resource. Raises ResourceNotFound, LabelTaken."""
    resource = await lock_resource(session, resource_id)
    if await queries.find_key_of_label(session, resource_id, label) is not None:
        raise LabelTaken(f"There is a key “{label}” already: give this one another label.")
    key = ResourceKey(organisation_id=resource.organisation_id, resource_id=resource_id, label=label, note=note)
    session.add(key)
    await session.flush()
    return key


async def hand_over(session: AsyncSession, key_id: UUID, new: NewHandover) -> KeyHandover:
    """Give a key to somebody. Raises KeyNotFound, KeyWithdrawn, KeyIsOut, UnfitDays."""
    check_days(new.handed_over_on, new.due_on)
    key = await _lock_in_use(session, key_id)
    holder = await _holder(session, key_id)
    if holder is not None:
        raise KeyIsOut(f"{holder.holder_name} has it: take it back first.")
    membership_id = new.membership_id
    if membership_id is not None:
        member = await find_membership(session, membership_id)
        membership_id = membership_id if member and member.organisation_id == key.organisation_id else None
    handover = KeyHandover(
        organisation_id=key.organisation_id,
        key_id=key_id,
        holder_name=new.holder_name,
        membership_id=membership_id,
        handed_over_on=new.handed_over_on,
        due_on=new.due_on,
    )
    session.add(handover)
    await session.flush()
    return handover


async def take_back(session: AsyncSession, key_id: UUID, returned_on: date) -> KeyHandover:
    """Take a key back. Raises KeyNotFound, KeyIsHere, UnfitDays."""
    await queries.lock_key(session, key_id)
    handover = await _holder(session, key_id)
    if handover is None:
        raise KeyIsHere("Nobody has it.")
    check_days(handover.handed_over_on, returned_on)
    handover.returned_on = returned_on
    await session.flush()
    return handover


async def withdraw_key(session: AsyncSession, key_id: UUID, reason: str) -> ResourceKey:
    """Take a key out of use, once: lost, broken, changed. Whoever had it has it no more. Raises KeyNotFound."""
    key = await queries.lock_key(session, key_id)
    if key.withdrawn_at is None:
        key.withdrawn_at, key.withdrawal_reason = now(), reason
        handover = await _holder(session, key_id)
        if handover is not None:
            handover.returned_on = max(handover.handed_over_on, now().date())
        await session.flush()
    return key


async def forget_handovers(session: AsyncSession, _organisation_id: UUID, handover_ids: Sequence[UUID]) -> None:
    """Forget who had keys."""
    await session.execute(delete(KeyHandover).where(KeyHandover.id.in_(handover_ids)))


async def forget_holders(
    session: AsyncSession, organisation_id: UUID, membership_ids: Collection[UUID], names: Collection[str]
) -> tuple[int, int]:
    """Forget that these people had keys; how many handovers are gone, and how many stay until the key is back."""
    found = await queries.lock_handovers_of(session, organisation_id, membership_ids, names)
    returned = [handover for handover in found if handover.returned_on is not None]
    for handover in returned:
        await session.delete(handover)
    await session.flush()
    return len(returned), len(found) - len(returned)


async def _lock_in_use(session: AsyncSession, key_id: UUID) -> ResourceKey:
    key = await queries.lock_key(session, key_id)
    if key.withdrawn_at is not None:
        raise KeyWithdrawn("This key is out of use.")
    return key


async def _holder(session: AsyncSession, key_id: UUID) -> KeyHandover | None:
    return (await queries.list_open_handovers(session, [key_id])).get(key_id)

"""Knowing whom to tell, from what the owners of memberships and contacts say."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.recipients import domain, queries
from notifications.recipients.tables import Recipient, RecipientPerson


async def keep_recipient(session: AsyncSession, recipient: domain.Recipient) -> bool:
    """Keep the recipient unless a later version is known; returns whether it was kept. Locks the recipient."""
    await queries.lock_recipient(session, recipient.recipient_id)
    values = asdict(recipient) | {"person_ids": sorted(recipient.person_ids)}
    del values["given_names"]
    statement = insert(Recipient).values(values)
    changed = {name: statement.excluded[name] for name in values if name != "recipient_id"}
    kept = await session.execute(
        statement.on_conflict_do_update(
            index_elements=["recipient_id"], set_=changed, where=Recipient.version <= statement.excluded.version
        ).returning(Recipient.recipient_id)
    )
    if kept.first() is None:
        return False
    await _keep_persons(session, recipient)
    return True


async def forget_recipient(session: AsyncSession, recipient_id: UUID) -> None:
    """Nothing is kept of where somebody was told things, nor of whom he answers for."""
    await queries.lock_recipient(session, recipient_id)
    await session.execute(delete(RecipientPerson).where(RecipientPerson.recipient_id == recipient_id))
    await session.execute(delete(Recipient).where(Recipient.recipient_id == recipient_id))


async def _keep_persons(session: AsyncSession, recipient: domain.Recipient) -> None:
    if recipient.kind is not domain.RecipientKind.contact:
        return
    await session.execute(delete(RecipientPerson).where(RecipientPerson.recipient_id == recipient.recipient_id))
    rows = [
        {
            "recipient_id": recipient.recipient_id,
            "participant_id": participant_id,
            "organisation_id": recipient.organisation_id,
            "given_name": given_name,
        }
        for participant_id, given_name in recipient.given_names.items()
    ]
    if rows:
        await session.execute(insert(RecipientPerson).values(rows))

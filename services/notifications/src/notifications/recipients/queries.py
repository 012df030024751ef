"""Questions about recipients."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, literal_column, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import DIGEST
from notifications.recipients.domain import Concerned, Listener, RecipientKind
from notifications.recipients.tables import Recipient

ACCOUNT_DIGEST = DIGEST.format("account_issuer || '|' || account_subject")
LOCK = text("select pg_advisory_xact_lock(hashtextextended(cast(:recipient_id as text), 0))")
HOMES = text("select organisation_id from organisations_of_recipients(:recipient_ids)")
CONCERNED = text(
    """select organiser.name as organiser_name, organiser.time_zone as organiser_time_zone, site.name as site_name,
              r.recipient_id, r.organisation_id, r.kind, r.role, r.display_name, r.email, r.language,
              r.account_issuer, r.account_subject, r.person_ids, r.prefers_phone,
              own.languages as association_languages,
              array(select p.given_name from recipient_persons p
                     where p.recipient_id = r.recipient_id and p.participant_id = any(:participant_ids)
                     order by p.given_name) as given_names
         from (select cast(:organiser_id as uuid) as organisation_id) as here
         left join known_organisations organiser on organiser.organisation_id = here.organisation_id
         left join known_organisations site on site.organisation_id = :site_id
         left join (
              select unnest(cast(:recipient_ids as uuid[])) as recipient_id
              union
              select p.recipient_id from recipient_persons p where p.participant_id = any(:unspoken_for_ids)
              union
              select m.recipient_id
                from unnest(cast(:staff_organisation_ids as uuid[]), cast(:staff_roles as text[]))
                     as wanted(organisation_id, role)
                join recipients m on m.organisation_id = wanted.organisation_id and m.role = wanted.role
                 and m.state = 'active') as told on true
         left join recipients r on r.recipient_id = told.recipient_id
         left join known_organisations own on own.organisation_id = r.organisation_id
        order by r.recipient_id"""
)


async def lock_recipient(session: AsyncSession, recipient_id: UUID) -> None:
    """Wait until nobody else writes, or looks in vain for, this recipient; it need not be known yet."""
    await session.execute(LOCK, {"recipient_id": str(recipient_id)})


async def list_organisations_of_recipients(session: AsyncSession, recipient_ids: Collection[UUID]) -> list[UUID]:
    """The organisations that these recipients belong to, also those that this transaction does not see."""
    return list((await session.execute(HOMES, {"recipient_ids": list(recipient_ids)})).scalars())


async def list_concerned(
    session: AsyncSession,
    organiser_id: UUID,
    *,
    site_id: UUID | None = None,
    recipient_ids: Collection[UUID] = (),
    participant_ids: Collection[UUID] = (),
    unspoken_for_ids: Collection[UUID] = (),
    staff: Collection[tuple[UUID, str]] = (),
) -> Concerned:
    """The recipients named by id, by a participant without contact for whom they answer, or by role, in order of ids.

    The given names are those of `participant_ids`.
    """
    values = {
        "organiser_id": organiser_id,
        "site_id": site_id,
        "recipient_ids": list(recipient_ids),
        "participant_ids": list(participant_ids),
        "unspoken_for_ids": list(unspoken_for_ids),
        "staff_organisation_ids": [organisation_id for organisation_id, _role in staff],
        "staff_roles": [role for _organisation_id, role in staff],
    }
    rows = (await session.execute(CONCERNED, values)).all()
    return Concerned(
        organiser_name=rows[0].organiser_name or "",
        organiser_time_zone=rows[0].organiser_time_zone or "UTC",
        site_name=rows[0].site_name or "",
        listeners=tuple(_listener(row) for row in rows if row.recipient_id is not None),
    )


def _listener(row: Row[Any]) -> Listener:
    return Listener(
        recipient_id=row.recipient_id,
        organisation_id=row.organisation_id,
        kind=RecipientKind(row.kind),
        role=row.role,
        display_name=row.display_name,
        email=row.email,
        language=row.language,
        association_languages=tuple(row.association_languages or ()),
        account_issuer=row.account_issuer,
        account_subject=row.account_subject,
        person_ids=tuple(row.person_ids),
        prefers_phone=row.prefers_phone,
        given_names=tuple(row.given_names),
    )


async def list_names(session: AsyncSession, recipient_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of the recipients that are known."""
    columns = (Recipient.recipient_id, Recipient.display_name)
    rows = await session.execute(select(*columns).where(Recipient.recipient_id.in_(recipient_ids)))
    return {row.recipient_id: row.display_name for row in rows}


async def list_recipients(
    session: AsyncSession,
    organisation_ids: Collection[UUID],
    kind: RecipientKind | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Recipient]:
    """One row more than the limit, in the order of ids."""
    statement = select(Recipient).where(Recipient.organisation_id.in_(organisation_ids))
    if kind is not None:
        statement = statement.where(Recipient.kind == kind)
    if after is not None:
        statement = statement.where(Recipient.recipient_id > after)
    return (await session.scalars(statement.order_by(Recipient.recipient_id).limit(limit + 1))).all()


async def list_recipient_ids(
    session: AsyncSession, organisation_id: UUID, recipient_ids: Collection[UUID], account_digests: Collection[str]
) -> Sequence[UUID]:
    """The recipients of an organisation by id or account, in the order of ids."""
    statement = select(Recipient.recipient_id).where(
        Recipient.organisation_id == organisation_id,
        or_(Recipient.recipient_id.in_(recipient_ids), literal_column(ACCOUNT_DIGEST).in_(account_digests)),
    )
    return (await session.scalars(statement.order_by(Recipient.recipient_id))).all()


async def find_last_address(session: AsyncSession, recipient_ids: Collection[UUID]) -> tuple[str, str] | None:
    """An address of these recipients and its language, a contact's before the others; None when there is none."""
    statement = (
        select(Recipient.email, Recipient.language)
        .where(Recipient.recipient_id.in_(recipient_ids), Recipient.email.is_not(None))
        .order_by(Recipient.kind, Recipient.recipient_id)
        .limit(1)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None or row.email is None else (row.email, row.language)

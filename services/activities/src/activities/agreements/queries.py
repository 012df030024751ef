"""Questions about agreements and the sessions that cite them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.agreements.domain import Agreement, UnknownAgreement
from activities.agreements.tables import KnownAgreement, SessionAgreement

# Row policies show the citations of one's own agreements, and only the sessions that one may see anyway.
CITING = text(
    """select held.id, held.organisation_id, held.title, held.starts_at, held.ends_at, held.time_zone, held.state
         from session_agreements cited join sessions held on held.id = cited.session_id
        where cited.agreement_id = :agreement_id and (cast(:after as uuid) is null or held.id > :after)
        order by held.id limit :rows_max"""
)


async def get_agreement(session: AsyncSession, agreement_id: UUID) -> Agreement:
    """The agreement, for those whose association is a side of it. Raises UnknownAgreement."""
    known = await session.get(KnownAgreement, agreement_id, populate_existing=True)
    if known is None:
        raise UnknownAgreement("There is no such agreement that was sent to the sides, your association among them.")
    sides = frozenset({known.organisation_id, *known.party_ids})
    return Agreement(known.agreement_id, known.state, known.title, known.starts_on, known.ends_on, sides)


async def find_cited_id(session: AsyncSession, session_id: UUID) -> UUID | None:
    """The agreement under which a session is held."""
    statement = select(SessionAgreement.agreement_id).where(SessionAgreement.session_id == session_id)
    return (await session.scalars(statement)).one_or_none()


async def list_citing(
    session: AsyncSession, agreement_id: UUID, after: UUID | None, rows_max: int
) -> Sequence[Row[tuple[UUID]]]:
    """The sessions held under an agreement that the caller may see, in the order in which they were planned."""
    values = {"agreement_id": agreement_id, "after": after, "rows_max": rows_max}
    return (await session.execute(CITING, values)).all()

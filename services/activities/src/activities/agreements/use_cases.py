"""Knowing agreements, and citing one for a session that is held together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.agreements import queries
from activities.agreements.domain import Agreement, DoesNotCoverSession, check_covers
from activities.agreements.tables import KnownAgreement, SessionAgreement
from activities.sessions.queries import get_facts, lock_session


@dataclass(frozen=True)
class Citation:
    """The agreement under which a session is held, and why it does not cover the session any more, if so."""

    agreement: Agreement
    fault: str | None


async def know_agreement(session: AsyncSession, agreement: Mapping[str, Any]) -> None:
    """Keep an agreement as it was announced; an older announcement changes nothing."""
    statement = insert(KnownAgreement).values(**agreement)
    changed = {name: statement.excluded[name] for name in agreement if name != "agreement_id"}
    newer = KnownAgreement.version < statement.excluded.version
    await session.execute(
        statement.on_conflict_do_update(index_elements=[KnownAgreement.agreement_id], set_=changed, where=newer)
    )


async def cite_agreement(session: AsyncSession, session_id: UUID, agreement_id: UUID | None) -> Citation | None:
    """Say under which agreement a session is held; None for none. Raises UnknownAgreement, DoesNotCoverSession."""
    found = await lock_session(session, session_id)
    await session.execute(delete(SessionAgreement).where(SessionAgreement.session_id == session_id))
    if agreement_id is None:
        return None
    agreement = await queries.get_agreement(session, agreement_id)
    await _check(session, session_id, agreement)
    organisation_id = found.planned.organisation_id
    session.add(SessionAgreement(session_id=session_id, organisation_id=organisation_id, agreement_id=agreement_id))
    await session.flush()
    return Citation(agreement, None)


async def find_citation(session: AsyncSession, session_id: UUID) -> Citation | None:
    """Under which agreement a session is held; a session that has moved since may not be covered any more."""
    agreement_id = await queries.find_cited_id(session, session_id)
    if agreement_id is None:
        return None
    agreement = await queries.get_agreement(session, agreement_id)
    try:
        await _check(session, session_id, agreement)
    except DoesNotCoverSession as fault:
        return Citation(agreement, str(fault))
    return Citation(agreement, None)


async def _check(session: AsyncSession, session_id: UUID, agreement: Agreement) -> None:
    facts = await get_facts(session, session_id)
    zone = ZoneInfo(facts.time_zone)
    hosts = {facts.organisation_id, *(UUID(str(bearer)) for bearer, _points in facts.cost_shares)}
    first_day, last_day = (moment.astimezone(zone).date() for moment in (facts.starts_at, facts.ends_at))
    check_covers(agreement, hosts, first_day, last_day)

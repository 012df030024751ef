"""A person opens his passport to the federation, and closes it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from staffing.passports import queries
from staffing.passports.domain import ConsentIsHisOwn, PassportNotFound
from staffing.passports.tables import Passport
from staffing.people.queries import lock_person


async def open_passport(session: AsyncSession, person_id: UUID, *, by_planner: bool) -> Passport:
    """Keep the consent; a planner records one that was given on paper. Raises PersonNotFound, ConsentIsHisOwn."""
    person = await lock_person(session, person_id)
    if by_planner and person.account_subject is not None:
        raise ConsentIsHisOwn("This person has an account: ask him to open his passport himself.")
    passport = await queries.lock_consent(session, person_id)
    if passport is None:
        passport = Passport(person_id=person_id, organisation_id=person.organisation_id, withdrawn_at=None)
        passport.consented_at, passport.is_on_paper = now(), by_planner
        session.add(passport)
    elif passport.withdrawn_at is not None:
        passport.consented_at, passport.is_on_paper, passport.withdrawn_at = now(), by_planner, None
        passport.version += 1
    await session.flush()
    return passport


async def close_passport(session: AsyncSession, person_id: UUID) -> Passport:
    """Withdraw the consent: from this moment on nobody else reads anything. Raises PassportNotFound."""
    passport = await queries.lock_consent(session, person_id)
    if passport is None:
        raise PassportNotFound
    if passport.withdrawn_at is None:
        passport.withdrawn_at = now()
        passport.version += 1
    await session.flush()
    return passport

"""What a household consents to: answered by whoever answers for it, or by staff who have it on paper."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, or_, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import DIGEST, ERASED_ACTOR
from access.principals import Principal
from access.roles import FIELD_STAFF
from access.row_policies import act_for
from activities.consents import queries
from activities.consents.domain import Purpose, check_subject, check_wording
from activities.consents.tables import Consent
from activities.participants.queries import (
    get_household,
    get_participant,
    list_members_of_household,
    lock_household,
    lock_participant,
)
from common.clock import now

BY_THE_HOUSEHOLD = "a household says what it consents to"
FORGET_WHO_ANSWERED = text(
    f"""update consents set answered_by = '{ERASED_ACTOR}'
         where organisation_id = :organisation_id and {DIGEST.format("answered_by")} = any(:account_digests)
           and not exists (select from known_memberships office
                            where office.organisation_id = :organisation_id and office.state = 'active'
                              and office.account_issuer || '|' || office.account_subject = answered_by)
        returning 1"""
)


@dataclass(frozen=True)
class NewAnswer:
    """Yes or no to one wording, about a household or, without one, a participant."""

    household_id: UUID | None
    participant_id: UUID | None
    purpose: Purpose
    wording_version: int
    is_given: bool


async def answer(session: AsyncSession, caller: Principal, asked: NewAnswer) -> Consent:
    """Keep an answer beside the earlier ones; it holds from now on. Answers about one subject are kept one by one.

    Raises WrongSubject, WordingChanged, UnknownHousehold, UnknownParticipant, or ProblemError (403).
    """
    check_subject(asked.purpose, is_household=asked.household_id is not None)
    in_force = await queries.find_version_in_force(session, asked.purpose, now().date())
    check_wording(asked.wording_version, in_force, is_given=asked.is_given)
    organisation_id, persons = await _subject(session, asked)
    is_own = bool(persons & caller.persons)
    async with _for_subject(session, caller, organisation_id, is_own=is_own):
        await _lock_subject(session, asked)
        kept = Consent(
            organisation_id=organisation_id,
            household_id=asked.household_id,
            participant_id=asked.participant_id,
            purpose=asked.purpose,
            wording_version=asked.wording_version,
            is_given=asked.is_given,
            is_by_staff=not is_own,
            answered_by=caller.key,
            answered_at=now(),
        )
        session.add(kept)
        await session.flush()
    return kept


async def _subject(session: AsyncSession, asked: NewAnswer) -> tuple[UUID, set[UUID]]:
    """The association where the subject is at home, and the persons of whom somebody must answer for one."""
    if asked.household_id is not None:
        household = await get_household(session, asked.household_id)
        return household.organisation_id, {household.id}
    assert asked.participant_id is not None  # noqa: S101 (the request names one of the two)
    participant = await get_participant(session, asked.participant_id)
    persons = {participant.id} if participant.household_id is None else {participant.id, participant.household_id}
    return participant.organisation_id, persons


def _for_subject(
    session: AsyncSession, caller: Principal, organisation_id: UUID, *, is_own: bool
) -> AbstractAsyncContextManager[None]:
    """Write for the home association: by its field staff, or by who answers for the subject."""
    if is_own:
        return act_for(session, organisation_id, because=BY_THE_HOUSEHOLD)
    caller.require(organisation_id, FIELD_STAFF)
    return nullcontext()


async def _lock_subject(session: AsyncSession, asked: NewAnswer) -> None:
    """Two answers at once: the second one gets the later id, because it is made after the first has committed."""
    if asked.household_id is not None:
        await lock_household(session, asked.household_id)
    elif asked.participant_id is not None:
        await lock_participant(session, asked.participant_id)


async def list_of_household(
    session: AsyncSession, household_id: UUID, after: UUID | None, limit: int, *, only_standing: bool
) -> Sequence[Consent]:
    """Answers about a household and its members, page by page. Raises UnknownHousehold."""
    await get_household(session, household_id)
    members = [member.id for member in await list_members_of_household(session, household_id)]
    about = queries.about_household(household_id, members)
    return await queries.list_consents(session, after, limit, about, only_standing=only_standing)


async def list_of_participant(
    session: AsyncSession, participant_id: UUID, after: UUID | None, limit: int, *, only_standing: bool
) -> Sequence[Consent]:
    """Answers about a participant, page by page. Raises UnknownParticipant."""
    await get_participant(session, participant_id)
    about = queries.about_participant(participant_id)
    return await queries.list_consents(session, after, limit, about, only_standing=only_standing)


async def erase_consents(
    session: AsyncSession, household_ids: Collection[UUID], participant_ids: Collection[UUID]
) -> int:
    """Delete every answer about these; returns how many."""
    about = or_(Consent.household_id.in_(household_ids), Consent.participant_id.in_(participant_ids))
    return len((await session.execute(delete(Consent).where(about).returning(Consent.id))).all())


async def forget_who_answered(session: AsyncSession, organisation_id: UUID, account_digests: Collection[str]) -> int:
    """Keep what these accounts answered for others, and not who answered; returns how many. Who is in office stays."""
    values = {"organisation_id": organisation_id, "account_digests": list(account_digests)}
    return len((await session.execute(FORGET_WHO_ANSWERED, values)).all())

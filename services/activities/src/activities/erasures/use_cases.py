"""Erasing a person: asked once, carried out by every service step by step, and ended by a receipt."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import account_digest, erase_traces
from access.principals import Account, Principal
from access.roles import PLANNERS
from access.row_policies import act_for
from activities.attendance.use_cases import forget_who_marked
from activities.attestations.use_cases import erase_attestations
from activities.bookings.queries import count_bookings_to_come
from activities.consents.use_cases import erase_consents, forget_who_answered
from activities.erasures import queries
from activities.erasures.domain import (
    OWN_SERVICE,
    ErasureState,
    NothingToErase,
    Scope,
    Subject,
    check_nothing_to_come,
    state_after,
)
from activities.erasures.tables import Erasure, ErasureAnswer
from activities.guests.use_cases import forget_guests
from activities.incidents.use_cases import forget_concerned, forget_who_recorded
from activities.openings.use_cases import forget_who_opened
from activities.participants.queries import (
    get_household,
    get_participant,
    list_contact_ids_told_of,
    list_contacts,
    list_contacts_of_account,
    list_members_of_household,
)
from activities.participants.use_cases import erase_contacts, erase_households, erase_participants
from common import due_rows
from common.clock import now
from common.outbox import publish
from contracts.activities import AccountPersonsChanged, ContactChanged, ErasureRequested, ErasureStep
from contracts.erasures import ErasedRecords, KeptRecords

BEGIN_ERASURE = "begin_erasure"
CODE_BYTES = 16
JOURNAL_LISTS = ("household_ids", "participant_ids", "contact_ids", "worker_ids", "account_digests")
BY_THE_PERSON = "somebody asks that what is kept of them is erased"
BY_THE_CODE = "the code of a receipt"


@dataclass(frozen=True)
class Receipt:
    """An erasure with what was answered so far."""

    erasure: Erasure
    answers: Sequence[ErasureAnswer]


async def ask_for_own_erasure(session: AsyncSession, caller: Principal, organisation_id: UUID) -> Receipt:
    """Ask one association to erase whatever it keeps of the caller; again, while that goes on, changes nothing.

    The household goes with its only contact; where somebody else answers for it too, it stays.
    Raises NothingToErase, StillBooked.
    """
    await queries.check_association(session, organisation_id)
    async with act_for(session, organisation_id, because=BY_THE_PERSON):
        under_way = await queries.find_open_erasure(session, organisation_id, account_digest(caller.account))
        if under_way is not None:
            return await _receipt(session, under_way)
        scope = await _scope_of_account(session, organisation_id, caller.account)
        return await _ask(session, organisation_id, Subject.own_account, scope)


async def ask_for_erasure(
    session: AsyncSession, caller: Principal, organisation_id: UUID, subject: Subject, subject_id: UUID
) -> Receipt:
    """Ask for the erasure of somebody of the caller's association. Raises NothingToErase, StillBooked.

    A worker is recorded in another service: an id that it does not know erases nothing, and the receipt says so.
    """
    caller.require(organisation_id, PLANNERS)
    if subject is Subject.household:
        scope = await _scope_of_household(session, organisation_id, subject_id)
    elif subject is Subject.participant:
        participant = await get_participant(session, subject_id)
        _check_home(participant.organisation_id, organisation_id)
        scope = Scope(participant_ids=(subject_id,))
    else:
        scope = Scope(worker_ids=(subject_id,))
    return await _ask(session, organisation_id, subject, scope)


async def erase_household_past_period(session: AsyncSession, organisation_id: UUID, household_id: UUID) -> Receipt:
    """Ask for the erasure of a household that the rules have kept for long enough."""
    scope = await _scope_of_household(session, organisation_id, household_id)
    return await _ask(session, organisation_id, Subject.household, scope)


async def erase_participant_past_period(session: AsyncSession, organisation_id: UUID, participant_id: UUID) -> Receipt:
    """Ask for the erasure of somebody without a household whom the rules have kept for long enough."""
    return await _ask(session, organisation_id, Subject.participant, Scope(participant_ids=(participant_id,)))


async def _scope_of_household(session: AsyncSession, organisation_id: UUID, household_id: UUID) -> Scope:
    _check_home((await get_household(session, household_id)).organisation_id, organisation_id)
    contacts = await list_contacts(session, household_id)
    accounts = {
        account_digest(Account(contact.account_issuer, contact.account_subject))
        for contact in contacts
        if contact.account_issuer is not None and contact.account_subject is not None
    }
    return Scope(
        household_ids=(household_id,),
        participant_ids=tuple(item.id for item in await list_members_of_household(session, household_id)),
        contact_ids=tuple(contact.id for contact in contacts),
        account_digests=tuple(sorted(accounts)),
    )


async def _scope_of_account(session: AsyncSession, organisation_id: UUID, account: Account) -> Scope:
    contacts = await list_contacts_of_account(session, account, organisation_id)
    households = [contact.household_id for contact in contacts]
    alone = [one for one in households if len(await list_contacts(session, one)) == households.count(one)]
    members = [item.id for one in alone for item in await list_members_of_household(session, one)]
    return Scope(
        household_ids=tuple(sorted(set(alone))),
        participant_ids=tuple(sorted(set(members))),
        contact_ids=tuple(contact.id for contact in contacts),
        account_digests=(account_digest(account),),
        is_whole_account=True,
    )


def _check_home(home_id: UUID, organisation_id: UUID) -> None:
    if home_id != organisation_id:
        raise NothingToErase("This record is at home with another association: ask that one.")


async def _ask(session: AsyncSession, organisation_id: UUID, subject: Subject, scope: Scope) -> Receipt:
    check_nothing_to_come(await count_bookings_to_come(session, scope.participant_ids, now()))
    lists = {name: list(value) for name, value in asdict(scope).items() if name != "is_whole_account"}
    erasure = Erasure(
        organisation_id=organisation_id,
        subject=subject,
        is_whole_account=scope.is_whole_account,
        code=secrets.token_urlsafe(CODE_BYTES),
        **lists,
    )
    session.add(erasure)
    await session.flush()
    await due_rows.schedule(session, BEGIN_ERASURE, erasure.id, organisation_id, now())
    return Receipt(erasure, [])


async def show_receipt(session: AsyncSession, code: str) -> Receipt:
    """How far the erasure has come, for whoever has its code. Raises UnknownErasure."""
    erasure_id, organisation_id = await queries.get_owner_of_code(session, code)
    async with act_for(session, organisation_id, because=BY_THE_CODE):
        return await _receipt(session, await queries.get_erasure(session, erasure_id))


async def list_receipts(session: AsyncSession, organisation_id: UUID, after: UUID | None, limit: int) -> list[Receipt]:
    """Up to `limit + 1` erasures of an association with their answers."""
    erasures = await queries.list_erasures(session, organisation_id, after, limit)
    answers = await queries.list_answers(session, [erasure.id for erasure in erasures])
    return [Receipt(one, [answer for answer in answers if answer.erasure_id == one.id]) for one in erasures]


async def _receipt(session: AsyncSession, erasure: Erasure) -> Receipt:
    return Receipt(erasure, await queries.list_answers(session, [erasure.id]))


async def journal_entry(session: AsyncSession, erasure_id: UUID) -> dict[str, Any]:
    """The erasure as it is noted outside the database: ids and digests."""
    erasure = await queries.get_erasure(session, erasure_id)
    names = ("id", "organisation_id", *JOURNAL_LISTS)
    entry = {name: getattr(erasure, name) for name in names}
    written = {
        name: [str(item) for item in value] if isinstance(value, list) else str(value) for name, value in entry.items()
    }
    return {
        **written,
        "subject": erasure.subject,
        "is_whole_account": erasure.is_whole_account,
        "code": erasure.code,
        "asked_at": erasure.asked_at.isoformat(),
    }


async def ask_again(session: AsyncSession, entry: Mapping[str, Any]) -> bool:
    """Ask for an erasure of the journal that a restored database does not know; returns whether it did not.

    The transaction acts for the erasure's organisation.
    """
    erasure_id, organisation_id = UUID(entry["id"]), UUID(entry["organisation_id"])
    if await queries.lock_erasure(session, erasure_id) is not None:
        return False
    ids = {name: [UUID(item) for item in entry[name]] for name in JOURNAL_LISTS if name != "account_digests"}
    session.add(
        Erasure(
            id=erasure_id,
            organisation_id=organisation_id,
            subject=entry["subject"],
            account_digests=list(entry["account_digests"]),
            is_whole_account=entry["is_whole_account"],
            code=entry["code"],
            asked_at=datetime.fromisoformat(entry["asked_at"]),
            **ids,
        )
    )
    await session.flush()
    await due_rows.schedule(session, BEGIN_ERASURE, erasure_id, organisation_id, now())
    return True


async def begin(session: AsyncSession, erasure_id: UUID) -> None:
    """Ask for the first step; again changes nothing."""
    erasure = await queries.lock_erasure(session, erasure_id)
    if erasure is not None and erasure.state == ErasureState.asked:
        await _go_on(session, erasure)


async def keep_answer(
    session: AsyncSession,
    erasure_id: UUID,
    step: str,
    service: str,
    erased: Collection[ErasedRecords],
    kept: Collection[KeptRecords],
) -> None:
    """Write a service's answer on the receipt, and go on when it was the last one of its step.

    An answer to an erasure that is not known, or a second one, changes nothing.
    """
    erasure = await queries.lock_erasure(session, erasure_id)
    if erasure is None:
        return
    values = {
        "erasure_id": erasure_id,
        "step": step,
        "service": service,
        "organisation_id": erasure.organisation_id,
        "erased": [records.model_dump(mode="json") for records in erased],
        "kept": [records.model_dump(mode="json") for records in kept],
    }
    await session.execute(insert(ErasureAnswer).values(values).on_conflict_do_nothing())
    await _go_on(session, erasure)


async def _go_on(session: AsyncSession, erasure: Erasure) -> None:
    """To the next step, when all of this one have answered."""
    answers = await queries.list_answers(session, [erasure.id])
    state = ErasureState(erasure.state)
    following = state_after(state, [answer.service for answer in answers if answer.step == state])
    if following is state:
        return
    erasure.state = following
    erasure.version += 1
    if following is ErasureState.complete:
        erasure.completed_at = now()
        await session.flush()
        return
    await session.flush()
    await publish(session, _step(erasure, ErasureStep(following), answers))
    if following is ErasureState.records:
        erased = await _erase_own(session, erasure)
        await keep_answer(session, erasure.id, following, OWN_SERVICE, erased, ())


def _step(erasure: Erasure, step: ErasureStep, answers: Sequence[ErasureAnswer]) -> ErasureRequested:
    return ErasureRequested(
        organisation_id=erasure.organisation_id,
        erasure_id=erasure.id,
        version=erasure.version,
        step=step,
        household_ids=tuple(erasure.household_ids),
        participant_ids=tuple(erasure.participant_ids),
        contact_ids=tuple(erasure.contact_ids),
        worker_ids=tuple(erasure.worker_ids),
        account_digests=tuple(erasure.account_digests),
        is_whole_account=erasure.is_whole_account,
        erased=tuple(_read(ErasedRecords, (item for answer in answers for item in answer.erased))),
        kept=tuple(_read(KeptRecords, (item for answer in answers for item in answer.kept))),
        code=erasure.code,
    )


def _read(kind: Any, items: Any) -> list[Any]:
    return [kind.model_validate(item) for item in items]


async def _erase_own(session: AsyncSession, erasure: Erasure) -> list[ErasedRecords]:
    """Names, birth dates and addresses go; bookings, attendance and counts stay, of somebody who cannot be named.

    Traces go first: contacts who stay are announced anew, without the ones who go.
    """
    told_of_them = await list_contact_ids_told_of(session, erasure.participant_ids)
    keys = {*erasure.contact_ids, *told_of_them, *erasure.participant_ids, *erasure.household_ids}
    states = (ContactChanged, AccountPersonsChanged)
    counts = {
        "traces": await erase_traces(session, erasure.organisation_id, keys, states, erasure.account_digests),
        "attestations": await erase_attestations(session, erasure.participant_ids),
        "consents": await erase_consents(session, erasure.household_ids, erasure.participant_ids),
        "contacts": await erase_contacts(session, erasure.contact_ids),
        "participants": await erase_participants(session, erasure.participant_ids),
        "households": await erase_households(session, erasure.household_ids),
        "guest_bookings": await forget_guests(session, erasure.household_ids),
        "attendance_marks": await forget_who_marked(session, erasure.organisation_id, erasure.account_digests),
        "incidents": await forget_concerned(session, erasure.participant_ids)
        + await forget_who_recorded(session, erasure.organisation_id, erasure.account_digests),
        "checklist_ticks": await forget_who_opened(session, erasure.organisation_id, erasure.account_digests),
        "answers_for_others": await forget_who_answered(session, erasure.organisation_id, erasure.account_digests),
    }
    return [ErasedRecords(record=record, count=count) for record, count in counts.items() if count]

"""Erasing people who work or help: hours that were worked stay, and nothing that names who worked them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import DIGEST, account_digest, erase_traces
from access.principals import Account
from access.retention import find_rule
from common.outbox import publish
from contracts.erasures import ErasedRecords, KeptRecords
from contracts.staffing import PersonChanged, ShiftReleaseReason, WorkersErased
from staffing.coverage.use_cases import forget_supervisors
from staffing.hours.queries import count_hours_of
from staffing.people.queries import list_people_to_erase
from staffing.people.use_cases import erase_person
from staffing.shifts.use_cases import leave_every_shift

if TYPE_CHECKING:
    from staffing.people.tables import Person

WORK_RECORDS = "work_records"
ERASE_APPLICATIONS = text(
    f"""with gone as (
         delete from applications
          where organisation_id = :organisation_id
            and (person_id = any(:person_ids)
                 or {DIGEST.format("account_issuer || '|' || account_subject")} = any(:account_digests))
         returning id),
       undue as (delete from due_rows where subject_id in (select id from gone))
       select count(*) from gone"""
)


async def erase_workers(
    session: AsyncSession,
    organisation_id: UUID,
    erasure_id: UUID,
    step: str,
    worker_ids: Collection[UUID],
    account_digests: Collection[str],
    *,
    is_whole_account: bool,
) -> None:
    """Take them off what is to come, erase what is kept of them, and answer. Ids of other associations find nobody."""
    digests = account_digests if is_whole_account else ()
    people = await list_people_to_erase(session, organisation_id, worker_ids, digests)
    ids = [person.id for person in people]
    hours, last_day = await count_hours_of(session, ids)
    counts = await _erase(session, organisation_id, people, digests, account_digests)
    kept = []
    if last_day is not None:
        rule = await find_rule(session, organisation_id, WORK_RECORDS, last_day)
        until = None if rule is None else rule.kept_until(last_day)
        kept.append(KeptRecords(record="worked_hours", count=hours, reason=WORK_RECORDS, until=until))
    answer = WorkersErased(
        organisation_id=organisation_id,
        erasure_id=erasure_id,
        step=step,
        erased=tuple(ErasedRecords(record=record, count=count) for record, count in counts.items() if count),
        kept=tuple(kept),
    )
    await publish(session, answer)


async def erase_workers_past_period(session: AsyncSession, organisation_id: UUID, person_ids: Sequence[UUID]) -> None:
    """Erase people whom the rules have kept for long enough; their accounts lose only what these records show."""
    people = await list_people_to_erase(session, organisation_id, person_ids, ())
    accounts = [
        account_digest(Account(person.account_issuer, person.account_subject))
        for person in people
        if person.account_issuer is not None and person.account_subject is not None
    ]
    await _erase(session, organisation_id, people, (), accounts)


async def _erase(
    session: AsyncSession,
    organisation_id: UUID,
    people: Sequence[Person],
    digests_of_applicants: Collection[str],
    account_digests: Collection[str],
) -> dict[str, int]:
    """Erase people with their applications and traces; how many records of each kind."""
    ids = [person.id for person in people]
    await leave_every_shift(session, ids, ShiftReleaseReason.by_request)
    supervisors = await forget_supervisors(session, organisation_id, ids, account_digests)
    values = {"organisation_id": organisation_id, "person_ids": ids, "account_digests": list(digests_of_applicants)}
    applications = int((await session.execute(ERASE_APPLICATIONS, values)).scalar_one())
    traces = await erase_traces(session, organisation_id, ids, (PersonChanged,), account_digests)
    for person in people:
        await erase_person(session, person)
    return {"people": len(people), "applications": applications, "supervisors": supervisors, "traces": traces}

"""Erasing people who work or help: hours that were worked stay, and nothing that names who worked them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import DIGEST, erase_traces
from common.outbox import publish
from contracts.erasures import ErasedRecords, KeptRecords
from contracts.staffing import PersonChanged, ShiftReleaseReason, WorkersErased
from staffing.coverage.use_cases import forget_supervisors
from staffing.erasures.domain import kept_until
from staffing.erasures.queries import WORK_RECORDS, find_years_kept
from staffing.hours.queries import count_hours_of
from staffing.people.queries import list_people_to_erase
from staffing.people.use_cases import erase_person
from staffing.shifts.use_cases import leave_every_shift

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
    await leave_every_shift(session, ids, ShiftReleaseReason.by_request)
    supervisors = await forget_supervisors(session, organisation_id, ids, account_digests)
    values = {"organisation_id": organisation_id, "person_ids": ids, "account_digests": list(digests)}
    applications = int((await session.execute(ERASE_APPLICATIONS, values)).scalar_one())
    traces = await erase_traces(session, organisation_id, ids, (PersonChanged,), account_digests)
    for person in people:
        await erase_person(session, person)
    kept = []
    if last_day is not None:
        years = await find_years_kept(session, organisation_id, last_day)
        until = None if years is None else kept_until(last_day, years)
        kept.append(KeptRecords(record="worked_hours", count=hours, reason=WORK_RECORDS, until=until))
    counts = {"people": len(people), "applications": applications, "supervisors": supervisors, "traces": traces}
    answer = WorkersErased(
        organisation_id=organisation_id,
        erasure_id=erasure_id,
        step=step,
        erased=tuple(ErasedRecords(record=record, count=count) for record, count in counts.items() if count),
        kept=tuple(kept),
    )
    await publish(session, answer)

"""What the books keep of somebody who is erased, from the committed example and delivered twice."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import know_organisation
from access.retention import Rule
from common.testing import deliver, example, published
from contracts.activities import BookingConfirmed, ErasureRequested, ErasureStep
from contracts.finance import PayersErased
from contracts.partners import OrganisationChanged
from finance.erasures.event_handlers import ERASURES
from finance.run_consumer import CHARGES

BOOKED = example(BookingConfirmed)
assert isinstance(BOOKED, BookingConfirmed)
REQUEST = example(
    ErasureRequested,
    organisation_id=BOOKED.organisation_id,
    household_ids=(BOOKED.payer.id,),
    participant_ids=tuple(place.participant_id for place in BOOKED.places),
)


async def answers(session: AsyncSession) -> list[PayersErased]:
    return [event for event in await published(session) if isinstance(event, PayersErased)]


async def test_charges_are_kept_until_the_books_may_go(worker: AsyncSession) -> None:
    await deliver(worker, CHARGES, BOOKED)
    await know_organisation(
        worker, example(OrganisationChanged, organisation_id=BOOKED.organisation_id, jurisdiction="BE-FWB")
    )
    assert await deliver(worker, ERASURES, REQUEST) == "handled"
    assert await deliver(worker, ERASURES, REQUEST) == "repeated"
    (answer,) = await answers(worker)
    (kept,) = answer.kept
    assert (kept.record, kept.count, kept.reason) == ("charges", len(BOOKED.places), "accounting")
    assert kept.until == date(BOOKED.starts_at.year + 7, 12, 31)
    assert await worker.scalar(text("select count(*) from charges where booking_id = :id"), {"id": BOOKED.booking_id})


async def test_where_no_rule_is_known_no_day_is_named(worker: AsyncSession) -> None:
    await deliver(worker, CHARGES, BOOKED)
    await deliver(worker, ERASURES, REQUEST)
    assert [kept.until for answer in await answers(worker) for kept in answer.kept] == [None]


async def test_other_steps_are_not_for_finance(worker: AsyncSession) -> None:
    for step in (ErasureStep.address, ErasureStep.messages):
        await deliver(worker, ERASURES, example(ErasureRequested, step=step))
    assert await answers(worker) == []


def test_the_years_are_counted_from_the_end_of_the_last_one() -> None:
    assert Rule(7, None, "", "stated").kept_until(date(2026, 1, 2)) == date(2033, 12, 31)

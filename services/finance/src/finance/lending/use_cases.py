"""Re-billing what associations lend each other, at the internal price: two entries and a settlement line."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from access.row_policies import act_for
from common.ids import new_id
from finance.ledger.use_cases import post_entries
from finance.lending import queries, tables
from finance.lending.domain import Lending, LentHours, entries_of_lending
from finance.lending.tables import LentReservation
from finance.settlements.domain import Debt
from finance.settlements.use_cases import record_debts

LENT = "a resource of another association was reserved or given back"
LENT_PEOPLE = "hours of a lent person were approved where he helped"


async def bill_lodger(session: AsyncSession, lending: Lending) -> None:
    """Bring what is booked for a reservation to what its lodger owes now; an older version changes nothing."""
    new = insert(LentReservation).values(
        reservation_id=lending.reservation_id,
        organisation_id=lending.owner_id,
        lodger_id=lending.lodger_id,
        version=0,
        amount_minor=0,
        currency=lending.currency,
    )
    await session.execute(new.on_conflict_do_nothing())
    known = await queries.lock_lent_reservation(session, lending.reservation_id)
    if known.version >= lending.version:
        return
    change_minor = lending.amount_minor - known.amount_minor
    known.version, known.amount_minor = lending.version, lending.amount_minor
    await session.flush()
    if change_minor and lending.lodger_id != lending.owner_id:
        async with act_for(session, lending.lodger_id, LENT):
            await post_entries(session, entries_of_lending(lending, change_minor, new_id))
        await record_debts(session, [_debt(lending, change_minor)])


async def bill_borrower(session: AsyncSession, hours: LentHours) -> None:
    """Book approved hours of a lent person, once; the transaction is the borrower's, who approved them."""
    if not hours.amount_minor or hours.lodger_id == hours.owner_id:
        return
    async with act_for(session, hours.owner_id, LENT_PEOPLE):
        new = insert(tables.LentHours).values(
            hours_id=hours.hours_id,
            organisation_id=hours.owner_id,
            borrower_id=hours.lodger_id,
            amount_minor=hours.amount_minor,
            currency=hours.currency,
        )
        booked = await session.scalar(new.on_conflict_do_nothing().returning(tables.LentHours.hours_id))
        if booked is None:
            return
        await post_entries(session, entries_of_lending(hours, hours.amount_minor, new_id))
        debt = Debt(
            organiser_id=hours.owner_id,
            debtor_id=hours.lodger_id,
            creditor_id=hours.owner_id,
            amount_minor=hours.amount_minor,
            currency=hours.currency,
            day=hours.day,
            hours_id=hours.hours_id,
        )
        await record_debts(session, [debt])


def _debt(lending: Lending, change_minor: int) -> Debt:
    return Debt(
        organiser_id=lending.owner_id,
        debtor_id=lending.lodger_id,
        creditor_id=lending.owner_id,
        amount_minor=change_minor,
        currency=lending.currency,
        day=lending.day,
        reservation_id=lending.reservation_id,
    )

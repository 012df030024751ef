"""What must always hold in this service's database."""

from __future__ import annotations

from access.intrusion import ASSOCIATIONS_APART
from common.invariants import Invariant, rows_of

ENTRIES_BALANCED = rows_of(
    """select e.id from entries e left join entry_lines l on l.entry_id = e.id
        group by e.id, l.currency having sum(l.amount_minor) is distinct from 0"""
)
DEBTS_MIRRORED = rows_of(
    """with receivable as (
           select counterparty_id as debtor_id, organisation_id as creditor_id, currency, sum(amount_minor) as minor
             from entry_lines where account = 'receivable_associations' group by 1, 2, 3),
         payable as (
           select organisation_id as debtor_id, counterparty_id as creditor_id, currency, -sum(amount_minor) as minor
             from entry_lines where account = 'payable_associations' group by 1, 2, 3),
         settled as (
           select debtor_id, creditor_id, currency, sum(amount_minor) as minor from settlement_lines group by 1, 2, 3)
       select debtor_id || ' to ' || creditor_id from receivable
         full join payable using (debtor_id, creditor_id, currency)
         full join settled using (debtor_id, creditor_id, currency)
        where coalesce(receivable.minor, 0) <> coalesce(payable.minor, 0)
           or coalesce(receivable.minor, 0) <> coalesce(settled.minor, 0)"""
)
CHARGES_BOOKED = rows_of(
    """select c.id from charges c left join (
              select e.charge_id, -sum(l.amount_minor) as minor from entries e join entry_lines l on l.entry_id = e.id
               where e.charge_id is not null and l.account = 'income_participation' group by e.charge_id) as income
           on income.charge_id = c.id
        where c.amount_minor <> coalesce(income.minor, 0)"""
)

INVARIANTS = (
    ASSOCIATIONS_APART,
    Invariant("entries_balanced", "Every entry of every book sums to zero in its currency.", ENTRIES_BALANCED),
    Invariant(
        "debts_mirrored", "What one association owes another is the same in both books and settlements.", DEBTS_MIRRORED
    ),
    Invariant("charges_booked", "What is charged is what the books show as income.", CHARGES_BOOKED),
)

"""Keeping count of what associations owe each other."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from common import clock
from common.ids import new_id
from finance.settlements.domain import Debt

# Part of a WITH: the lines are written by the statement that writes the charge behind them.
RECORDING = """settlement_line as (
      insert into settlement_lines (id, organisation_id, debtor_id, creditor_id, amount_minor, currency, quarter,
                                    booking_id, charge_id, reservation_id, hours_id, recorded_at)
      select id, organisation_id, debtor_id, creditor_id, amount_minor, currency, quarter, booking_id, charge_id,
             reservation_id, hours_id, :now
        from jsonb_to_recordset(cast(:debts as jsonb)) as d(
             id uuid, organisation_id uuid, debtor_id uuid, creditor_id uuid, amount_minor bigint, currency text,
             quarter text, booking_id uuid, charge_id uuid, reservation_id uuid, hours_id uuid))"""

RECORD = text(f"with {RECORDING} select 1")


async def record_debts(session: AsyncSession, debts: Sequence[Debt]) -> None:
    """Write lines that no charge is behind."""
    await session.execute(RECORD, {"now": clock.now(), **recording_values(debts)})


def recording_values(debts: Sequence[Debt]) -> dict[str, str]:
    """The parameters of RECORDING beside `now`."""
    rows = [
        {
            "id": new_id(),
            "organisation_id": debt.organiser_id,
            "debtor_id": debt.debtor_id,
            "creditor_id": debt.creditor_id,
            "amount_minor": debt.amount_minor,
            "currency": debt.currency,
            "quarter": debt.quarter,
            "booking_id": debt.booking_id,
            "charge_id": debt.charge_id,
            "reservation_id": debt.reservation_id,
            "hours_id": debt.hours_id,
        }
        for debt in debts
    ]
    return {"debts": json.dumps(rows, default=str)}

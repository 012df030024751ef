"""What must hold in the finance database whatever happened; reads rows only and computes everything a second way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

TABLES = ("entries", "entry_lines", "charges", "settlement_lines", "budgets", "spendings")
BETWEEN = ("receivable_associations", "payable_associations")

Rows = list[dict[str, Any]]


async def see_all(session: AsyncSession, organisation_ids: Iterable[UUID]) -> None:
    """Let the transaction see the rows of all these organisations."""
    array = "{" + ",".join(str(one) for one in organisation_ids) + "}"
    await session.execute(text("select set_config('app.organisations', :array, true)"), {"array": array})


async def read_rows(session: AsyncSession, organisation_ids: Iterable[UUID]) -> dict[str, Rows]:
    """Every row of the finance tables that these organisations see."""
    await see_all(session, organisation_ids)
    return {
        table: [dict(row) for row in (await session.execute(text(f"select * from {table}"))).mappings()]
        for table in TABLES
    }


def find_broken(rows: dict[str, Rows]) -> list[str]:
    """What does not hold, in words; an empty list is what a test wants."""
    lines: dict[UUID, Rows] = defaultdict(list)
    for line in rows["entry_lines"]:
        lines[line["entry_id"]].append(line)
    return [
        *_unbalanced(rows, lines),
        *_unlinked(rows, lines),
        *_settlements_unlike_books(rows),
        *_charges_unlike_books(rows, lines),
        *_settlements_unlike_charges(rows),
        *_budgets_unlike_charges(rows),
    ]


def _unbalanced(rows: dict[str, Rows], lines: dict[UUID, Rows]) -> list[str]:
    broken = []
    for entry in rows["entries"]:
        sums: dict[str, int] = defaultdict(int)
        for line in lines[entry["id"]]:
            sums[line["currency"]] += line["amount_minor"]
        if not sums or any(sums.values()):
            broken.append(f"entry {entry['id']} sums to {dict(sums) or 'nothing'}")
    return broken


def _unlinked(rows: dict[str, Rows], lines: dict[UUID, Rows]) -> list[str]:
    entries = {entry["id"]: entry for entry in rows["entries"]}
    broken = []
    for entry in entries.values():
        debts: dict[UUID, int] = defaultdict(int)
        for line in lines[entry["id"]]:
            if line["account"] in BETWEEN:
                debts[line["counterparty_id"]] += line["amount_minor"]
        mirrors = [other for other in entries.values() if _are_linked(entry, other)]
        for counterparty_id, debt in debts.items():
            there = [mirror for mirror in mirrors if mirror["organisation_id"] == counterparty_id]
            mirrored = sum(
                line["amount_minor"]
                for mirror in there
                for line in lines[mirror["id"]]
                if line["counterparty_id"] == entry["organisation_id"]
            )
            if len(there) != 1 or debt != -mirrored:
                broken.append(f"entry {entry['id']} has no mirror in the book of {counterparty_id}")
    return broken


def _are_linked(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one["linked_entry_id"] == other["id"] or other["linked_entry_id"] == one["id"]


def _settlements_unlike_books(rows: dict[str, Rows]) -> list[str]:
    owed: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for line in rows["settlement_lines"]:
        owed[line["debtor_id"], line["creditor_id"]] += line["amount_minor"]
    receivable: dict[tuple[UUID, UUID], int] = defaultdict(int)
    payable: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for line in rows["entry_lines"]:
        if line["account"] == "receivable_associations":
            receivable[line["counterparty_id"], line["organisation_id"]] += line["amount_minor"]
        if line["account"] == "payable_associations":
            payable[line["organisation_id"], line["counterparty_id"]] -= line["amount_minor"]
    return [
        f"{debtor} owes {creditor} {owed[debtor, creditor]} by settlements, {payable[debtor, creditor]} by his book"
        f" and {receivable[debtor, creditor]} by the other's"
        for debtor, creditor in {*owed, *receivable, *payable}
        if not owed[debtor, creditor] == receivable[debtor, creditor] == payable[debtor, creditor]
    ]


def _charges_unlike_books(rows: dict[str, Rows], lines: dict[UUID, Rows]) -> list[str]:
    booked: dict[UUID, int] = defaultdict(int)
    income: dict[UUID, int] = defaultdict(int)
    for entry in rows["entries"]:
        for line in lines[entry["id"]]:
            if entry["charge_id"] and line["account"] == "income_participation":
                income[entry["charge_id"]] -= line["amount_minor"]
            if entry["charge_id"] and line["account"] in ("receivable_households", "expense_participation"):
                booked[entry["charge_id"]] += line["amount_minor"]
    return [
        f"charge {charge['id']} is {charge['amount_minor']}, its payer's debt {booked[charge['id']]},"
        f" its income {income[charge['id']]}"
        for charge in rows["charges"]
        if not charge["amount_minor"] == booked[charge["id"]] == income[charge["id"]]
    ]


def _settlements_unlike_charges(rows: dict[str, Rows]) -> list[str]:
    expected: dict[tuple[UUID, UUID, str], int] = defaultdict(int)
    for charge in rows["charges"]:
        day, organiser_id = charge["session_on"], charge["organisation_id"]
        quarter = f"{day.year}Q{(day.month - 1) // 3 + 1}"
        if charge["payer_kind"] == "organisation" and charge["payer_id"] != organiser_id:
            expected[charge["payer_id"], organiser_id, quarter] += charge["amount_minor"]
        for organisation_id, part in parts_of(charge).items():
            if organisation_id != organiser_id:
                expected[organiser_id, organisation_id, quarter] += part
    actual: dict[tuple[UUID, UUID, str], int] = defaultdict(int)
    for line in rows["settlement_lines"]:
        actual[line["debtor_id"], line["creditor_id"], line["quarter"]] += line["amount_minor"]
    return [
        f"settlement {key} is {actual[key]}, the charges say {expected[key]}"
        for key in {*expected, *actual}
        if actual[key] != expected[key]
    ]


def _budgets_unlike_charges(rows: dict[str, Rows]) -> list[str]:
    expected: dict[tuple[UUID, UUID, int, str], list[int]] = defaultdict(lambda: [0, 0])
    for charge in rows["charges"]:
        for organisation_id, part in parts_of(charge).items():
            key = (organisation_id, charge["activity_id"], charge["session_on"].year, charge["currency"])
            expected[key][charge["is_earned"]] += part
    actual = {
        (budget["organisation_id"], budget["activity_id"], budget["year"], budget["currency"]): [
            budget["promised_minor"],
            budget["earned_minor"],
        ]
        for budget in rows["budgets"]
    }
    broken = [
        f"budget {key} shows {actual.get(key)}, the charges say {expected[key]}"
        for key in {*expected, *actual}
        if actual.get(key, [0, 0]) != expected[key]
    ]
    for budget in rows["budgets"]:
        spent = sum(
            spending["amount_minor"]
            for spending in rows["spendings"]
            if spending["budget_id"] == budget["id"] and spending["reversal_entry_id"] is None
        )
        if spent != budget["spent_minor"]:
            broken.append(f"budget {budget['id']} shows {budget['spent_minor']} spent, the spendings say {spent}")
    return broken


def parts_of(charge: dict[str, Any]) -> dict[UUID, int]:
    """The associations' parts of what is owed, by largest remainder, computed with fractions."""
    organiser_id, amount = charge["organisation_id"], charge["amount_minor"]
    points = {UUID(share["organisation_id"]): share["basis_points"] for share in charge["cost_shares"]}
    others = {one: point for one, point in points.items() if one != organiser_id}
    weights = {organiser_id: 10_000 - sum(others.values()), **others}
    exact = {one: Fraction(amount * weight, 10_000) for one, weight in weights.items()}
    parts = {one: int(share) for one, share in exact.items()}
    by_remainder = sorted(exact, key=lambda one: (parts[one] - exact[one], list(exact).index(one)))
    for one in by_remainder[: amount - sum(parts.values())]:
        parts[one] += 1
    return parts

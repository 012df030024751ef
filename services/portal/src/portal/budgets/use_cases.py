"""Planning a budget, and writing down what is spent."""

from __future__ import annotations

from collections.abc import Mapping

from portal.visits import Visitor


async def plan_budget(visitor: Visitor, body: Mapping[str, object], key: str) -> str:
    """Plan an activity's year, once for a key, and say the budget's id. Raises Refused or Unavailable."""
    return str((await visitor.asking.create("finance", "/budgets", body, key))["id"])


async def change_plan(visitor: Visitor, budget_id: str, body: Mapping[str, object], version: int) -> None:
    """Replace the plan on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "finance", f"/budgets/{budget_id}", body, version)


async def spend(visitor: Visitor, budget_id: str, body: Mapping[str, object], key: str) -> None:
    """Write down what was spent, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("finance", f"/budgets/{budget_id}/spendings", body, key)


async def take_back(visitor: Visitor, budget_id: str, spending_id: str, reason: str, key: str) -> None:
    """Take a spending back, once for a key. Raises Refused or Unavailable."""
    path = f"/budgets/{budget_id}/spendings/{spending_id}/reversal"
    await visitor.asking.create("finance", path, {"reason": reason}, key)

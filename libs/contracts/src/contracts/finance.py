"""Events of the finance service."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from contracts.erasures import ErasureAnswer
from contracts.event import Currency, Event, MinorUnits


class BudgetThresholdReached(
    Event, wire_type="finance.budget_threshold_reached.v1", topic="finance.budgets", key="budget_id"
):
    """A budget line passed a share of what was planned for it, for the first time."""

    budget_id: UUID
    version: int
    activity_id: UUID
    activity_title: str
    year: int
    line: Literal["income", "expense"]
    threshold_percent: int
    planned_minor: MinorUnits
    reached_minor: MinorUnits
    currency: Currency


class PayersErased(ErasureAnswer, wire_type="finance.payers_erased.v1", topic="finance.erasures", key="erasure_id"):
    """What finance keeps of payers: amounts without names, and until when the books need them."""

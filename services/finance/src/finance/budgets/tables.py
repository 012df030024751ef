"""Budgets per activity and year, their planned lines, and what was spent."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.database import Base


class Budget(Base):
    """An activity's money in one year; a stub, known from bookings only, has no `planned_at`.

    `version` moves with the plan and with every threshold, not with every booking.
    """

    __tablename__ = "budgets"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id",
            "activity_id",
            "year",
            "currency",
            name="budgets_organisation_id_activity_id_year_currency_key",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    activity_id: Mapped[UUID]
    activity_title: Mapped[str]
    year: Mapped[int]
    currency: Mapped[str]
    planned_income_minor: Mapped[int]
    planned_expense_minor: Mapped[int]
    promised_minor: Mapped[int]
    earned_minor: Mapped[int]
    spent_minor: Mapped[int]
    reached_thresholds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    version: Mapped[int]
    planned_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class BudgetLine(Base):
    """One planned line; lines are replaced together."""

    __tablename__ = "budget_lines"
    __table_args__ = (
        ForeignKeyConstraint(["budget_id"], ["budgets.id"]),
        Index("budget_lines_budget_id_index", "budget_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    budget_id: Mapped[UUID]
    kind: Mapped[str]
    label: Mapped[str]
    planned_minor: Mapped[int]


class Spending(Base):
    """Money spent for a budget, with the entry that books it and the one that takes it back."""

    __tablename__ = "spendings"
    __table_args__ = (
        ForeignKeyConstraint(["budget_id"], ["budgets.id"]),
        ForeignKeyConstraint(["entry_id"], ["entries.id"]),
        ForeignKeyConstraint(["reversal_entry_id"], ["entries.id"]),
        Index("spendings_budget_id_index", "budget_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    budget_id: Mapped[UUID]
    amount_minor: Mapped[int]
    label: Mapped[str]
    spent_on: Mapped[date]
    entry_id: Mapped[UUID]
    reversal_entry_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime]

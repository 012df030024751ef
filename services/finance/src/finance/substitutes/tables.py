"""Substitutes, as far as money follows from them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.database import Base


class SubstituteCost(Base):
    """The spending that an assignment made, as of its newest version; the spending says whether it was taken back."""

    __tablename__ = "substitute_costs"
    __table_args__ = (
        ForeignKeyConstraint(["budget_id"], ["budgets.id"]),
        ForeignKeyConstraint(["spending_id"], ["spendings.id"]),
    )

    assignment_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    budget_id: Mapped[UUID]
    spending_id: Mapped[UUID]

"""How long the law has a record kept, as dated data."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, column, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.database import Base


class RetentionRule(Base):
    """For how many years after that of its last day a record is kept; days are included, law has no organisation."""

    __tablename__ = "retention_rules"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", "dates"),
        CheckConstraint("status in ('verified', 'verified_secondary', 'from_memory')", "status"),
        ExcludeConstraint(
            (column("jurisdiction"), "="),
            (column("record"), "="),
            (func.daterange(column("valid_from"), column("valid_to"), text("'[]'")), "&&"),
            name="retention_rules_validity_excl",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    record: Mapped[str]
    years: Mapped[int]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    status: Mapped[str]

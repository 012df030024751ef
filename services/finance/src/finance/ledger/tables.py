"""The books: entries and their lines, never changed; and the dated chart of accounts of each jurisdiction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from finance.database import Base


class Entry(Base):
    """An entry in one organisation's book; `linked_entry_id` is its mirror in the other association's book."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("id", "organisation_id"),
        ForeignKeyConstraint(["reverses_entry_id"], ["entries.id"]),
        ForeignKeyConstraint(["linked_entry_id"], ["entries.id"]),
        Index("entries_organisation_id_id_index", "organisation_id", "id"),
        Index("entries_booking_id_index", "booking_id", postgresql_where=text("booking_id is not null")),
        Index("entries_charge_id_index", "charge_id", postgresql_where=text("charge_id is not null")),
        Index(
            "entries_first_of_charge_key",
            "charge_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("kind = 'charge'"),
        ),
        Index(
            "entries_reversed_once_key",
            "reverses_entry_id",
            unique=True,
            postgresql_where=text("kind = 'reversal'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    booked_on: Mapped[date]
    kind: Mapped[str]
    description: Mapped[str]
    booking_id: Mapped[UUID | None]
    charge_id: Mapped[UUID | None]
    reverses_entry_id: Mapped[UUID | None]
    linked_entry_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime]


class EntryLine(Base):
    """One line of an entry: debit positive, credit negative, in minor units."""

    __tablename__ = "entry_lines"
    __table_args__ = (
        PrimaryKeyConstraint("entry_id", "line_number"),
        ForeignKeyConstraint(["entry_id", "organisation_id"], ["entries.id", "entries.organisation_id"]),
        Index("entry_lines_organisation_id_account_index", "organisation_id", "account"),
    )

    entry_id: Mapped[UUID]
    line_number: Mapped[int]
    organisation_id: Mapped[UUID]
    account: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    counterparty_id: Mapped[UUID | None]


class ChartAccount(Base):
    """The national code and names of an account from one date to another; `status` says how sure the source is."""

    __tablename__ = "chart_accounts"
    __table_args__ = (PrimaryKeyConstraint("jurisdiction", "account", "valid_from"),)

    jurisdiction: Mapped[str]
    account: Mapped[str]
    code: Mapped[str]
    labels: Mapped[dict[str, Any]]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    status: Mapped[str]

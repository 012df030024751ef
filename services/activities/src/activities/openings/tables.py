"""The dated safety rules, what was looked at before a session, and who opened it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, column, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base
from activities.openings.domain import Effect, Rule


class SafetyRule(Base):
    """A rule for opening, for a span of days, both included; law and choices belong to a country, not to anybody.

    `setting` is one of the supervision settings, or `any`; a rule of the session's own setting goes before.
    """

    __tablename__ = "safety_rules"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", "dates"),
        CheckConstraint(f"rule in ({', '.join(repr(str(rule)) for rule in Rule)})", "rule"),
        CheckConstraint(f"effect in ({', '.join(repr(str(effect)) for effect in Effect)})", "effect"),
        CheckConstraint("status in ('verified', 'verified_secondary', 'from_memory', 'own_choice')", "status"),
        ExcludeConstraint(
            (column("jurisdiction"), "="),
            (column("setting"), "="),
            (column("rule"), "="),
            (func.daterange(column("valid_from"), column("valid_to"), text("'[]'")), "&&"),
            name="safety_rules_validity_excl",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    setting: Mapped[str]
    rule: Mapped[str]
    effect: Mapped[str]
    value: Mapped[dict[str, Any]]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    status: Mapped[str]


class KnownCoverage(Base):
    """How many supervisors a session needs and has, as the staffing service announced it last."""

    __tablename__ = "known_coverages"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    is_short: Mapped[bool]
    supervisors_needed: Mapped[int]
    qualified_needed: Mapped[int]
    supervisors_present: Mapped[int]
    qualified_present: Mapped[int]


class ChecklistTick(Base):
    """That something was looked at before a session; `ticked_by` is the account, as the audit names it."""

    __tablename__ = "checklist_ticks"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_items.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    ticked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ticked_by: Mapped[str]


class SessionOpening(Base):
    """That a session was opened, by whom, what the rules said then, and why they were passed if they were."""

    __tablename__ = "session_openings"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    opened_by: Mapped[str]
    has_first_aider: Mapped[bool]
    findings: Mapped[list[Any]]
    override_reason: Mapped[str | None]

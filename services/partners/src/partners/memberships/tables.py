"""Memberships: who may act for which organisation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from partners.database import Base

ACTIVE = text("state = 'active'")


class Membership(Base):
    """One role of one person in one organisation, from invitation to end; the account is known from acceptance on."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index("memberships_organisation_id_id_index", "organisation_id", "id"),
        Index("memberships_account_index", "account_issuer", "account_subject"),
        Index("memberships_code_hash_key", "code_hash", unique=True),
        Index(
            "memberships_active_key",
            "organisation_id",
            "role",
            "account_issuer",
            "account_subject",
            unique=True,
            postgresql_where=ACTIVE,
        ),
        CheckConstraint("state in ('invited', 'active', 'ended')", name="state"),
        CheckConstraint("(code_hash is null) = (state <> 'invited')", name="code_hash"),
        CheckConstraint("(account_issuer is null) = (account_subject is null)", name="account"),
        CheckConstraint("state <> 'active' or account_subject is not null", name="active_account"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    version: Mapped[int]
    role: Mapped[str]
    state: Mapped[str]
    display_name: Mapped[str]
    email: Mapped[str]
    language: Mapped[str]
    account_issuer: Mapped[str | None]
    account_subject: Mapped[str | None]
    code_hash: Mapped[bytes | None]
    expires_at: Mapped[datetime | None]
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

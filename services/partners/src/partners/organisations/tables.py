"""Organisations, and what was agreed on joining a federation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from partners.database import Base


class Organisation(Base):
    """A federation, association, site or outside partner; a site's row belongs to its association."""

    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint("slug"),
        Index("organisations_parent_id_index", "parent_id"),
        CheckConstraint("kind in ('federation', 'association', 'site', 'outside_partner')", name="kind"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("cardinality(languages) > 0 and languages <@ array['fr', 'nl', 'de', 'en']", name="languages"),
        CheckConstraint("colour ~ '^(#[0-9a-f]{6})?$'", name="colour"),
        CheckConstraint(
            "(latitude is null) = (longitude is null)"
            " and latitude between -90 and 90 and longitude between -180 and 180",
            name="position",
        ),
        CheckConstraint("(kind = 'site') = (parent_id is not null)", name="parent"),
        CheckConstraint("organisation_id = coalesce(parent_id, id)", name="owner"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    slug: Mapped[str]
    federation_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    time_zone: Mapped[str]
    currency: Mapped[str]
    jurisdiction: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    enterprise_number: Mapped[str]
    address: Mapped[str]
    accessibility: Mapped[str]
    colour: Mapped[str]
    iban: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    ended_at: Mapped[datetime | None]


class FederationConsent(Base):
    """Who has agreed, so far, that an organisation joins a federation."""

    __tablename__ = "federation_consents"
    __table_args__ = (UniqueConstraint("organisation_id", "federation_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    federation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    organisation_agreed_at: Mapped[datetime | None]
    federation_agreed_at: Mapped[datetime | None]

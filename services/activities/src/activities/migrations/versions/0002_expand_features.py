"""What the service is about: programmes, sessions, participants, bookings, attendance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from access.row_policies import EVERYBODY, ORGANISATIONS, PERSONS, protect
from common.migrating import execute_all

revision = "0002"
down_revision = "0001"

# A programme and its activities are open to everybody once published; sessions follow their activity.
PUBLISHED_PROGRAMME = "state in ('published', 'closed')"
PUBLISHED_SESSION = "exists (select from activities where activities.id = activity_id and activities.published)"
BOOKED_WITH_US = (
    "exists (select from booked_places where booked_places.participant_id = participants.id"
    f" and booked_places.cancelled_at is null and booked_places.organisation_id = any({ORGANISATIONS}))"
)
ON_THE_LIST = "exists (select from attendance_marks m where m.session_id = attendance_sheets.session_id)"
OWN_PLACE = f"home_organisation_id = any({ORGANISATIONS}) or participant_id = any({PERSONS})"

CONTACT_OF_LINK_CODE = (
    """create function contact_of_link_code(digest bytea) returns table (contact_id uuid, organisation_id uuid)
        language sql stable security definer set search_path = public as $$
        select id, contacts.organisation_id from contacts
         where link_code_digest = digest and link_code_expires_at > now() $$""",
    "revoke all on function contact_of_link_code(bytea) from public",
    "grant execute on function contact_of_link_code(bytea) to {service}_api",
)


def upgrade() -> None:
    """Create the tables, then who may see which rows."""
    create_tables()
    execute_all(op, "activities", CONTACT_OF_LINK_CODE)
    protect(op, "activities", "programmes", also_visible=PUBLISHED_PROGRAMME)
    protect(op, "activities", "objectives", also_visible="exists (select from programmes where id = programme_id)")
    protect(op, "activities", "activities", also_visible="published")
    protect(op, "activities", "sessions", also_visible=PUBLISHED_SESSION)
    protect(op, "activities", "session_places", also_visible=EVERYBODY, audited_by=None)
    protect(op, "activities", "households", also_visible=f"id = any({PERSONS})")
    protect(
        op,
        "activities",
        "participants",
        also_visible=f"id = any({PERSONS}) or household_id = any({PERSONS}) or {BOOKED_WITH_US}",
    )
    protect(op, "activities", "contacts", also_visible=f"household_id = any({PERSONS})")
    protect(
        op,
        "activities",
        "bookings",
        also_visible=f"booked_by_organisation_id = any({ORGANISATIONS}) or payer_id = any({ORGANISATIONS})"
        f" or payer_id = any({PERSONS})",
    )
    protect(op, "activities", "booked_places", also_visible=OWN_PLACE, audited_by="booking_id")
    protect(
        op,
        "activities",
        "booking_decisions",
        also_visible="exists (select from bookings where bookings.id = booking_id)",
        append_only=True,
        audited_by=None,
    )
    protect(op, "activities", "attendance_sheets", also_visible=ON_THE_LIST, audited_by="session_id")
    protect(op, "activities", "attendance_marks", also_visible=OWN_PLACE, audited_by="session_id")
    protect(op, "activities", "anonymous_counts", audited_by="session_id")


def create_tables() -> None:
    """As the features' tables.py say."""
    op.create_table(
        "booking_decisions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("explanation", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="booking_decisions_pkey"),
    )
    op.create_index("booking_decisions_booking_id_id_index", "booking_decisions", ["booking_id", "id"], unique=False)
    op.create_table(
        "households",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="households_pkey"),
    )
    op.create_index("households_organisation_id_id_index", "households", ["organisation_id", "id"], unique=False)
    op.create_table(
        "programmes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("season", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("policy_axes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state in ('draft', 'approved', 'published', 'closed')", name="programmes_state_check"),
        sa.CheckConstraint("ends_on >= starts_on", name="programmes_season_check"),
        sa.PrimaryKeyConstraint("id", name="programmes_pkey"),
    )
    op.create_index("programmes_organisation_id_id_index", "programmes", ["organisation_id", "id"], unique=False)
    op.create_table(
        "session_places",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("session_version", sa.BigInteger(), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("taken between 0 and capacity", name="session_places_taken_check"),
        sa.PrimaryKeyConstraint("session_id", name="session_places_pkey"),
    )
    op.create_table(
        "activities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("waiting_rule", sa.Text(), nullable=False),
        sa.Column("offer_hours", sa.BigInteger(), nullable=False),
        sa.Column("cancellation_terms", postgresql.JSONB(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "waiting_rule in ('arrival', 'own_participants_first', 'arrival_if_it_fits')",
            name="activities_waiting_rule_check",
        ),
        sa.CheckConstraint("offer_hours between 1 and 336", name="activities_offer_hours_check"),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="activities_programme_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="activities_pkey"),
    )
    op.create_index("activities_organisation_id_id_index", "activities", ["organisation_id", "id"], unique=False)
    op.create_index("activities_programme_id_index", "activities", ["programme_id"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("account_issuer", sa.Text(), nullable=True),
        sa.Column("account_subject", sa.Text(), nullable=True),
        sa.Column("link_code_digest", sa.LargeBinary(), nullable=True),
        sa.Column("link_code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("language in ('fr', 'nl', 'de', 'en')", name="contacts_language_check"),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name="contacts_household_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="contacts_pkey"),
    )
    op.create_index("contacts_household_id_index", "contacts", ["household_id"], unique=False)
    op.create_index("contacts_link_code_digest_index", "contacts", ["link_code_digest"], unique=True)
    op.create_index("contacts_organisation_id_id_index", "contacts", ["organisation_id", "id"], unique=False)
    op.create_table(
        "objectives",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="objectives_programme_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="objectives_pkey"),
    )
    op.create_index("objectives_programme_id_index", "objectives", ["programme_id"], unique=False)
    op.create_table(
        "participants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name="participants_household_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="participants_pkey"),
    )
    op.create_index("participants_household_id_index", "participants", ["household_id"], unique=False)
    op.create_index("participants_organisation_id_id_index", "participants", ["organisation_id", "id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        sa.Column("age_from", sa.BigInteger(), nullable=True),
        sa.Column("age_to", sa.BigInteger(), nullable=True),
        sa.Column("accessibility", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("prices", postgresql.JSONB(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("supervision", sa.Text(), nullable=False),
        sa.Column("cost_shares", postgresql.JSONB(), nullable=False),
        sa.Column("open_door", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state in ('scheduled', 'cancelled', 'completed')", name="sessions_state_check"),
        sa.CheckConstraint("ends_at > starts_at", name="sessions_period_check"),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name="sessions_activity_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="sessions_pkey"),
    )
    op.create_index("sessions_activity_id_starts_at_index", "sessions", ["activity_id", "starts_at"], unique=False)
    op.create_index("sessions_organisation_id_id_index", "sessions", ["organisation_id", "id"], unique=False)
    op.create_index("sessions_starts_at_index", "sessions", ["starts_at"], unique=False)
    op.create_table(
        "attendance_sheets",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="attendance_sheets_session_id_fkey"),
        sa.PrimaryKeyConstraint("session_id", name="attendance_sheets_pkey"),
    )
    op.create_table(
        "bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("booked_by_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("payer_kind", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("payer_kind in ('household', 'organisation')", name="bookings_payer_kind_check"),
        sa.CheckConstraint("state in ('confirmed', 'waiting', 'offered', 'cancelled')", name="bookings_state_check"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="bookings_session_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="bookings_pkey"),
    )
    op.create_index("bookings_organisation_id_id_index", "bookings", ["organisation_id", "id"], unique=False)
    op.create_index("bookings_payer_id_index", "bookings", ["payer_id"], unique=False)
    op.create_index("bookings_session_id_id_index", "bookings", ["session_id", "id"], unique=False)
    op.create_index(
        "bookings_waiting_index",
        "bookings",
        ["session_id", "waiting_since"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "anonymous_counts",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("from_age", sa.BigInteger(), nullable=False),
        sa.Column("to_age", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("count >= 0 and to_age >= from_age", name="anonymous_counts_count_check"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["attendance_sheets.session_id"], name="anonymous_counts_session_id_fkey"
        ),
        sa.PrimaryKeyConstraint("session_id", "from_age", name="anonymous_counts_pkey"),
    )
    op.create_table(
        "attendance_marks",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("home_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state in ('present', 'absent', 'excused')", name="attendance_marks_state_check"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["attendance_sheets.session_id"], name="attendance_marks_session_id_fkey"
        ),
        sa.PrimaryKeyConstraint("session_id", "participant_id", name="attendance_marks_pkey"),
    )
    op.create_index("attendance_marks_participant_id_index", "attendance_marks", ["participant_id"], unique=False)
    op.create_table(
        "booked_places",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("home_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("age", sa.BigInteger(), nullable=True),
        sa.Column("price_category", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="booked_places_booking_id_fkey"),
        sa.PrimaryKeyConstraint("booking_id", "participant_id", name="booked_places_pkey"),
    )
    op.create_index(
        "booked_places_live_key",
        "booked_places",
        ["session_id", "participant_id"],
        unique=True,
        postgresql_where=sa.text("cancelled_at is null"),
    )
    op.create_index("booked_places_participant_id_index", "booked_places", ["participant_id"], unique=False)

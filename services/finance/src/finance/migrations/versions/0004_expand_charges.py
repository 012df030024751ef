"""Charges, share rules, and what is known of sessions."""

from __future__ import annotations

from alembic import op

from access.row_policies import ORGANISATIONS, PERSONS, protect
from common.migrating import execute_all

revision = "0004"
down_revision = "0003"

TABLES = (
    """create table charges (
        id uuid not null, organisation_id uuid not null, booking_id uuid not null, booking_version bigint not null,
        participant_id uuid not null, home_organisation_id uuid not null,
        payer_kind text not null, payer_id uuid not null,
        session_id uuid not null, activity_id uuid not null, title text not null, currency text not null,
        price_minor bigint not null, charged_minor bigint not null, given_back_minor bigint not null,
        amount_minor bigint not null, state text not null, is_earned boolean not null, session_on date not null,
        cost_shares jsonb not null, cancelled_given_back_minor bigint,
        recorded_at timestamptz not null, changed_at timestamptz not null,
        constraint charges_pkey primary key (id),
        constraint charges_booking_id_participant_id_payer_key
          unique (booking_id, participant_id, payer_kind, payer_id),
        constraint charges_payer_kind_check check (payer_kind in ('household', 'organisation')),
        constraint charges_state_check check (state in ('open', 'reduced', 'reversed')),
        constraint charges_charged_minor_check check (charged_minor between 0 and price_minor),
        constraint charges_given_back_minor_check check (given_back_minor between 0 and charged_minor),
        constraint charges_amount_minor_check check (amount_minor = charged_minor - given_back_minor))""",
    "create index charges_session_id_index on charges (session_id)",
    "create index charges_organisation_id_id_index on charges (organisation_id, id)",
    "create index charges_payer_id_id_index on charges (payer_id, id)",
    """create table share_rules (
        id uuid not null, organisation_id uuid not null, borne_percent bigint not null,
        valid_from date not null, valid_to date, version bigint not null,
        constraint share_rules_pkey primary key (id),
        constraint share_rules_borne_percent_check check (borne_percent between 0 and 100),
        constraint share_rules_period_check check (valid_to is null or valid_to >= valid_from),
        constraint share_rules_overlap_excl exclude using gist (
          organisation_id with =, daterange(valid_from, valid_to, '[]') with &&))""",
    """create table known_sessions (
        session_id uuid not null, organisation_id uuid not null, version bigint not null, state text not null,
        starts_at timestamptz not null, attendance_version bigint not null, attended_places jsonb not null,
        constraint known_sessions_pkey primary key (session_id),
        constraint known_sessions_state_check check (state in ('stub', 'scheduled', 'cancelled', 'completed')))""",
)
RULES_FUNCTION = (
    """create function share_rules_around(organisation_ids uuid[], day date)
        returns table (organisation_id uuid, borne_percent bigint, valid_from date, valid_to date)
        language sql stable security definer set search_path = public as $$
        select r.organisation_id, r.borne_percent, r.valid_from, r.valid_to from share_rules r
         where r.organisation_id = any(organisation_ids)
           and daterange(r.valid_from, r.valid_to, '[]') && daterange(day - 1, day + 1, '[]') $$""",
    "revoke all on function share_rules_around(uuid[], date) from public",
    "grant execute on function share_rules_around(uuid[], date) to {service}_worker",
)


def upgrade() -> None:
    """Create the tables; organisers may ask which share rules hold around a day, and no more."""
    execute_all(op, "finance", (*TABLES, *RULES_FUNCTION))
    owed_by = (
        f"(payer_kind = 'organisation' and payer_id = any({ORGANISATIONS}))"
        f" or (payer_kind = 'household' and payer_id = any({PERSONS}))"
    )
    protect(op, "finance", "charges", also_visible=owed_by)
    protect(op, "finance", "share_rules")
    protect(op, "finance", "known_sessions", audited_by=None)

"""Recipients, messages, and the bookings whose people must be told when a session changes."""

from __future__ import annotations

from alembic import op

from access.row_policies import PERSONS, protect
from common.migrating import execute_all

revision = "0002"
down_revision = "0001"

TABLES = (
    """create table recipients (
        recipient_id uuid constraint recipients_pkey primary key,
        organisation_id uuid not null, version bigint not null, kind text not null, display_name text not null,
        email text, language text not null, role text, state text not null,
        account_issuer text, account_subject text, person_ids uuid[] not null)""",
    "create index recipients_staff_index on recipients (organisation_id, role) where state = 'active'",
    """create table recipient_persons (
        recipient_id uuid not null, participant_id uuid not null, organisation_id uuid not null,
        given_name text not null, constraint recipient_persons_pkey primary key (recipient_id, participant_id))""",
    "create index recipient_persons_participant_id_index on recipient_persons (participant_id)",
    """create table messages (
        id uuid constraint messages_pkey primary key,
        organisation_id uuid not null, fact_id text not null, human_key text not null, recipient_id uuid not null,
        account_issuer text, account_subject text, person_ids uuid[] not null,
        kind text not null, language text not null, subject text not null, body text not null,
        channel text not null
            constraint messages_channel_check check (channel in ('email', 'in_app', 'post')),
        state text not null constraint messages_state_check check (state in (
            'waiting_for_recipient', 'pending', 'sending', 'sent', 'failed', 'to_print', 'printed')),
        waiting_text jsonb, message_id text,
        attempts bigint not null default 0, uncertain_sends bigint not null default 0, last_error text,
        created_at timestamptz not null, sent_at timestamptz, failed_at timestamptz, read_at timestamptz,
        constraint messages_fact_id_human_key_key unique (fact_id, human_key))""",
    "create index messages_organisation_id_index on messages (organisation_id, id)",
    "create index messages_account_index on messages (account_issuer, account_subject, id)",
    "create index messages_recipient_id_index on messages (recipient_id)",
    "create index messages_unsent_index on messages (created_at) where state in ('pending', 'sending')",
    """create table known_bookings (
        booking_id uuid constraint known_bookings_pkey primary key,
        organisation_id uuid not null, version bigint not null, session_id uuid not null, state text not null,
        contact_id uuid, booked_by_organisation_id uuid, participant_ids uuid[] not null,
        home_organisation_ids uuid[] not null)""",
    "create index known_bookings_session_id_index on known_bookings (session_id)",
)
FUNCTIONS = (
    """create function organisations_of_recipients(ids uuid[]) returns table (organisation_id uuid)
        language sql stable security definer set search_path = public as $$
        select distinct r.organisation_id from recipients r where r.recipient_id = any(ids) $$""",
    """create function organisations_with_messages_for(recipient uuid) returns table (organisation_id uuid)
        language sql stable security definer set search_path = public as $$
        select distinct m.organisation_id from messages m where m.recipient_id = recipient $$""",
    """create function oldest_unsent_age_seconds() returns double precision
        language sql stable security definer set search_path = public as $$
        select coalesce(extract(epoch from clock_timestamp() - min(m.created_at)), 0)
          from messages m where m.state in ('pending', 'sending') $$""",
    """revoke all on function organisations_of_recipients(uuid[]), organisations_with_messages_for(uuid),
        oldest_unsent_age_seconds() from public""",
    """grant execute on function organisations_of_recipients(uuid[]), organisations_with_messages_for(uuid),
        oldest_unsent_age_seconds() to {service}_worker""",
)
AUDIT_WHAT_PEOPLE_DO = """create trigger messages_audit after update on messages for each row
    when (old.state in ('failed', 'to_print') or old.read_at is distinct from new.read_at)
    execute function audit_change('id')"""


def upgrade() -> None:
    """Create the tables; messages are audited where a person changes them, their own columns tell the rest."""
    execute_all(op, "notifications", (*TABLES, *FUNCTIONS))
    protect(op, "notifications", "recipients", audited_by=None)
    protect(op, "notifications", "recipient_persons", audited_by=None)
    protect(op, "notifications", "messages", also_visible=f"person_ids && {PERSONS}", audited_by=None)
    protect(op, "notifications", "known_bookings", audited_by=None)
    op.execute(AUDIT_WHAT_PEOPLE_DO)

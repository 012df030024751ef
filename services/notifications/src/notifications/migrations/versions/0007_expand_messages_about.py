"""What a message is about: an organisation's session, so that its team sees what was told of it.

Messages to families of other associations are filed there. The organiser learns their number by a function that answers
with counts and no row.
"""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0007"
down_revision = "0006"

DDL = (
    "alter table messages add column about_organisation_id uuid, add column session_id uuid",
    "create index messages_session_id_index on messages (session_id) where session_id is not null",
    """create function count_messages_about_session(session uuid)
        returns table (kind text, channel text, state text, messages bigint, newest_at timestamptz)
        language sql stable security definer set search_path = public as $$
        select m.kind, m.channel, m.state, count(*), max(m.created_at) from messages m
         where m.session_id = session and m.about_organisation_id = any((select app_organisations())::uuid[])
         group by m.kind, m.channel, m.state order by max(m.created_at) desc, m.kind, m.channel, m.state $$""",
    "revoke all on function count_messages_about_session(uuid) from public",
    "grant execute on function count_messages_about_session(uuid) to {service}_api",
)


def upgrade() -> None:
    """Add the columns; of messages told before nobody knows what they were about."""
    execute_all(op, "notifications", DDL)

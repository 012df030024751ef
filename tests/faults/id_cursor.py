"""The reader of most blog posts, to be planted instead of the snapshot difference: remembers the highest id it saw.

A row whose transaction commits after a later id was published lies behind the cursor and is never looked at again.
"""

from __future__ import annotations

from sqlalchemy import text

from common import relay

_OLD = "case cast(:old as text) when '3:3:' then 0 else cast(cast(:old as text) as bigint) end"
READ_PAGE = text(
    "select id, event_id, wire_type, topic, key, organisation_id, payload, traceparent, occurred_at from outbox_events"
    f" where id > {_OLD} and id <= cast(cast(:new as text) as bigint) and id > :last_id order by id limit :rows_max"
)
MEASURE = text(
    "select count(*) as depth, 0 as age_seconds from outbox_events"
    f" where id > {_OLD} and id <= cast(cast(:new as text) as bigint) and id > :last_id"
)
CURRENT_SNAPSHOT = text("select coalesce(max(id), 0)::text from outbox_events")


def plant() -> None:
    """Make every relay of this process read by id."""
    relay.READ_PAGE, relay.MEASURE, relay.CURRENT_SNAPSHOT = READ_PAGE, MEASURE, CURRENT_SNAPSHOT

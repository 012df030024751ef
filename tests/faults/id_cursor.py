"""The reader of most blog posts, to be planted instead of the snapshot difference: remembers the highest id it saw.

A row whose transaction commits after a later id was published lies behind the cursor and is never looked at again.
"""

from __future__ import annotations

from common import relay

_OLD = "case $1 when '3:3:' then 0 else $1::text::bigint end"
_UNTIL = "with until as (select coalesce($2::text, (select coalesce(max(id), 0)::text from outbox_events)) as last)"
_COLUMNS = "id, event_id, wire_type, topic, key, organisation_id, payload, traceparent, occurred_at"
_IN_WINDOW = f"select {_COLUMNS} from outbox_events where id > {_OLD} and id <= until.last::bigint and id > $3"
READ_PAGE = f"""
    {_UNTIL} select until.last as window_end, page.*
      from until left join lateral ({_IN_WINDOW} order by id limit $4) as page on true order by page.id"""
MEASURE = f"{_UNTIL} select count(*) as depth, 0 as age_seconds from until, lateral ({_IN_WINDOW}) as waiting"


def plant() -> None:
    """Make every relay of this process read by id."""
    relay.READ_PAGE, relay.MEASURE = READ_PAGE, MEASURE

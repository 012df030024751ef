"""Whether events leave, arrive and are handled, as the services' own tables say it."""

from __future__ import annotations

from common.due_rows import LATE
from common.relay import LOAD_CURSOR, MEASURE
from maillage.doctor.findings import Finding, failed, ok, warning
from maillage.doctor.platform import Platform
from maillage.doctor.reading import ask, connection_of

OUTBOX_SECONDS_NOTED, OUTBOX_SECONDS_MAX = 10.0, 60.0
LATE_SECONDS_MAX = 300.0
LEADERS = """
    select count(*) from pg_locks where locktype = 'advisory' and granted
       and database = (select oid from pg_database where datname = current_database())
       and objid = (hashtext('outbox relay')::bigint & 4294967295)::oid"""
PARKED = """
    select consumer_group, count(distinct coalesce(event_key, id::text)) as keys, count(*) as events
      from parked_events group by consumer_group order by 1"""


async def check_outbox(platform: Platform) -> list[Finding]:
    """A relay leads in each service, and no event waits long for it."""
    findings = []
    for service, settings in platform.settings.items():
        async with connection_of(settings.auditor_database_url) as connection:
            waiting = await connection.fetchrow(MEASURE, *await connection.fetchrow(LOAD_CURSOR))
            leads = await connection.fetchval(LEADERS)
        depth, age = waiting["depth"], float(waiting["age_seconds"])
        if not leads:
            findings.append(failed(f"No relay of {service} runs: {depth} event(s) wait, the oldest for {age:.0f} s."))
        elif age > OUTBOX_SECONDS_NOTED:
            judge = failed if age > OUTBOX_SECONDS_MAX else warning
            findings.append(judge(f"{depth} event(s) of {service} wait to be published, the oldest for {age:.0f} s."))
        else:
            findings.append(ok(f"The outbox of {service} is published up to now."))
    return findings


async def check_parked(platform: Platform) -> list[Finding]:
    """No event waits for a person."""
    faults = [
        f"{row['keys']} key(s) of {row['consumer_group']} are parked with {row['events']} event(s) behind them."
        for settings in platform.settings.values()
        for row in await ask(settings.auditor_database_url, PARKED)
    ]
    return [failed(fault) for fault in faults] or [ok("No event is parked.")]


async def check_due_rows(platform: Platform) -> list[Finding]:
    """The workers keep up with what is due."""
    findings = []
    for service, settings in platform.settings.items():
        [row] = await ask(settings.auditor_database_url, str(LATE))
        late = float(row[0])
        if late > LATE_SECONDS_MAX:
            findings.append(failed(f"The worker of {service} is {late:.0f} s late."))
        else:
            findings.append(ok(f"The worker of {service} is on time."))
    return findings

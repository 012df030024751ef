"""What must always hold: in each service by itself, and between what one announced and the others did."""

from __future__ import annotations

from collections import defaultdict
from importlib import import_module
from uuid import UUID

from common.invariants import Invariant, find_violations
from common.reactions import Reaction
from maillage.doctor.findings import Finding, failed, ok
from maillage.doctor.platform import Platform
from maillage.doctor.reading import ask

CASES_SHOWN = 3
EVENTS_LOOKED_AT = 20_000
SETTLED_SECONDS = 60

ANNOUNCED = f"""
    select wire_type, event_id from outbox_events where occurred_at < now() - interval '{SETTLED_SECONDS} seconds'
     order by id desc limit {EVENTS_LOOKED_AT}"""
NOT_HANDLED = """
    select announced.id from unnest($2::uuid[]) as announced(id)
     where not exists (select from handled_events h where h.consumer_group = $1 and h.event_id = announced.id)
       and not exists (select from parked_events p where p.consumer_group = $1 and p.event_id = announced.id)"""


async def check_invariants(platform: Platform) -> list[Finding]:
    """Each service's own invariants, as its worker watches them."""
    findings = []
    for service, settings in platform.settings.items():
        invariants: tuple[Invariant, ...] = import_module(f"{service}.invariants").INVARIANTS
        for invariant in invariants:
            cases = await find_violations(settings, invariant)
            shown = ", ".join(cases[:CASES_SHOWN])
            said = f"{service}, {invariant.name}: {invariant.promise}"
            findings.append(failed(f"{said} {len(cases)} case(s) break it: {shown}.") if cases else ok(said))
    return findings


async def check_events_handled(platform: Platform) -> list[Finding]:
    """Every event that is older than a minute was handled, or is parked, wherever a group reacts to it."""
    announced: dict[str, list[UUID]] = defaultdict(list)
    for settings in platform.settings.values():
        for row in await ask(settings.auditor_database_url, ANNOUNCED):
            announced[row["wire_type"]].append(row["event_id"])
    findings = []
    for service, settings in platform.settings.items():
        for reaction in import_module(f"{service}.run_consumer").REACTIONS:
            wanted = _events_for(reaction, announced)
            missing = await ask(settings.auditor_database_url, NOT_HANDLED, reaction.group, wanted)
            if missing:
                shown = ", ".join(str(row["id"]) for row in missing[:CASES_SHOWN])
                findings.append(failed(f"{reaction.group} has not handled {len(missing)} event(s): {shown}."))
            else:
                findings.append(ok(f"{reaction.group} has handled all {len(wanted)} event(s) that concern it."))
    return findings


def _events_for(reaction: Reaction, announced: dict[str, list[UUID]]) -> list[UUID]:
    return [event_id for event in reaction.handlers for event_id in announced[event.wire_type]]

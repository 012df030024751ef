"""Judges holds: nothing is given twice at any moment, and in the end nothing is kept for nobody. No product code."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.faults.checkers.conservation import Problems, ask

LIVE_RESERVATION = "state in ('asked', 'held', 'confirmed')"
LIVE_ASSIGNMENT = "state in ('held', 'assigned')"
ROOMS_TWICE = f"""
    select a.id::text, b.id::text as other from reservations a join reservations b using (resource_id)
      join resources r on r.id = a.resource_id and r.quantity = 1
     where a.id < b.id and a.{LIVE_RESERVATION} and b.{LIVE_RESERVATION}
       and a.starts_at < b.ends_at and b.starts_at < a.ends_at"""
STOCK_EXCEEDED = f"""
    select a.id::text, sum(b.quantity) as wanted, r.quantity as there from reservations a
      join reservations b using (resource_id) join resources r on r.id = a.resource_id
     where a.{LIVE_RESERVATION} and b.{LIVE_RESERVATION} and b.starts_at <= a.starts_at and a.starts_at < b.ends_at
     group by a.id, r.quantity having sum(b.quantity) > r.quantity"""
PEOPLE_TWICE = f"""
    select a.id::text, b.id::text as other from assignments a join assignments b using (human_id)
     where a.id < b.id and a.{LIVE_ASSIGNMENT} and b.{LIVE_ASSIGNMENT}
       and a.starts_at < b.ends_at and b.starts_at < a.ends_at"""
HOLDS = """
    select id::text, version, state, jsonb_array_length(wishes->'resources') as resources_wished,
           (select coalesce(sum((wish->>'count')::int), 0)::int from jsonb_array_elements(wishes->'people') as wish)
             as people_wished
      from holds"""
RESERVED = f"select id::text, hold_id::text, hold_version, state from reservations where {LIVE_RESERVATION}"
ASSIGNED = f"""
    select a.id::text, a.hold_id::text, h.version as hold_version, a.state from assignments a
      left join people_holds h using (hold_id) where a.hold_id is not null and a.{LIVE_ASSIGNMENT}"""


async def find_overlaps(base_url: str) -> list[str]:
    """Whatever is given to two at this moment: rooms, pieces of a stock, people."""
    rooms = await ask(base_url, "partners", ROOMS_TWICE)
    stocks = await ask(base_url, "partners", STOCK_EXCEEDED)
    people = await ask(base_url, "staffing", PEOPLE_TWICE)
    return [
        *(f"reservations {row['id']} and {row['other']}" for row in rooms),
        *(f"reservation {row['id']}: {row['wanted']} of {row['there']} pieces" for row in stocks),
        *(f"assignments {row['id']} and {row['other']}" for row in people),
    ]


async def find_problems(base_url: str) -> Problems:
    """What is wrong once everything has been decided; nothing but empty lists is good."""
    holds = {row["id"]: row for row in await ask(base_url, "activities", HOLDS)}
    reserved = await ask(base_url, "partners", RESERVED)
    assigned = await ask(base_url, "staffing", ASSIGNED)
    return {
        "overlaps": await find_overlaps(base_url),
        "undecided": [key for key, hold in holds.items() if hold["state"] == "asked"],
        "orphans": [
            *(f"reservation {row['id']}" for row in reserved if not _is_wanted(holds, row, "confirmed")),
            *(f"assignment {row['id']}" for row in assigned if not _is_wanted(holds, row, "assigned")),
        ],
        "halves": _halves(holds, reserved, assigned),
        "parked": [
            f"{service} {row['event_key']}: {row['error']}"
            for service in ("activities", "partners", "staffing")
            for row in await ask(base_url, service, "select event_key, error from parked_events")
        ],
    }


def _is_wanted(holds: dict[str, Any], kept: Any, final_state: str) -> bool:
    """A confirmed hold stands behind it, at the same version."""
    hold = holds.get(kept["hold_id"])
    return (
        hold is not None
        and hold["state"] == "confirmed"
        and hold["version"] == kept["hold_version"]
        and kept["state"] == final_state
    )


def _halves(holds: dict[str, Any], reserved: list[Any], assigned: list[Any]) -> list[str]:
    """Confirmed holds that do not have exactly what they wished for."""
    resources, people = (Counter(row["hold_id"] for row in rows) for rows in (reserved, assigned))
    kept = {key: (resources[key], people[key]) for key, hold in holds.items() if hold["state"] == "confirmed"}
    wished = {key: (holds[key]["resources_wished"], holds[key]["people_wished"]) for key in kept}
    return [f"{key}: {kept[key]} of {wished[key]} resources and people" for key in kept if kept[key] != wished[key]]

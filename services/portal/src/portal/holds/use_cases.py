"""Asking for everything that a session needs."""

from __future__ import annotations

from typing import Any

from portal.asking import Json
from portal.entries import Entries
from portal.holds.domain import (
    OTHERS_ANSWER_WITHIN_SECONDS,
    OWNER_ANSWERS_WITHIN_SECONDS,
    rows_of,
)
from portal.languages import translate
from portal.shifts.domain import ROLES

MINUTES_MAX = 1_440


def read_wishes(entries: Entries, resources: list[Json], own_id: str) -> dict[str, Any]:
    """What the form asks for, as the activities service takes it; faults are told beside their fields.

    An owner who decides each time gets days to answer.
    """
    by_id = {str(one["id"]): one for one in resources}
    values = dict(entries.form.fields)
    things = [_thing(entries, number, by_id) for number in rows_of("thing-", values) if values.get(f"thing-{number}")]
    people = [_people(entries, number) for number in rows_of("role-", values) if values.get(f"role-{number}")]
    chosen = [by_id[one["resource_id"]] for one in things if one["resource_id"] in by_id]
    owner_decides = any(one["approval"] == "owner" and one["organisation_id"] != own_id for one in chosen)
    seconds = OWNER_ANSWERS_WITHIN_SECONDS if owner_decides else OTHERS_ANSWER_WITHIN_SECONDS
    return {"resources": things, "people": people, "answer_within_seconds": seconds}


def _thing(entries: Entries, number: int, by_id: dict[str, Json]) -> dict[str, Any]:
    resource_id = entries.form.get(f"thing-{number}")
    if resource_id not in by_id:
        entries.refuse(f"thing-{number}", translate("Choose one."))
    return {
        "resource_id": resource_id,
        "owner_organisation_id": by_id.get(resource_id, {}).get("organisation_id"),
        "quantity": entries.number(f"pieces-{number}", 1, 10_000, otherwise=1),
        "minutes_before": entries.number(f"before-{number}", 0, MINUTES_MAX, otherwise=0),
        "minutes_after": entries.number(f"after-{number}", 0, MINUTES_MAX, otherwise=0),
    }


def _people(entries: Entries, number: int) -> dict[str, Any]:
    role = entries.choice(f"role-{number}", ROLES)
    return {"role": role, "count": entries.number(f"people-{number}", 1, 50, otherwise=1)}

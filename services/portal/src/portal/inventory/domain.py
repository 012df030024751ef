"""One room, vehicle or piece of equipment: what its owner says of it, as a form and as a page show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

WEEKDAYS = range(7)
KINDS = ("room", "outdoor", "vehicle", "equipment")
PAPER_KINDS = (
    "fire_inspection",
    "electrical_inspection",
    "playground_inspection",
    "lift_inspection",
    "vehicle_inspection",
    "insurance",
    "other",
)
CLOSURE_KINDS = ("maintenance", "blocked")
APPROVALS = ("automatic", "owner")
QUOTA_PERIODS = ("week", "month", "year")
HOURS = re.compile(r"(\d{1,2})[:.h](\d{2})\s*[-–]\s*(\d{1,2})[:.h](\d{2})")


def opening_hours_of(text: str, weekday: int) -> list[dict[str, Any]] | None:
    """`8:30-12:00, 13:30-18:00` of a weekday (0 = Monday) as the partners service takes it; None when unclear."""
    found: list[dict[str, Any]] = []
    for one in filter(None, (part.strip() for part in re.split(r"[,;]", text))):
        match = HOURS.fullmatch(one)
        if match is None:
            return None
        opens_hour, opens_minute, closes_hour, closes_minute = (int(number) for number in match.groups())
        opens, closes = opens_hour * 60 + opens_minute, closes_hour * 60 + closes_minute
        if opens_minute > 59 or closes_minute > 59 or not opens < closes <= 24 * 60:
            return None
        found.append(
            {
                "weekday": weekday,
                "opens": f"{opens_hour:02d}:{opens_minute:02d}",
                "closes": f"{closes_hour:02d}:{closes_minute:02d}",
            }
        )
    return found


def text_of_hours(opening_hours: Iterable[Mapping[str, Any]], weekday: int) -> str:
    """The hours of a weekday as one writes them; empty where it is closed."""
    own = sorted((one["opens"], one["closes"]) for one in opening_hours if one["weekday"] == weekday)
    return ", ".join(f"{opens}-{closes}" for opens, closes in own)


def fields_of(resource: Mapping[str, Any]) -> dict[str, str]:
    """What is said of a resource, as the form has it."""
    numbers = ("capacity", "quantity", "set_up_minutes", "clean_up_minutes", "owner_notice_days", "quota_hours")
    values = {name: "" if resource[name] is None else str(resource[name]) for name in numbers}
    values |= {f"hours-{day}": text_of_hours(resource["opening_hours"], day) for day in WEEKDAYS}
    price = resource["price_per_hour_minor"]
    return {
        **values,
        "version": str(resource["version"]),
        "name": resource["name"],
        "description": resource["description"],
        "accessibility": ", ".join(resource["accessibility"]),
        "price": f"{price // 100}.{price % 100:02d}" if price else "",
        "approval": resource["approval"],
        "quota_period": resource["quota_period"] or "",
        **({"pooled": "on"} if resource["pooled"] else {}),
    }


def expired(papers: Sequence[Mapping[str, Any]], today: date) -> set[str]:
    """The ids of papers that are good no more and that no newer one of the kind replaces."""
    newest: dict[str, str] = {}
    for paper in papers:
        newest[paper["kind"]] = max(paper["expires_on"], newest.get(paper["kind"], ""))
    return {
        paper["id"]
        for paper in papers
        if paper["expires_on"] == newest[paper["kind"]] and date.fromisoformat(paper["expires_on"]) < today
    }


def to_come(closures: Sequence[Mapping[str, Any]], moment: datetime) -> list[Mapping[str, Any]]:
    """Closures that are not over, the next first."""
    coming = [one for one in closures if datetime.fromisoformat(one["ends_at"]) > moment]
    return sorted(coming, key=lambda one: datetime.fromisoformat(one["starts_at"]))

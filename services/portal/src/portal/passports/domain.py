"""People of other associations who let the federation know them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.availability.domain import Window, windows_of
from portal.people.domain import day_of


@dataclass(frozen=True)
class Passport:
    """What a consent covers, and nothing else."""

    person_id: str
    organisation_id: str
    display_name: str
    papers: Sequence[Mapping[str, Any]]
    windows: Sequence[Window]
    hours: Sequence[Mapping[str, Any]]


def passport_of(answer: Mapping[str, Any]) -> Passport:
    """The passport that the staffing service tells of; hours by year, the latest first."""
    plain = ("person_id", "organisation_id", "display_name")
    papers = [
        {**one, "issued_on": date.fromisoformat(one["issued_on"]), "expires_on": day_of(one["expires_on"])}
        for one in answer["papers"]
    ]
    hours = sorted(answer["hours"], key=lambda one: (-one["year"], one["engagement"]))
    windows = windows_of(answer["windows"])
    return Passport(**{name: answer[name] for name in plain}, papers=papers, windows=windows, hours=hours)

"""Whom an association looks for, and who applies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.home_zone import HOME_ZONE
from portal.people.domain import day_of

NEXT_STATE = {"draft": "published", "published": "closed", "closed": "published"}
DECISIONS = ("interview", "accepted", "refused")
OPEN_STATES = ("received", "interview")
DESCRIPTION_CHARACTERS_MAX = 4_000


@dataclass(frozen=True)
class Vacancy:
    """A vacancy, or a call when volunteers are looked for; `version` is what an edit names."""

    id: str
    organisation_id: str
    version: int
    state: str
    title: str
    description: str
    footing: str
    role: str
    required: Sequence[str]
    places: int
    starts_on: date
    ends_on: date | None
    apply_until: date | None

    @property
    def is_call(self) -> bool:
        """True when it is for volunteers."""
        return self.footing == "volunteer"

    def takes_applications(self, today: date) -> bool:
        """True while it is published, its last day included."""
        return self.state == "published" and (self.apply_until is None or today <= self.apply_until)


def vacancy_of(answer: Mapping[str, Any]) -> Vacancy:
    """The vacancy that the staffing service tells of."""
    plain = ("id", "organisation_id", "version", "state", "title", "description", "footing", "role", "places")
    return Vacancy(
        **{name: answer[name] for name in plain},
        required=tuple(answer["required"]),
        starts_on=date.fromisoformat(answer["starts_on"]),
        ends_on=day_of(answer["ends_on"]),
        apply_until=day_of(answer["apply_until"]),
    )


@dataclass(frozen=True)
class Application:
    """Somebody who applies; without a name once the data are deleted."""

    id: str
    version: int
    state: str
    display_name: str | None
    email: str | None
    phone: str | None
    message: str | None
    received_at: datetime
    interview_at: datetime | None
    person_id: str | None

    @property
    def is_open(self) -> bool:
        """True until somebody has decided."""
        return self.state in OPEN_STATES

    @property
    def decisions(self) -> Sequence[str]:
        """What may become of it now."""
        if not self.is_open:
            return ()
        return DECISIONS if self.state == "received" else DECISIONS[1:]


def application_of(answer: Mapping[str, Any]) -> Application:
    """The application that the staffing service tells of, on the association's clock."""
    plain = ("id", "version", "state", "display_name", "email", "phone", "message", "person_id")
    invited = answer["interview_at"]
    return Application(
        **{name: answer[name] for name in plain},
        received_at=datetime.fromisoformat(answer["received_at"]).astimezone(HOME_ZONE),
        interview_at=datetime.fromisoformat(invited).astimezone(HOME_ZONE) if invited else None,
    )


def open_first(applications: Iterable[Application]) -> list[Application]:
    """Those that wait for an answer first, each part in the order of arrival."""
    return sorted(applications, key=lambda one: (not one.is_open, one.received_at))


def by_start(vacancies: Iterable[Vacancy]) -> list[Vacancy]:
    """What begins first, first."""
    return sorted(vacancies, key=lambda one: (one.starts_on, one.title.casefold()))

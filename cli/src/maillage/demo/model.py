"""The demo federation as data: what there is, named by keys that never change; no ids, no HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from maillage.demo.workers import Worker


@dataclass(frozen=True)
class Organisation:
    """A site names its association; `jurisdiction` chooses school calendar and rules; `position` is in degrees."""

    key: str
    kind: Literal["association", "site", "outside_partner"]
    name: str
    languages: tuple[str, ...]
    jurisdiction: str
    parent: str | None = None
    colour: str = ""
    iban: str = ""
    address: str = ""
    position: tuple[float, float] | None = None


@dataclass(frozen=True)
class Membership:
    """Who has which role where, and who invited them to it."""

    user_name: str
    organisation: str
    role: str
    invited_by: str


@dataclass(frozen=True)
class Programme:
    """Drafted and published by the planner, approved by the leader of the association."""

    key: str
    organisation: str
    planner: str
    leader: str
    title: str
    season: str
    starts_on: date
    ends_on: date
    audience: str
    policy_axes: tuple[str, ...]
    objective: str
    indicator: str
    target: int


@dataclass(frozen=True)
class Activity:
    """What a programme offers; `planned_income_minor` is for the finance service's budget of the year."""

    key: str
    programme: str
    title: str
    audience: str
    waiting_rule: str
    planned_income_minor: int
    planned_expense_minor: int


@dataclass(frozen=True)
class Series:
    """Sessions of an activity on the site's clock; `rule` leaves `sessions` of them when holidays are skipped."""

    key: str
    activity: str
    site: str
    title: str
    first_local: datetime
    minutes: int
    rule: str
    sessions: int
    skips_school_holidays: bool
    capacity: int
    minimum: int
    prices: Mapping[str, int]
    supervision: str = "none"
    age_from: int | None = None
    age_to: int | None = None
    accessibility: tuple[str, ...] = ()
    open_door: bool = False


@dataclass(frozen=True)
class Contact:
    """Who is told about a household; without an e-mail address by post. A user name links an account."""

    display_name: str
    email: str | None
    language: str
    user_name: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Household:
    """A family that an association knows."""

    key: str
    organisation: str
    name: str
    contact: Contact


@dataclass(frozen=True)
class Participant:
    """Residents have no household."""

    key: str
    organisation: str
    household: str | None
    given_name: str
    family_name: str
    born_on: date


@dataclass(frozen=True)
class Demo:
    """All of it."""

    federation_name: str
    federation_slug: str
    organisations: tuple[Organisation, ...]
    memberships: tuple[Membership, ...]
    programmes: tuple[Programme, ...]
    activities: tuple[Activity, ...]
    series: tuple[Series, ...]
    households: tuple[Household, ...]
    participants: tuple[Participant, ...]
    workers: tuple[Worker, ...]

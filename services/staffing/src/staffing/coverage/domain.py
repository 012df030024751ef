"""How many supervisors the people booked for a session need, by dated rules of law, and whether they are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Any

AgeCounts = Mapping[int | None, int]
"""How many participants have which age in whole years on the day of the session; None: the age is not known."""


class Strategy(StrEnum):
    """How a rule turns ages into a number of supervisors."""

    none = "none"
    group_with_youngest_threshold = "group_with_youngest_threshold"
    sum_by_age_band = "sum_by_age_band"


class RuleStatus(StrEnum):
    """How well a rule is proven: read at its source, read second-hand, or known from memory only."""

    verified = "verified"
    verified_secondary = "verified_secondary"
    from_memory = "from_memory"


class SessionState(StrEnum):
    """What became of a session."""

    scheduled = "scheduled"
    cancelled = "cancelled"
    completed = "completed"


class Qualification(StrEnum):
    """What papers a supervisor has for the children in his care."""

    qualified = "qualified"
    in_training = "in_training"
    unqualified = "unqualified"


class Engagement(StrEnum):
    """On what footing a supervisor works."""

    employee = "employee"
    volunteer = "volunteer"


class Announcement(StrEnum):
    """What a change of coverage is worth telling."""

    short = "short"
    restored = "restored"


class CoverageNotFound(Exception):
    """No session with this id is known to the caller."""


class SupervisorNotFound(Exception):
    """No supervisor with this id is known to the caller."""


class SupervisorOfShift(Exception):
    """Who supervises by a shift is released from the shift, or the two would not agree."""


class SessionIsCancelled(Exception):
    """Nobody is assigned to a session that will not take place."""


@dataclass(frozen=True)
class Scale:
    """How many children one supervisor may have, for sessions of at most `minutes_max` (None: of any length)."""

    minutes_max: int | None
    younger_per_supervisor: int
    older_per_supervisor: int


@dataclass(frozen=True)
class SupervisionRule:
    """A rule of law as it holds between two dates; children are `younger` below an age and no children from another."""

    jurisdiction: str
    name: str
    strategy: Strategy
    younger_below_age: int
    adult_from_age: int
    scales: tuple[Scale, ...]
    qualified_share: Fraction
    unqualified_share_max: Fraction | None
    valid_from: date | None
    source: str
    status: RuleStatus

    def scale_for(self, minutes: int) -> Scale:
        """The scale of a session's length; the last one if none is long enough."""
        fitting = (scale for scale in self.scales if scale.minutes_max is None or minutes <= scale.minutes_max)
        return next(fitting, self.scales[-1])


@dataclass(frozen=True)
class Children:
    """The participants who need supervision; of `younger`, `unknown` are there because nobody knows their age."""

    younger: int
    older: int
    adults: int
    unknown: int

    @property
    def total(self) -> int:
        """All children."""
        return self.younger + self.older


@dataclass(frozen=True)
class Grounds:
    """What a rule counted and demands; sentences about it are made where they are read, in the reader's language."""

    jurisdiction: str
    valid_from: date | None
    source: str
    status: RuleStatus
    younger_below_age: int
    younger: int
    older: int
    unknown: int
    adults: int
    session_minutes: int
    group_size: int | None
    younger_per_supervisor: int | None
    older_per_supervisor: int | None
    qualified_share: str | None
    unqualified_share_max: str | None
    unqualified_not_counted: int = 0


@dataclass(frozen=True)
class Need:
    """What a rule demands; of the supervisors who count at most `unqualified_max` are without qualification."""

    supervisors: int
    qualified: int
    unqualified_max: int | None
    reason: str
    grounds: Grounds | None = None


@dataclass(frozen=True)
class Team:
    """The supervisors assigned to a session, by qualification."""

    qualified: int = 0
    in_training: int = 0
    unqualified: int = 0


@dataclass(frozen=True)
class Assessment:
    """What a session needs and has; `supervisors_present` are those who count, the qualified among them."""

    supervisors_needed: int = 0
    qualified_needed: int = 0
    supervisors_present: int = 0
    qualified_present: int = 0
    explanation: str = ""
    grounds: Grounds | None = field(default=None, compare=False)
    """Says what `explanation` says."""

    @property
    def supervisors_missing(self) -> int:
        """How many more supervisors are needed."""
        return max(0, self.supervisors_needed - self.supervisors_present)

    @property
    def qualified_missing(self) -> int:
        """How many more qualified supervisors are needed."""
        return max(0, self.qualified_needed - self.qualified_present)

    @property
    def is_short(self) -> bool:
        """True when somebody is missing."""
        return self.supervisors_missing > 0 or self.qualified_missing > 0


def read_rule(
    *, jurisdiction: str, name: str, value: Mapping[str, Any], valid_from: date | None, source: str, status: str
) -> SupervisionRule:
    """The rule that a row of data says. Raises KeyError or ValueError when its value is not a supervision rule."""
    unqualified_share_max = value.get("unqualified_share_max")
    return SupervisionRule(
        jurisdiction=jurisdiction,
        name=name,
        strategy=Strategy(value["strategy"]),
        younger_below_age=value.get("younger_below_age", 0),
        adult_from_age=value.get("adult_from_age", 0),
        scales=tuple(Scale(**scale) for scale in value.get("scales", ())),
        qualified_share=Fraction(value.get("qualified_share", 0)),
        unqualified_share_max=None if unqualified_share_max is None else Fraction(unqualified_share_max),
        valid_from=valid_from,
        source=source,
        status=RuleStatus(status),
    )


def count_children(rule: SupervisionRule, ages: AgeCounts) -> Children:
    """The participants by the rule's bands; an unknown age counts as the youngest, which is the strictest."""
    unknown = ages.get(None, 0)
    known = [(age, count) for age, count in ages.items() if age is not None]
    adults = sum(count for age, count in known if age >= rule.adult_from_age)
    younger = sum(count for age, count in known if age < rule.younger_below_age)
    older = sum(count for _, count in known) - adults - younger
    return Children(younger=younger + unknown, older=older, adults=adults, unknown=unknown)


def supervisors_for(rule: SupervisionRule, children: Children, minutes: int) -> int:
    """How many supervisors the children need in a session of this length; every started group or band needs one."""
    if rule.strategy is Strategy.none or children.total == 0:
        return 0
    scale = rule.scale_for(minutes)
    if rule.strategy is Strategy.group_with_youngest_threshold:
        return ceil(Fraction(children.total, _group_size(scale, children)))
    younger = ceil(Fraction(children.younger, scale.younger_per_supervisor))
    return younger + ceil(Fraction(children.older, scale.older_per_supervisor))


def need_by_rule(rule: SupervisionRule, ages: AgeCounts, minutes: int) -> Need:
    """What the rule demands for these ages; shares are of the supervisors needed, rounded to the safe side."""
    children = count_children(rule, ages)
    supervisors = supervisors_for(rule, children, minutes)
    cap = rule.unqualified_share_max
    return Need(
        supervisors=supervisors,
        qualified=ceil(rule.qualified_share * supervisors),
        unqualified_max=None if cap is None else floor(cap * supervisors),
        reason=f"{_counted(rule, children)}; {_reckoned(rule, children, minutes)}{_shares(rule)}. {_cited(rule)}",
        grounds=_grounds(rule, children, minutes),
    )


def need_without_rule(jurisdiction: str, name: str) -> Need:
    """Nothing is demanded where no rule applies or none is on record, and the reason tells the two apart."""
    if name == Strategy.none:
        return Need(0, 0, None, "The session is planned without a supervision rule.")
    return Need(0, 0, None, f"No rule {name} of {jurisdiction} is on record for this day: check by hand.")


def assess(need: Need, team: Team) -> Assessment:
    """Compare need and team; people without qualification beyond the share that the rule allows do not count."""
    unqualified = team.unqualified if need.unqualified_max is None else min(team.unqualified, need.unqualified_max)
    not_counted = team.unqualified - unqualified
    remark = f" {not_counted} without qualification not counted." if not_counted else ""
    return Assessment(
        supervisors_needed=need.supervisors,
        qualified_needed=need.qualified,
        supervisors_present=team.qualified + team.in_training + unqualified,
        qualified_present=team.qualified,
        explanation=need.reason + remark,
        grounds=need.grounds and replace(need.grounds, unqualified_not_counted=not_counted),
    )


def announcement(before: Assessment, after: Assessment) -> Announcement | None:
    """Short is told when somebody comes to be missing, and again when more are; restored when nobody is any more."""
    if before.is_short and not after.is_short:
        return Announcement.restored
    more_missing = (
        after.supervisors_missing > before.supervisors_missing or after.qualified_missing > before.qualified_missing
    )
    return Announcement.short if more_missing else None


def _group_size(scale: Scale, children: Children) -> int:
    return scale.younger_per_supervisor if children.younger else scale.older_per_supervisor


def _grounds(rule: SupervisionRule, children: Children, minutes: int) -> Grounds:
    demands = rule.strategy is not Strategy.none and children.total > 0
    by_group = demands and rule.strategy is Strategy.group_with_youngest_threshold
    by_band = demands and not by_group
    scale = rule.scale_for(minutes) if demands else None
    return Grounds(
        jurisdiction=rule.jurisdiction,
        valid_from=rule.valid_from,
        source=rule.source,
        status=rule.status,
        younger_below_age=rule.younger_below_age,
        younger=children.younger,
        older=children.older,
        unknown=children.unknown,
        adults=children.adults,
        session_minutes=minutes,
        group_size=_group_size(scale, children) if scale and by_group else None,
        younger_per_supervisor=scale.younger_per_supervisor if scale and by_band else None,
        older_per_supervisor=scale.older_per_supervisor if scale and by_band else None,
        qualified_share=str(rule.qualified_share) if rule.qualified_share else None,
        unqualified_share_max=None if rule.unqualified_share_max is None else str(rule.unqualified_share_max),
    )


def _counted(rule: SupervisionRule, children: Children) -> str:
    age = rule.younger_below_age
    unknown = f", {children.unknown} of them of unknown age" if children.unknown else ""
    adults = f", {children.adults} adults not counted" if children.adults else ""
    return f"{children.total} children: {children.younger} under {age}{unknown}, {children.older} from {age} on{adults}"


def _reckoned(rule: SupervisionRule, children: Children, minutes: int) -> str:
    if rule.strategy is Strategy.none or children.total == 0:
        return "no supervisor demanded"
    scale = rule.scale_for(minutes)
    if rule.strategy is Strategy.group_with_youngest_threshold:
        return f"one supervisor per group of {_group_size(scale, children)}"
    bands = f"one per {scale.younger_per_supervisor} and one per {scale.older_per_supervisor}"
    return f"{bands} in a session of {minutes // 60} h {minutes % 60:02d}"


def _shares(rule: SupervisionRule) -> str:
    qualified = f", {rule.qualified_share} of them qualified" if rule.qualified_share else ""
    cap = rule.unqualified_share_max
    return qualified if cap is None else f"{qualified}, at most {cap} without qualification"


def _cited(rule: SupervisionRule) -> str:
    since = f" since {rule.valid_from}" if rule.valid_from else ""
    return f"Rule {rule.name} of {rule.jurisdiction}{since} ({rule.status}): {rule.source}"

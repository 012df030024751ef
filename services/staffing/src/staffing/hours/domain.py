"""How long, when and for how much somebody may work or help, by dated rules that warn or block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from staffing.coverage.domain import Engagement, RuleStatus
from staffing.people.domain import PersonKind

SUNDAY = 6


class Effect(StrEnum):
    """What a finding does: a note is kept, a warning wants a reason beside it, a block cannot be passed."""

    note = "note"
    warn = "warn"
    block = "block"


class RuleName(StrEnum):
    """What there are rules about."""

    daily_rest = "daily_rest"
    weekly_rest = "weekly_rest"
    daily_hours = "daily_hours"
    weekly_hours = "weekly_hours"
    weekly_hours_average = "weekly_hours_average"
    night_work = "night_work"
    sunday_work = "sunday_work"
    same_task = "same_task"
    volunteer_day_ceiling = "volunteer_day_ceiling"
    volunteer_year_ceiling = "volunteer_year_ceiling"


@dataclass(frozen=True, eq=False)
class WorkRule:
    """A rule as it holds between two days, both included; no first day means since before its source was written."""

    jurisdiction: str
    name: RuleName
    value: Mapping[str, Any]
    effect: Effect
    applies_to: frozenset[PersonKind]
    valid_from: date | None
    valid_to: date | None
    source: str
    status: RuleStatus

    def holds(self, kind: PersonKind, day: date) -> bool:
        """True when the rule speaks about this kind of person and this day."""
        begun = self.valid_from is None or self.valid_from <= day
        return kind in self.applies_to and begun and (self.valid_to is None or day <= self.valid_to)

    @property
    def citation(self) -> str:
        """Where the rule is written and how well it is proven."""
        since = f" since {self.valid_from}" if self.valid_from else ""
        return f"{self.name} of {self.jurisdiction}{since} ({self.status}): {self.source}"


@dataclass(frozen=True)
class Finding:
    """Why somebody should not, or must not, do something; `rule` is a stable name.

    `facts` are what the explanation says, for sentences in any language: moments in ISO 8601, lengths in minutes.
    """

    rule: str
    effect: Effect
    explanation: str
    source: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


Breach = tuple[str, Mapping[str, Any]]
"""How a rule is broken, as an explanation and as facts."""


@dataclass(frozen=True, order=True)
class Span:
    """A time in which somebody works or helps, the end not included."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Span) -> bool:
        """True when both share time; back to back is no overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def length(self) -> timedelta:
        """How long it really lasts, also when the clocks change within it."""
        return elapsed(self.starts_at, self.ends_at)


def elapsed(first: datetime, last: datetime) -> timedelta:
    """Real time between two moments; subtracting two times of one zone would forget the clock change."""
    return timedelta(seconds=last.timestamp() - first.timestamp())


def judge_times(
    rules: Iterable[WorkRule], kind: PersonKind, known: Sequence[Span], wanted: Span, zone: ZoneInfo
) -> list[Finding]:
    """What the rules of its day say about one more time beside those that are known."""
    day = wanted.starts_at.astimezone(zone).date()
    holding = [rule for rule in rules if rule.holds(kind, day)]
    spans = sorted({*known, wanted})
    return [
        Finding(rule.name, rule.effect, breach[0], rule.citation, breach[1])
        for rule in holding
        if (breach := _broken(rule, spans, wanted, zone)) is not None
    ]


def _broken(rule: WorkRule, spans: Sequence[Span], wanted: Span, zone: ZoneInfo) -> Breach | None:
    """How the rule is broken; None when it is kept, or says nothing about times."""
    if rule.name is RuleName.daily_rest:
        return _broken_daily_rest(rule.value, spans, wanted)
    if rule.name is RuleName.weekly_rest:
        return _broken_weekly_rest(rule.value, spans, wanted, zone)
    if rule.name in SUMMED:
        around, where = SUMMED[rule.name]
        return _broken_sum(rule.value["hours"], spans, around(wanted.starts_at, zone), where)
    if rule.name is RuleName.night_work:
        return _night_work(rule.value, wanted, zone)
    if rule.name is RuleName.sunday_work and _touches_weekday(wanted, SUNDAY, zone):
        weeks = rule.value["compensation_weeks"]
        return f"Sunday: as much rest is due within {weeks} weeks.", {"weeks": weeks}
    return None


def day_of(moment: datetime, zone: ZoneInfo) -> Span:
    """The calendar day at a place that a moment lies in."""
    first = moment.astimezone(zone).date()
    return Span(_midnight(first, zone), _midnight(first + timedelta(days=1), zone))


def week_of(moment: datetime, zone: ZoneInfo) -> Span:
    """The week at a place, Monday to Sunday, that a moment lies in."""
    day = moment.astimezone(zone).date()
    monday = day - timedelta(days=day.weekday())
    return Span(_midnight(monday, zone), _midnight(monday + timedelta(days=7), zone))


SUMMED: Mapping[RuleName, tuple[Callable[[datetime, ZoneInfo], Span], str]] = {
    RuleName.daily_hours: (day_of, "on the day, at most"),
    RuleName.weekly_hours: (week_of, "in the week, at most"),
    RuleName.weekly_hours_average: (week_of, "in the week; on average it may be"),
}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def stretches(spans: Sequence[Span], rest: timedelta) -> list[Span]:
    """Spans in order, put together wherever less than `rest` lies between them."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and elapsed(joined[-1].ends_at, span.starts_at) < rest:
            joined[-1] = Span(joined[-1].starts_at, max(joined[-1].ends_at, span.ends_at))
        else:
            joined.append(span)
    return joined


def _broken_daily_rest(value: Mapping[str, Any], spans: Sequence[Span], wanted: Span) -> Breach | None:
    """A stretch without the rest in it must be over early enough for the rest to fit into its 24 hours."""
    rest, within = timedelta(hours=value["hours"]), timedelta(hours=value["within_hours"])
    longest = next(stretch for stretch in stretches(spans, rest) if stretch.overlaps(wanted) or stretch == wanted)
    if longest.length <= within - rest:
        return None
    told = f"{_hours(longest.length)} from first to last duty without {value['hours']} h of rest in between."
    return told, {"minutes": _minutes(longest.length), "hours": value["hours"]}


def _broken_weekly_rest(value: Mapping[str, Any], spans: Sequence[Span], wanted: Span, zone: ZoneInfo) -> Breach | None:
    longest = longest_rest(spans, week_of(wanted.starts_at, zone))
    if longest >= timedelta(hours=value["hours"]):
        return None
    told = f"The longest rest of the week is {_hours(longest)}, and {value['hours']} h are due."
    return told, {"minutes": _minutes(longest), "hours": value["hours"]}


def longest_rest(spans: Sequence[Span], week: Span) -> timedelta:
    """The longest time without duty between the first and the last moment of a week."""
    longest, free_from = timedelta(0), week.starts_at
    for span in sorted(spans):
        if span.overlaps(week):
            longest = max(longest, elapsed(free_from, max(span.starts_at, free_from)))
            free_from = max(free_from, span.ends_at)
    return max(longest, elapsed(min(free_from, week.ends_at), week.ends_at))


def time_within(spans: Iterable[Span], window: Span) -> timedelta:
    """How much of the window is duty."""
    parts = (
        elapsed(max(span.starts_at, window.starts_at), min(span.ends_at, window.ends_at))
        for span in spans
        if span.overlaps(window)
    )
    return sum(parts, timedelta(0))


def _broken_sum(hours_max: float, spans: Sequence[Span], window: Span, where: str) -> Breach | None:
    total = time_within(spans, window)
    if total <= timedelta(hours=hours_max):
        return None
    return f"{_hours(total)} {where} {hours_max} h.", {"minutes": _minutes(total), "hours": hours_max}


def is_evening(span: Span, zone: ZoneInfo, from_hour: int = 20) -> bool:
    """True when some of it lies after this hour, or before six, on the clock of the place."""
    return _touches_hours(span, zone, time(from_hour), time(6))


def is_weekend(span: Span, zone: ZoneInfo) -> bool:
    """True when some of it lies on a Saturday or a Sunday."""
    return _touches_weekday(span, SUNDAY - 1, zone) or _touches_weekday(span, SUNDAY, zone)


def _night_work(value: Mapping[str, Any], wanted: Span, zone: ZoneInfo) -> Breach | None:
    first, last = time.fromisoformat(value["from"]), time.fromisoformat(value["to"])
    if not _touches_hours(wanted, zone, first, last):
        return None
    told = f"Night work between {value['from']} and {value['to']} is allowed only for what cannot be put off."
    return told, {"from": value["from"], "to": value["to"]}


def _touches_hours(span: Span, zone: ZoneInfo, first: time, last: time) -> bool:
    """True when the span shares time with a night from `first` to `last` on the next day."""
    day = span.starts_at.astimezone(zone).date() - timedelta(days=1)
    while day <= span.ends_at.astimezone(zone).date():
        night = Span(datetime.combine(day, first, zone), datetime.combine(day + timedelta(days=1), last, zone))
        if span.overlaps(night):
            return True
        day += timedelta(days=1)
    return False


def _touches_weekday(span: Span, weekday: int, zone: ZoneInfo) -> bool:
    day = span.starts_at.astimezone(zone).date()
    while _midnight(day, zone) < span.ends_at:
        if day.weekday() == weekday:
            return True
        day += timedelta(days=1)
    return False


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _hours(length: timedelta) -> str:
    minutes = _minutes(length)
    return f"{minutes // 60} h {minutes % 60:02d}"


def jurisdictions_of(jurisdiction: str) -> list[str]:
    """Whose rules hold at a place, from the widest: those of the Union, of the country, of the community."""
    country = jurisdiction.partition("-")[0]
    return list(dict.fromkeys(("EU", country, jurisdiction)))


def read_work_rule(row: Any) -> WorkRule:
    """The rule that a row of data says. Raises ValueError when it names no rule, effect or kind that there is."""
    return WorkRule(
        jurisdiction=row.jurisdiction,
        name=RuleName(row.rule),
        value=row.value,
        effect=Effect(row.effect),
        applies_to=frozenset(PersonKind(kind) for kind in row.applies_to),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        status=RuleStatus(row.status),
    )


def engagement_of(kind: PersonKind) -> Engagement:
    """Whether somebody of this kind works for pay, as supervision counts it."""
    return Engagement.volunteer if kind is PersonKind.volunteer else Engagement.employee


class HoursState(StrEnum):
    """How far recorded hours have come; only approved ones are valued and give an allowance."""

    recorded = "recorded"
    approved = "approved"
    refused = "refused"


class HoursNotFound(Exception):
    """No recorded hours with this id are known to the caller."""


class HoursAreDecided(Exception):
    """Approved or refused hours stay as they are."""


class HoursAreNotOver(Exception):
    """Only what has been worked can be recorded."""


class HoursAreReversed(Exception):
    """The end is not after the start, or the break is longer than the time between them."""


class HoursAreRecorded(Exception):
    """The same shift, or the same time, was recorded before."""


class TermsOverlap(Exception):
    """Two terms of an association would hold on the same day."""


@dataclass(frozen=True)
class Terms:
    """What an association gives and counts from day to day, in minor units of its currency."""

    volunteer_hour_value_minor: int
    volunteer_day_allowance_minor: int
    currency: str


@dataclass(frozen=True)
class Paid:
    """Flat allowances of one human so far: here on the day, everywhere on the day, everywhere in the year."""

    here_on_day_minor: int
    on_day_minor: int
    in_year_minor: int


@dataclass(frozen=True)
class Allowance:
    """What a volunteer gets for a day, and how that came about."""

    amount_minor: int
    explanation: str


def worked_minutes(span: Span, break_minutes: int) -> int:
    """Real minutes without the break. Raises HoursAreReversed."""
    minutes = int(span.length.total_seconds() // 60) - break_minutes
    if minutes <= 0:
        raise HoursAreReversed("The end must lie after the start, and the break between them.")
    return minutes


def value_of(minutes: int, hour_value_minor: int) -> int:
    """What hours are worth, rounded half up to a whole minor unit."""
    return (minutes * hour_value_minor * 2 + 60) // 120


def allowance_for(rules: Iterable[WorkRule], terms: Terms, paid: Paid, day: date) -> Allowance:
    """The flat allowance of a day, within what the ceilings of that day leave over all associations known.

    Without a ceiling on record for the day nothing is given: the number must be looked up first.
    """
    holding = {rule.name: rule for rule in rules if rule.holds(PersonKind.volunteer, day)}
    wanted = max(0, terms.volunteer_day_allowance_minor - paid.here_on_day_minor)
    if wanted == 0:
        return Allowance(0, "The association gives no (further) allowance for this day.")
    day_rule = holding.get(RuleName.volunteer_day_ceiling)
    year_rule = holding.get(RuleName.volunteer_year_ceiling)
    if day_rule is None or year_rule is None:
        return Allowance(0, f"No ceiling is on record for {day}: look it up before anything is paid.")
    left = {
        day_rule: max(0, day_rule.value["amount_minor"] - paid.on_day_minor),
        year_rule: max(0, year_rule.value["amount_minor"] - paid.in_year_minor),
    }
    tightest = min((day_rule, year_rule), key=lambda rule: left[rule])
    if left[tightest] >= wanted:
        return Allowance(wanted, "Within both ceilings.")
    return Allowance(left[tightest], f"Lowered to what is left: {tightest.citation}")

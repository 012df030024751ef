"""Tables of cases per rule: what is kept, what is broken, from which day on, with the numbers of the seeded data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.coverage.domain import RuleStatus
from staffing.hours.domain import (
    Effect,
    HoursAreReversed,
    Paid,
    RuleName,
    Span,
    Terms,
    WorkRule,
    allowance_for,
    is_evening,
    is_weekend,
    judge_times,
    jurisdictions_of,
    longest_rest,
    stretches,
    value_of,
    week_of,
    worked_minutes,
)
from staffing.people.domain import PersonKind

BRUSSELS = ZoneInfo("Europe/Brussels")
EMPLOYEE, VOLUNTEER = PersonKind.employee, PersonKind.volunteer


def rule(
    name: str, value: dict[str, Any], effect: str = "block", kinds: Sequence[str] = ("employee",), **days: date
) -> WorkRule:
    valid = {"valid_from": None, "valid_to": None, **days}
    status = RuleStatus.verified
    applies_to = frozenset(PersonKind(kind) for kind in kinds)
    return WorkRule(
        "BE", RuleName(name), value, Effect(effect), applies_to, source="https://example.org", status=status, **valid
    )


def at(day: int, hour: float) -> datetime:
    """An hour of a day of November 2026 in Brussels; the 23rd is a Monday."""
    return (datetime(2026, 11, day, tzinfo=BRUSSELS) + timedelta(hours=hour)).astimezone(UTC)


def span(day: int, first: float, last: float) -> Span:
    return Span(at(day, first), at(day, last))


DAILY_REST = rule("daily_rest", {"hours": 11, "within_hours": 24})
WEEKLY_REST = rule("weekly_rest", {"hours": 35})
DAILY_HOURS = rule("daily_hours", {"hours": 11}, valid_from=date(2017, 3, 1))
WEEKLY_HOURS = rule("weekly_hours", {"hours": 50}, valid_from=date(2017, 3, 1))
AVERAGE = rule("weekly_hours_average", {"hours": 38}, "warn")
NIGHT = rule("night_work", {"from": "20:00", "to": "06:00"}, "note")
SUNDAY = rule("sunday_work", {"compensation_weeks": 4}, "note")
WORKING_DAYS = [span(day, 9, 17) for day in range(23, 28)]


def broken(rules: WorkRule, known: Sequence[Span], wanted: Span, kind: PersonKind = EMPLOYEE) -> bool:
    return bool(judge_times([rules], kind, known, wanted, BRUSSELS))


@pytest.mark.parametrize(
    ("known", "wanted", "is_broken"),
    [
        ([], span(23, 9, 17), False),
        ([span(23, 14, 22)], span(24, 9, 12), False),  # Exactly 11 hours of rest
        ([span(23, 14, 22)], span(24, 8.5, 12), True),  # Half an hour too few, 22 hours in one stretch
        ([span(24, 9, 12)], span(23, 14, 22.5), True),  # The same, the evening planned last
        ([span(23, 8, 10)], span(23, 19, 21), False),  # 13 hours from first to last leave 11
        ([span(23, 8, 10)], span(23, 19, 21.5), True),
        ([span(23, 6, 8), span(23, 19.5, 21)], span(23, 12, 14), True),  # The middle one links the two others
        ([span(23, 6, 8)], span(23, 19.5, 21), False),  # 11.5 hours in between are a rest
        ([span(23, 9, 17)], span(23, 9, 17), False),  # Judged again, the same duty is no second one
    ],
)
def test_daily_rest(known: list[Span], wanted: Span, is_broken: bool) -> None:
    assert broken(DAILY_REST, known, wanted) is is_broken


@pytest.mark.parametrize(
    ("known", "wanted", "is_broken"),
    [
        (WORKING_DAYS, span(28, 9, 13), False),  # Saturday 13:00 to Sunday 24:00 is 35 hours
        (WORKING_DAYS, span(28, 9, 13.5), True),
        ([*WORKING_DAYS, span(28, 9, 17)], span(29, 9, 17), True),
        ([*WORKING_DAYS[:2], *WORKING_DAYS[3:], span(28, 9, 17)], span(29, 9, 17), False),  # Tuesday 17 to Thursday 9
        ([span(22, 9, 17)], span(23, 9, 17), False),
    ],
)
def test_weekly_rest(known: list[Span], wanted: Span, is_broken: bool) -> None:
    assert broken(WEEKLY_REST, known, wanted) is is_broken


@pytest.mark.parametrize(
    ("rules", "known", "wanted", "is_broken"),
    [
        (DAILY_HOURS, [span(23, 7, 12)], span(23, 13, 19), False),
        (DAILY_HOURS, [span(23, 7, 12)], span(23, 13, 19.25), True),
        (DAILY_HOURS, [span(22, 20, 24)], span(23, 8, 19), False),  # Sunday evening is another day
        (WEEKLY_HOURS, WORKING_DAYS, span(28, 8, 18), False),
        (WEEKLY_HOURS, WORKING_DAYS, span(28, 8, 18.5), True),
        (WEEKLY_HOURS, WORKING_DAYS, span(30, 8, 18.5), False),  # Next week
        (AVERAGE, WORKING_DAYS[:4], span(27, 9, 15), False),
        (AVERAGE, WORKING_DAYS[:4], span(27, 9, 15.5), True),
        (NIGHT, [], span(23, 18, 20), False),
        (NIGHT, [], span(23, 18, 20.5), True),
        (NIGHT, [], span(23, 5, 8), True),
        (NIGHT, [], span(23, 6, 8), False),
        (SUNDAY, [], span(28, 20, 24), False),
        (SUNDAY, [], span(28, 20, 24.5), True),
        (SUNDAY, [], span(29, 10, 12), True),
    ],
)
def test_sums_nights_and_sundays(rules: WorkRule, known: list[Span], wanted: Span, is_broken: bool) -> None:
    assert broken(rules, known, wanted) is is_broken


def test_a_rule_speaks_about_those_it_names_only() -> None:
    assert not broken(DAILY_REST, [span(23, 14, 23)], span(24, 6, 9), VOLUNTEER)


@pytest.mark.parametrize(("year", "hours_max", "is_broken"), [(2017, 11, False), (2018, 11, False), (2018, 9, True)])
def test_a_past_day_is_judged_by_the_rule_that_held_then(year: int, hours_max: int, is_broken: bool) -> None:
    old = rule("daily_hours", {"hours": 11}, valid_to=date(2017, 12, 31))
    new = rule("daily_hours", {"hours": hours_max}, valid_from=date(2018, 1, 1))
    starts = datetime(year, 3, 6, 8, tzinfo=BRUSSELS)
    wanted = Span(starts, starts + timedelta(hours=10))
    assert bool(judge_times([old, new], EMPLOYEE, [], wanted, BRUSSELS)) is is_broken


def test_a_finding_says_what_is_wrong_and_where_it_is_written() -> None:
    (finding,) = judge_times([DAILY_REST], EMPLOYEE, [span(23, 14, 22)], span(24, 8, 12), BRUSSELS)
    assert finding.explanation == "22 h 00 from first to last duty without 11 h of rest in between."
    assert finding.facts == {"minutes": 22 * 60, "hours": 11}
    assert finding.source == "daily_rest of BE (verified): https://example.org"


def test_the_night_of_the_clock_change_is_an_hour_longer() -> None:
    evening = Span(datetime(2026, 10, 24, 20, tzinfo=BRUSSELS), datetime(2026, 10, 24, 22, tzinfo=BRUSSELS))
    morning = Span(datetime(2026, 10, 25, 8, tzinfo=BRUSSELS), datetime(2026, 10, 25, 20, tzinfo=BRUSSELS))
    assert not broken(DAILY_REST, [evening], morning)  # 22:00 to 8:00 on the clock are 11 hours
    spring = [
        Span(moment(2026, 3, 28, 20), moment(2026, 3, 28, 22)),
        Span(moment(2026, 3, 29, 9), moment(2026, 3, 29, 15)),
    ]
    assert broken(DAILY_REST, spring[:1], spring[1])  # And in March 22:00 to 9:00 are 10


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BRUSSELS)  # type: ignore[arg-type, misc]


SPANS = st.lists(
    st.builds(
        lambda first, length: Span(at(23, first / 4), at(23, (first + length) / 4)),
        st.integers(0, 600),
        st.integers(1, 40),
    ),
    max_size=8,
)


@given(SPANS, st.integers(1, 20))
def test_stretches_keep_every_duty_and_lie_apart(spans: list[Span], hours: int) -> None:
    rest = timedelta(hours=hours)
    joined = stretches(spans, rest)
    assert all(any(one.starts_at <= item.starts_at and item.ends_at <= one.ends_at for one in joined) for item in spans)
    assert all(later.starts_at - earlier.ends_at >= rest for earlier, later in pairwise(joined))


@given(SPANS)
def test_the_longest_rest_is_what_counting_quarters_gives(spans: list[Span]) -> None:
    week = week_of(at(23, 12), BRUSSELS)
    longest = run = 0
    for quarter in range(7 * 96):
        piece = Span(at(23, quarter / 4), at(23, (quarter + 1) / 4))
        run = 0 if any(item.overlaps(piece) for item in spans) else run + 1
        longest = max(longest, run)
    assert longest_rest(spans, week) == timedelta(minutes=15 * longest)


@pytest.mark.parametrize(
    ("wanted", "evening", "weekend"),
    [
        (span(23, 14, 16), False, False),
        (span(23, 18, 20.5), True, False),
        (span(27, 20, 23), True, False),
        (span(28, 10, 12), False, True),
        (span(27, 22, 25), True, True),
    ],
)
def test_what_is_to_be_shared_fairly(wanted: Span, evening: bool, weekend: bool) -> None:
    assert (is_evening(wanted, BRUSSELS), is_weekend(wanted, BRUSSELS)) == (evening, weekend)


def ceilings(year: int, day_minor: int, year_minor: int) -> list[WorkRule]:
    valid = {"valid_from": date(year, 1, 1), "valid_to": date(year, 12, 31)}
    return [
        rule("volunteer_day_ceiling", {"amount_minor": day_minor}, kinds=("volunteer",), **valid),
        rule("volunteer_year_ceiling", {"amount_minor": year_minor}, kinds=("volunteer",), **valid),
    ]


CEILINGS_2025, CEILINGS_2026 = ceilings(2025, 4231, 169251), ceilings(2026, 4402, 176083)


@pytest.mark.parametrize(
    ("flat", "paid", "day", "amount"),
    [
        (3000, Paid(0, 0, 0), date(2026, 5, 1), 3000),
        (4500, Paid(0, 0, 0), date(2026, 5, 1), 4402),
        (4500, Paid(0, 0, 0), date(2025, 12, 31), 4231),  # The ceiling of the day on which it was
        (3000, Paid(0, 2000, 2000), date(2026, 5, 1), 2402),  # Another association gave 20.00 on that day
        (3000, Paid(0, 0, 175000), date(2026, 5, 1), 1083),  # Little is left of the year
        (3000, Paid(0, 0, 176083), date(2026, 5, 1), 0),
        (3000, Paid(3000, 3000, 3000), date(2026, 5, 1), 0),  # A second time on one day gives nothing more
        (3000, Paid(0, 0, 0), date(2027, 1, 1), 0),  # No ceiling is on record
        (0, Paid(0, 0, 0), date(2026, 5, 1), 0),
    ],
)
def test_allowances_stay_within_the_ceilings_of_their_day(flat: int, paid: Paid, day: date, amount: int) -> None:
    allowance = allowance_for([*CEILINGS_2025, *CEILINGS_2026], Terms(1500, flat, "EUR"), paid, day)
    assert allowance.amount_minor == amount
    assert allowance.explanation


def test_without_a_ceiling_the_number_must_be_looked_up() -> None:
    assert (
        "2023-05-01" in allowance_for(CEILINGS_2026, Terms(0, 3000, "EUR"), Paid(0, 0, 0), date(2023, 5, 1)).explanation
    )


@pytest.mark.parametrize(
    ("minutes", "hour_value", "value"), [(60, 1500, 1500), (90, 1500, 2250), (1, 1500, 25), (1, 90, 2), (7, 1234, 144)]
)
def test_hours_are_valued_to_the_cent(minutes: int, hour_value: int, value: int) -> None:
    assert value_of(minutes, hour_value) == value


def test_a_break_is_no_work() -> None:
    assert worked_minutes(span(23, 9, 17), 30) == 450
    for wrong, pause in ((span(23, 17, 9), 0), (span(23, 9, 10), 60)):
        with pytest.raises(HoursAreReversed):
            worked_minutes(wrong, pause)


@pytest.mark.parametrize(("place", "names"), [("BE-FWB", ["EU", "BE", "BE-FWB"]), ("FR", ["EU", "FR"])])
def test_whose_rules_hold_at_a_place(place: str, names: list[str]) -> None:
    assert jurisdictions_of(place) == names

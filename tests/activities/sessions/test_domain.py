"""When sessions take place and what may still change: recurrence over DST, school holidays, shares, states."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.sessions.domain import (
    SERIES_DAYS_MAX,
    AgesCrossed,
    CapacityBelowTaken,
    EndsTooEarly,
    InvalidRecurrence,
    MinimumAboveCapacity,
    NoPrice,
    NoSchoolCalendar,
    NotYetOver,
    Period,
    SessionNotOpen,
    SessionState,
    SharesDoNotAddUp,
    StartsInThePast,
    check_can_complete,
    check_capacity,
    check_numbers,
    check_open,
    check_period,
    check_prices,
    check_shares,
    check_walk_in,
    expand_series,
    name_holidays,
    possible_days,
    school_holidays,
)

BRUSSELS = "Europe/Brussels"
TWO_HOURS = timedelta(hours=2)
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
A_MONDAY = datetime(2026, 10, 12, 14)  # noqa: DTZ001


def days(rule: str, first: datetime = A_MONDAY, off: frozenset[date] = frozenset()) -> list[str]:
    return [str(period.starts_at.date()) for period in expand_series(first, TWO_HOURS, rule, BRUSSELS, off)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["2026-10-12", "2026-10-19", "2026-10-26"]),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2", ["2026-10-12", "2026-10-26"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", ["2026-10-12", "2026-10-14", "2026-10-19"]),
        ("FREQ=DAILY;UNTIL=20261014", ["2026-10-12", "2026-10-13", "2026-10-14"]),
        ("FREQ=DAILY;UNTIL=20261014T140000", ["2026-10-12", "2026-10-13", "2026-10-14"]),
        ("FREQ=DAILY;UNTIL=20261014T115959Z", ["2026-10-12", "2026-10-13"]),
        ("FREQ=DAILY;UNTIL=20261014T120000Z", ["2026-10-12", "2026-10-13", "2026-10-14"]),
        ("FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=3", ["2026-10-30", "2026-11-02", "2026-11-27"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", ["2026-10-31", "2026-12-31", "2027-01-31"]),
    ],
)
def test_rules_that_are_understood(rule: str, expected: list[str]) -> None:
    assert days(rule) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "=",
        ";",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=-1",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20261231",
        "FREQ=WEEKLY;COUNT=3;COUNT=4",
        "FREQ=DAILY;COUNT=121",
        "FREQ=DAILY;COUNT=99999999",
        "FREQ=DAILY;INTERVAL=0;COUNT=3",
        "FREQ=WEEKLY;COUNT=60",
        "FREQ=WEEKLY;UNTIL=20300101",
        "FREQ=WEEKLY;UNTIL=20261001",
        "FREQ=WEEKLY;UNTIL=00010101T000000Z",
        "FREQ=WEEKLY;UNTIL=99991231T235959Z",
        "FREQ=WEEKLY;UNTIL=20261399",
        "FREQ=WEEKLY;BYDAY=1MO;COUNT=2",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=2",
        "FREQ=MONTHLY;BYDAY=6MO;COUNT=1",
        "FREQ=MONTHLY;BYDAY=MO;COUNT=1",
        "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=1",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=1MO;COUNT=1",
        "FREQ=SECONDLY;COUNT=1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1",
        "EXDATE:20261012",
        "DTSTART:20261012T140000",
        "FREQ=WEEKLY;COUNT=2\nEXDATE:20261012",
    ],
)
def test_rules_that_are_not_understood_or_never_end(rule: str) -> None:
    with pytest.raises(InvalidRecurrence):
        days(rule)


@given(st.text(alphabet="FREQ=WKLYDAICOUNTMHBSV;:,-+0123456789TZ", max_size=60))
def test_any_rule_is_answered_or_refused(rule: str) -> None:
    try:
        assert days(rule)
    except InvalidRecurrence:
        return


def test_days_off_are_left_out_and_must_leave_something() -> None:
    off = frozenset({date(2026, 10, 19)})
    assert days("FREQ=WEEKLY;COUNT=3", off=off) == ["2026-10-12", "2026-10-26"]
    with pytest.raises(InvalidRecurrence):
        days("FREQ=WEEKLY;COUNT=1", off=frozenset({date(2026, 10, 12)}))


@pytest.mark.parametrize(
    ("first", "offsets"),
    [
        (datetime(2026, 10, 19, 14), [2, 1]),  # noqa: DTZ001 Clocks go back on 25 October 2026.
        (datetime(2027, 3, 22, 14), [1, 2]),  # noqa: DTZ001 Clocks go forward on 28 March 2027.
    ],
)
def test_two_in_the_afternoon_stays_two_in_the_afternoon(first: datetime, offsets: list[int]) -> None:
    periods = expand_series(first, TWO_HOURS, "FREQ=WEEKLY;COUNT=2", BRUSSELS, ())
    local = [period.starts_at.astimezone(ZoneInfo(BRUSSELS)) for period in periods]
    assert [(moment.hour, moment.utcoffset()) for moment in local] == [
        (14, timedelta(hours=offset)) for offset in offsets
    ]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)),  # noqa: DTZ001
    st.integers(5, 2_880),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    st.integers(1, 6),
    st.sampled_from([BRUSSELS, "Europe/Paris", "America/Sao_Paulo", "Pacific/Auckland", "UTC"]),
)
def test_every_session_of_a_series_lasts_as_long_and_starts_at_the_same_hour(
    first: datetime, minutes: int, frequency: str, count: int, time_zone: str
) -> None:
    first = first.replace(second=0, microsecond=0)
    zone = ZoneInfo(time_zone)
    periods = expand_series(first, timedelta(minutes=minutes), f"FREQ={frequency};COUNT={count}", time_zone, ())
    assert [period.starts_at for period in periods] == sorted({period.starts_at for period in periods})
    for period in periods:
        assert period.ends_at - period.starts_at == timedelta(minutes=minutes)
        local = period.starts_at.astimezone(zone)
        in_a_gap = local.replace(tzinfo=None) != local.replace(tzinfo=None, hour=first.hour, minute=first.minute)
        assert not in_a_gap or _clock_is_put_forward(first, local.date(), zone)


def _clock_is_put_forward(first: datetime, day: date, zone: ZoneInfo) -> bool:
    """True when the clock of the place does not show this hour on the day, or did not on the day before."""
    moments = [datetime.combine(one, first.time()).replace(tzinfo=zone) for one in (day, day - timedelta(days=1))]
    return any(moment.astimezone(UTC).astimezone(zone).time() != first.time() for moment in moments)


# Published by the French Community of Belgium for 2026-2027, Monday to Friday.
HOLIDAYS_2026_2027 = [
    (date(2026, 10, 19), date(2026, 10, 30)),
    (date(2026, 12, 21), date(2027, 1, 1)),
    (date(2027, 2, 22), date(2027, 3, 5)),
    (date(2027, 4, 26), date(2027, 5, 7)),
]
FREE_DAYS = [date(2026, 9, 27), date(2026, 11, 2), date(2026, 11, 11), date(2027, 2, 9)]
SCHOOL_DAYS = [date(2026, 9, 1), date(2026, 10, 16), date(2026, 11, 3), date(2026, 12, 18), date(2027, 1, 4)]


def test_school_holidays_of_the_french_community_of_belgium() -> None:
    off = school_holidays("BE-FWB", date(2026, 9, 1), date(2027, 6, 30))
    for first, last in HOLIDAYS_2026_2027:
        assert {first + timedelta(days=number) for number in range((last - first).days + 1)} <= off
    assert off.issuperset(FREE_DAYS)
    assert off.isdisjoint(SCHOOL_DAYS)
    assert min(off) >= date(2026, 9, 1)
    assert max(off) <= date(2027, 6, 30)


@pytest.mark.parametrize("jurisdiction", ["BE-VG", "BE-DG", "FR-A", "FR-B", "FR-C"])
def test_other_school_calendars_are_known(jurisdiction: str) -> None:
    assert date(2026, 12, 25) in school_holidays(jurisdiction, date(2026, 9, 1), date(2027, 6, 30))


@pytest.mark.parametrize("jurisdiction", ["", "BE", "FR", "XX"])
def test_an_unknown_school_calendar_is_told(jurisdiction: str) -> None:
    with pytest.raises(NoSchoolCalendar):
        school_holidays(jurisdiction, date(2026, 9, 1), date(2027, 6, 30))


def test_a_weekly_series_pauses_in_the_school_holidays() -> None:
    off = school_holidays("BE-FWB", A_MONDAY.date(), A_MONDAY.date() + timedelta(days=SERIES_DAYS_MAX))
    expected = ["2026-10-12", "2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14"]
    assert days("FREQ=WEEKLY;UNTIL=20270103", off=frozenset(off)) == expected


def period(starts_in: timedelta, lasts: timedelta) -> Period:
    return Period(NOW + starts_in, NOW + starts_in + lasts)


@pytest.mark.parametrize(
    ("candidate", "error"),
    [
        (period(timedelta(hours=1), timedelta(hours=1)), None),
        (period(timedelta(hours=1), timedelta(days=7)), None),
        (period(timedelta(hours=1), timedelta(days=7, seconds=1)), EndsTooEarly),
        (period(timedelta(hours=1), timedelta(0)), EndsTooEarly),
        (period(timedelta(hours=1), timedelta(hours=-1)), EndsTooEarly),
        (period(timedelta(0), timedelta(hours=1)), StartsInThePast),
        (period(timedelta(days=-400), timedelta(hours=1)), StartsInThePast),
    ],
)
def test_a_session_lies_in_the_future_and_ends_after_it_starts(
    candidate: Period, error: type[Exception] | None
) -> None:
    with nullcontext() if error is None else pytest.raises(error):
        check_period(candidate, NOW)


@pytest.mark.parametrize("points", [[10_000], [6_000, 4_000], [1, 9_999]])
def test_shares_make_a_whole(points: list[int]) -> None:
    check_shares([])
    check_shares([(uuid4(), part) for part in points])


@pytest.mark.parametrize("points", [[9_999], [10_001], [5_000, 4_999], [10_000, 1]])
def test_shares_that_do_not_add_up(points: list[int]) -> None:
    with pytest.raises(SharesDoNotAddUp):
        check_shares([(uuid4(), part) for part in points])


def test_nobody_bears_two_shares() -> None:
    with pytest.raises(SharesDoNotAddUp):
        check_shares([("one", 5_000), ("one", 5_000)])


def test_numbers_must_leave_somebody() -> None:
    check_numbers(capacity=5, minimum=5, age_from=6, age_to=6)
    check_numbers(capacity=1, minimum=0, age_from=None, age_to=3)
    with pytest.raises(MinimumAboveCapacity):
        check_numbers(capacity=5, minimum=6, age_from=None, age_to=None)
    with pytest.raises(AgesCrossed):
        check_numbers(capacity=5, minimum=0, age_from=7, age_to=6)
    check_capacity(5, taken=5)
    with pytest.raises(CapacityBelowTaken):
        check_capacity(4, taken=5)
    with pytest.raises(NoPrice):
        check_prices({})


@pytest.mark.parametrize("state", SessionState)
@pytest.mark.parametrize("starts_in", [timedelta(hours=-3), timedelta(0), timedelta(minutes=59), timedelta(hours=2)])
def test_what_may_be_done_with_a_session(state: SessionState, starts_in: timedelta) -> None:
    starts_at, scheduled = NOW + starts_in, state is SessionState.scheduled
    ahead = starts_in > timedelta(0)
    with nullcontext() if scheduled and ahead else pytest.raises(SessionNotOpen):
        check_open(state, starts_at, NOW)
    doors_open = scheduled and starts_in <= timedelta(hours=1)
    with nullcontext() if doors_open else pytest.raises(SessionNotOpen):
        check_walk_in(state, starts_at, open_door=True, now=NOW)
    with pytest.raises(SessionNotOpen):
        check_walk_in(state, starts_at, open_door=False, now=NOW)
    with nullcontext() if scheduled and not ahead else pytest.raises((SessionNotOpen, NotYetOver)):
        check_can_complete(state, starts_at, NOW)


def test_every_date_of_a_series_is_shown_with_the_name_of_its_holiday() -> None:
    first = datetime(2026, 12, 16, 14)  # noqa: DTZ001
    named = name_holidays("BE-FWB", date(2026, 12, 1), date(2027, 1, 31), "fr")
    possible = possible_days(first, TWO_HOURS, "FREQ=WEEKLY;COUNT=4", BRUSSELS, named)
    assert [(str(day.on), day.holiday) for day in possible] == [
        ("2026-12-16", None),
        ("2026-12-23", "Vacances d'hiver"),
        ("2026-12-30", "Vacances d'hiver"),
        ("2027-01-06", None),
    ]


@pytest.mark.parametrize(("language", "name"), [("nl", "Kerstvakantie"), ("de", "Weihnachtsferien")])
def test_holidays_are_named_in_the_language_of_the_reader(language: str, name: str) -> None:
    named = name_holidays("BE-VG", date(2026, 12, 28), date(2026, 12, 28), language)
    assert named == {date(2026, 12, 28): name}

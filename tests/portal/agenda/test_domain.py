"""Weeks, and what fits what somebody looks for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from portal.agenda.domain import Day, Month, Week, Wishes, days_of, first_days, is_wished, wishes_of
from portal.sessions.domain import session_of
from tests.portal import answers

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("text", [None, "", "tomorrow", "2031-01-01", "0001-01-01"])
def test_what_is_no_day_near_today_is_no_week(text: str | None) -> None:
    assert Week.parse(text, TODAY) is None


def test_a_week_has_neighbours() -> None:
    week = Week.parse("2026-12-28", TODAY)
    assert week is not None
    assert (week.name, week.last, week.next.name, week.previous.name) == (
        "2026-12-28", date(2027, 1, 3), "2027-01-04", "2026-12-21"
    )  # fmt: skip


@pytest.mark.parametrize("text", [None, "", "2026", "2026-13", "2031-01"])
def test_what_is_no_month_near_today_is_no_month(text: str | None) -> None:
    assert Month.parse(text, TODAY) is None


def test_a_month_is_shown_in_weeks_from_monday() -> None:
    month = Month.parse("2027-02", TODAY)
    assert month is not None
    assert [len(week) for week in month.weeks] == [7, 7, 7, 7]
    assert (month.weeks[0][0], month.last) == (date(2027, 2, 1), date(2027, 2, 28))
    assert (month.previous.name, month.next.name) == ("2027-01", "2027-03")
    november = Month.of(TODAY)
    assert november.weeks[0] == [None] * 6 + [date(2026, 11, 1)]
    assert november.weeks[-1] == [date(2026, 11, 30)] + [None] * 6


@pytest.mark.parametrize(
    ("wishes", "session", "fits"),
    [
        (Wishes(), {}, True),
        (Wishes(age=5), {}, False),
        (Wishes(age=6), {}, True),
        (Wishes(age=13), {"age_to": 12}, False),
        (Wishes(days=frozenset({"we"})), {}, True),
        (Wishes(days=frozenset({"th", "fr"})), {}, False),
        (Wishes(with_places=True), {"places_free": 0}, False),
        (Wishes(price_minor_max=0), {}, False),
        (Wishes(price_minor_max=0), {"prices": {"standard": 0}}, True),
        (Wishes(price_minor_max=1000), {}, True),
        (Wishes(place=answers.HALL), {}, True),
        (Wishes(place=answers.HOUSE), {}, False),
        (Wishes(accessible=True), {}, False),
        (Wishes(accessible=True), {"accessibility": ["lift"]}, True),
        (Wishes(text="CIRQUE"), {}, True),
        (Wishes(text="radio"), {}, False),
    ],
)
def test_wishes_restrict(wishes: Wishes, session: dict[str, Any], fits: bool) -> None:
    assert is_wished(session_of(answers.session(**session)), wishes) is fits


def test_wishes_that_make_no_sense_are_left_out() -> None:
    fields = [("age", "-3"), ("day", "xx"), ("day", "we"), ("q", "  "), ("week", "x"), ("price", "7")]
    assert wishes_of(fields) == Wishes(days=frozenset({"we"}))


def test_sessions_are_sorted_by_the_day_of_their_site() -> None:
    late = answers.session(id="late", starts_at="2090-11-22T23:30:00Z", ends_at="2090-11-23T00:30:00Z")
    days = days_of([session_of(late), session_of(answers.session())])
    assert [day.on for day in days] == [date(2090, 11, 22), date(2090, 11, 23)]


def test_a_page_shows_whole_days_until_it_is_long_and_always_the_first() -> None:
    def day(number: int, count: int) -> Day:
        return Day(TODAY + timedelta(days=number), [session_of(answers.session())] * count)

    assert first_days([]) == []
    assert first_days([day(0, 300), day(1, 1)]) == [day(0, 300)]
    assert first_days([day(0, 50), day(1, 30), day(2, 1)]) == [day(0, 50), day(1, 30)]

"""Sessions as blocks of a week."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from portal.planning.domain import calendar_of, monday_of, moved_to, places_of
from portal.sessions.domain import Session, session_of
from tests.portal import answers

MONDAY = date(2090, 11, 20)


def a_session(starts: str, ends: str, **changes: Any) -> Session:
    """On the Wednesday of the week, on the clock of Brussels in winter."""
    day = "2090-11-22"
    return session_of(answers.session(starts_at=f"{day}T{starts}+01:00", ends_at=f"{day}T{ends}+01:00", **changes))


def blocks(*sessions: Session) -> list[tuple[int, int, int]]:
    wednesday = calendar_of(MONDAY, sessions).columns[2]
    return [(block.row, block.rows, block.lane) for block in wednesday.blocks]


def test_a_week_begins_on_monday() -> None:
    assert {monday_of(date(2090, 11, day)) for day in range(20, 27)} == {MONDAY}


def test_rows_are_quarters_from_the_first_hour_on() -> None:
    assert blocks(a_session("08:00", "09:00"), a_session("14:30", "16:45")) == [(1, 4, 1), (27, 9, 1)]


def test_the_day_grows_with_what_takes_place() -> None:
    calendar = calendar_of(MONDAY, [a_session("06:30", "07:30"), a_session("21:00", "22:30")])
    assert (calendar.first_hour, calendar.last_hour) == (6, 23)
    assert len(calendar_of(MONDAY, []).hours) == 12


def test_sessions_at_the_same_time_stand_beside_each_other() -> None:
    found = blocks(a_session("10:00", "12:00"), a_session("11:00", "13:00"), a_session("12:00", "14:00"))
    assert [lane for _, _, lane in found] == [1, 2, 1]


def test_what_lasts_over_midnight_ends_with_its_day() -> None:
    late = session_of(answers.session(starts_at="2090-11-22T22:00:00+01:00", ends_at="2090-11-23T02:00:00+01:00"))
    calendar = calendar_of(MONDAY, [late])
    assert calendar.last_hour == 24
    assert [len(column.blocks) for column in calendar.columns] == [0, 0, 1, 0, 0, 0, 0]
    (block,) = calendar.columns[2].blocks
    assert (block.row, block.rows) == (57, 8)


def test_own_places_are_shown_without_sessions_too() -> None:
    elsewhere = a_session("10:00", "12:00", site_id=answers.HOME)
    rows = places_of(MONDAY, [elsewhere], [answers.HALL])
    assert [(row.site_id, sum(map(len, row.days))) for row in rows] == [(answers.HALL, 0), (answers.HOME, 1)]


def test_a_session_with_rooms_stands_in_the_row_of_each() -> None:
    in_rooms = a_session("10:00", "12:00", site_id=answers.HALL, rooms=["Studio", "Atelier"])
    anywhere = a_session("14:00", "16:00", site_id=answers.HALL)
    assert [row.room for row in places_of(MONDAY, [in_rooms], [answers.HALL])] == ["Atelier", "Studio"]
    rows = places_of(MONDAY, [in_rooms, anywhere], [answers.HALL])
    assert [(row.room, [one.starts_at.hour for one in row.days[2]]) for row in rows] == [
        ("", [14]), ("Atelier", [10]), ("Studio", [10]),
    ]  # fmt: skip


def test_an_end_before_the_start_is_on_the_next_day() -> None:
    session = a_session("14:00", "16:00")
    starts_at, ends_at = moved_to(session, date(2090, 11, 24), time(20), time(1))
    assert (ends_at - starts_at).total_seconds() == 5 * 3600
    assert starts_at == datetime.fromisoformat("2090-11-24T20:00:00+01:00")

"""Meetings by time, tasks by urgency, decisions by line."""

from __future__ import annotations

from datetime import UTC, date, datetime

from portal.meetings.domain import by_time, fields_of, lines_of, meeting_of, ordered, places_for_people, task_of
from tests.portal import answers


def test_the_next_comes_first_and_the_last_that_was() -> None:
    days = ["2090-11-20", "2090-11-22", "2090-11-24", "2090-11-26"]
    meetings = [
        meeting_of(answers.meeting(title=day, starts_at=f"{day}T09:00:00Z", ends_at=f"{day}T11:00:00Z")) for day in days
    ]
    coming, past = by_time(meetings, datetime(2090, 11, 23, tzinfo=UTC))
    assert [one.title for one in coming] == ["2090-11-24", "2090-11-26"]
    assert [one.title for one in past] == ["2090-11-22", "2090-11-20"]


def test_a_task_is_late_from_the_day_after_and_never_once_it_is_done() -> None:
    owners = {answers.YANIS: "Noah"}
    task = task_of(answers.task(), owners, date(2090, 12, 1))
    assert (task.is_late, task.owner) == (False, "Noah")
    assert task_of(answers.task(), {}, date(2090, 12, 2)).is_late
    done = answers.task(done_at="2090-12-05T10:00:00Z")
    assert not task_of(done, owners, date(2090, 12, 8)).is_late
    assert [one.is_done for one in ordered([task_of(done, owners, date(2090, 12, 2)), task])] == [False, True]


def test_what_was_written_fills_the_form_on_our_clock() -> None:
    values = fields_of(answers.meeting())
    assert (values["on"], values["starts"], values["ends"]) == ("2090-11-22", "10:00", "12:00")
    assert (values["name-0"], values["for-0"], values["decisions"]) == ("Amélie Renard", answers.HOUSE, "Ouvrir le 27")
    assert list(places_for_people(values)) == list(range(5))
    assert lines_of("a\n\n  b ") == ["a", "b"]

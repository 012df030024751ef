"""Incidents as their readers see them."""

from __future__ import annotations

from datetime import UTC, date

from portal.incidents.domain import by_due_day, follow_up_of, incident_of
from tests.portal import answers

TODAY = date(2090, 11, 25)


def test_who_is_not_on_the_list_any_more_is_counted_and_not_named() -> None:
    found = incident_of(answers.incident(), {answers.YANIS: "Yanis Haddad"}, UTC, TODAY)
    assert (found.people, found.others_count) == (["Yanis Haddad"], 1)


def test_a_follow_up_is_late_from_the_day_after_and_never_once_done() -> None:
    late = follow_up_of(answers.follow_up(due_on="2090-11-24"), answers.SESSION, TODAY)
    today = follow_up_of(answers.follow_up(), answers.SESSION, TODAY)
    done = answers.follow_up(due_on="2090-11-24", done_at="2090-11-25T10:00:00Z")
    assert (late.is_late, today.is_late) == (True, False)
    assert not follow_up_of(done, answers.SESSION, TODAY).is_late
    assert by_due_day([today, late]) == [late, today]

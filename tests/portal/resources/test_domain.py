"""Who has what on which day."""

from __future__ import annotations

from datetime import date

from portal.resources.domain import requests_of, reservation_of, resources_of
from tests.portal import answers

MONDAY = date(2090, 11, 20)


def test_own_resources_come_first_with_what_keeps_others_away() -> None:
    lent = answers.resource(id=answers.LINA, organisation_id=answers.HOME, name="Autobus")
    gone = answers.resource(id=answers.BUDGET, ended_at="2090-01-01T00:00:00Z")
    taken = [reservation_of(answers.reservation(state=state)) for state in ("confirmed", "asked", "released")]
    own, foreign = resources_of([lent, gone, answers.resource()], taken, MONDAY, answers.HOUSE)
    assert (own.name, foreign.name) == ("Grande salle", "Autobus")
    assert [len(day) for day in own.days] == [0, 0, 2, 0, 0, 0, 0]


def test_what_lasts_several_days_stands_on_each() -> None:
    long = reservation_of(answers.reservation(ends_at="2090-11-24T10:00:00Z"))
    (hall,) = resources_of([answers.resource()], [long], MONDAY, answers.HOUSE)
    assert [len(day) for day in hall.days] == [0, 0, 1, 1, 1, 0, 0]


def test_only_what_others_ask_of_us_waits_for_our_answer() -> None:
    ours = answers.reservation(state="asked", organisation_id=answers.HOME)
    found = [reservation_of(one) for one in (answers.reservation(state="asked"), ours, answers.reservation())]
    assert [one.owner_id for one in requests_of(found, answers.HOUSE)] == [answers.HOUSE]

"""Who can be chosen, and what it comes to."""

from __future__ import annotations

from typing import Any

import pytest

from portal.booking.domain import Obstacle, Party, candidate_of, quote_of, will_wait
from portal.sessions.domain import session_of
from tests.portal import answers

SESSION = session_of(answers.session())


@pytest.mark.parametrize(
    ("born_on", "limits", "obstacle"),
    [
        ("2084-11-22", {}, None),
        ("2084-11-23", {}, Obstacle.too_young),
        ("2000-01-01", {}, None),
        ("2000-01-01", {"age_to": 12}, Obstacle.too_old),
        (None, {"age_to": 12}, None),
    ],
)
def test_the_age_on_the_day_decides(born_on: str, limits: dict[str, Any], obstacle: Obstacle | None) -> None:
    session = session_of(answers.session(**limits))
    assert candidate_of(answers.participant(born_on=born_on), session, frozenset()).obstacle is obstacle


def test_who_is_on_the_list_is_not_booked_again() -> None:
    candidate = candidate_of(answers.participant(), SESSION, frozenset({answers.YANIS}))
    assert candidate.obstacle is Obstacle.booked_already


def party() -> Party:
    people = [answers.participant(), answers.participant(answers.LINA, "Lina", "2088-01-01")]
    return Party("h", "household", "Haddad", [candidate_of(person, SESSION, frozenset()) for person in people])


def test_a_quote_has_the_chosen_who_can_be() -> None:
    quote = quote_of(party(), [answers.YANIS, answers.LINA, "stranger"], {answers.YANIS: "senior"}, SESSION)
    assert [(line.candidate.id, line.price_minor) for line in quote.lines] == [(answers.YANIS, 800)]
    assert quote.total_minor == 800


def test_an_unknown_category_counts_as_the_standard_one() -> None:
    quote = quote_of(party(), [answers.YANIS], {answers.YANIS: "gratis"}, SESSION)
    assert quote.total_minor == 1200


def test_too_few_places_mean_waiting() -> None:
    quote = quote_of(party(), [answers.YANIS], {}, SESSION)
    assert not will_wait(quote, SESSION)
    assert will_wait(quote, session_of(answers.session(places_free=0)))

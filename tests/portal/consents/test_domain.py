"""What is asked of whom, what a form changes, and what a team must know."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.consents.domain import flags_of, is_minor, key_of, new_answers, sheets_of
from tests.portal import answers

HOUSEHOLD = {"id": answers.HOUSEHOLD, "name": "Haddad"}
TODAY = date(2090, 11, 1)


def test_a_household_is_asked_about_each_member_and_itself() -> None:
    members = [answers.participant(), answers.participant(answers.LINA, "Lina", "2050-01-01")]
    sheets = sheets_of(HOUSEHOLD, members, answers.wordings(), [answers.consent()], "nl", TODAY)
    assert [(sheet.name, [question.purpose for question in sheet.questions]) for sheet in sheets] == [
        ("Yanis Haddad", ["photo", "leaving_alone"]),
        ("Lina Haddad", ["photo"]),
        ("Haddad", ["newsletter"]),
    ]
    refused, unasked = sheets[0].questions[0], sheets[1].questions[0]
    assert (refused.text, refused.answer, refused.is_by_staff) == ("photo (nl)?", "no", True)
    assert (unasked.answer, unasked.answered_at) == ("", None)


@pytest.mark.parametrize(
    ("born_on", "expected"), [("2072-11-02", True), ("2072-11-01", False), ("2060-01-01", False), (None, True)]
)
def test_who_is_not_known_to_be_of_age_is_asked_about_leaving_alone(born_on: str | None, expected: bool) -> None:
    assert is_minor(born_on, TODAY) is expected


def test_only_what_is_answered_differently_is_new() -> None:
    sheets = sheets_of(HOUSEHOLD, [answers.participant()], answers.wordings(), [answers.consent()], "fr", TODAY)
    same, other = f"photo.2.{answers.YANIS}", f"newsletter.2.{answers.HOUSEHOLD}"
    fields = [(same, "no"), (other, "yes"), (f"leaving_alone.2.{answers.YANIS}", "perhaps"), ("photo.2.x", "yes")]
    assert new_answers(sheets, fields) == [
        {"household_id": answers.HOUSEHOLD, "purpose": "newsletter", "wording_version": 2, "is_given": True}
    ]
    assert new_answers(sheets, [(same, "yes")]) == [
        {"participant_id": answers.YANIS, "purpose": "photo", "wording_version": 2, "is_given": True}
    ]


def test_a_form_that_is_sent_twice_has_the_same_keys() -> None:
    answer = {"participant_id": answers.YANIS, "purpose": "photo"}
    other = {"participant_id": answers.YANIS, "purpose": "leaving_alone"}
    keys = {key_of(answers.SESSION, one) for one in (answer, answer, other)}
    assert len(keys) == 2
    assert key_of(answers.BOOKING, answer) not in keys


@pytest.mark.parametrize(
    ("given", "refused", "age", "names"),
    [
        ([], [], 10, ["photo-not-asked"]),
        (["photo"], [], 10, []),
        ([], ["photo"], 10, ["no-photo"]),
        (["leaving_alone", "photo"], ["health_notes"], 10, ["leaves-alone", "health-not-shared"]),
        (["leaving_alone", "photo"], [], None, ["leaves-alone"]),
        (["leaving_alone", "photo"], [], 18, []),
    ],
)
def test_a_team_sees_what_is_not_allowed(given: list[str], refused: list[str], age: Any, names: list[str]) -> None:
    entry = answers.entry(consents_given=given, consents_refused=refused, age=age)
    assert [flag.name for flag in flags_of(entry)] == names

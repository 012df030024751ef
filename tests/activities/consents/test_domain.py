"""What is asked of whom, and which wording may be answered."""

from __future__ import annotations

import pytest

from activities.consents.domain import Purpose, WordingChanged, WrongSubject, check_subject, check_wording


@pytest.mark.parametrize(
    ("purpose", "is_household"),
    [(purpose, purpose is not Purpose.newsletter) for purpose in Purpose],
)
def test_a_purpose_is_asked_about_one_kind_of_subject(purpose: Purpose, is_household: bool) -> None:
    check_subject(purpose, is_household=not is_household)
    with pytest.raises(WrongSubject):
        check_subject(purpose, is_household=is_household)


@pytest.mark.parametrize(("read", "in_force", "is_given"), [(2, 2, True), (2, 2, False), (1, 2, False)])
def test_who_gives_has_read_what_holds_and_who_withdraws_may_have_read_less(
    read: int, in_force: int, is_given: bool
) -> None:
    check_wording(read, in_force, is_given=is_given)


@pytest.mark.parametrize(
    ("read", "in_force", "is_given"), [(1, 2, True), (3, 2, True), (3, 2, False), (1, None, True), (1, None, False)]
)
def test_nobody_answers_a_wording_that_does_not_hold(read: int, in_force: int | None, is_given: bool) -> None:
    with pytest.raises(WordingChanged):
        check_wording(read, in_force, is_given=is_given)

"""Share rules have a time."""

from __future__ import annotations

from datetime import date

import pytest

from portal.share_rules.domain import newest_first, share_rule_of
from tests.portal import answers


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 8, 31), "ahead"),
        (date(2026, 9, 1), "in_force"),
        (date(2027, 6, 30), "in_force"),
        (date(2027, 7, 1), "over"),
    ],
)
def test_its_first_and_last_day_belong_to_a_rule(day: date, state: str) -> None:
    rule = share_rule_of(answers.share_rule(valid_from="2026-09-01", valid_to="2027-06-30"))
    assert rule.state_on(day) == state


def test_a_rule_without_a_last_day_stays_in_force() -> None:
    rule = share_rule_of(answers.share_rule())
    assert (rule.state_on(date(2999, 1, 1)), rule.fields["valid_to"]) == ("in_force", "")


def test_what_begins_last_comes_first() -> None:
    rules = [share_rule_of(answers.share_rule(valid_from=day)) for day in ("2020-01-01", "2026-01-01")]
    assert [rule.valid_from.year for rule in newest_first(rules)] == [2026, 2020]

"""Supervision rules, case by case as their sources say them, and what holds for all of them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from staffing.coverage.domain import (
    Announcement,
    Assessment,
    RuleStatus,
    Scale,
    Strategy,
    SupervisionRule,
    Team,
    announcement,
    assess,
    count_children,
    need_by_rule,
    need_without_rule,
    read_rule,
)

FIVE_HOURS = 300


def rule(
    strategy: Strategy, *scales: Scale, qualified: str = "0", unqualified_max: str | None = None
) -> SupervisionRule:
    return SupervisionRule(
        jurisdiction="XX",
        name="a_rule",
        strategy=strategy,
        younger_below_age=6,
        adult_from_age=18,
        scales=scales,
        qualified_share=Fraction(qualified),
        unqualified_share_max=None if unqualified_max is None else Fraction(unqualified_max),
        valid_from=date(2018, 9, 1),
        source="https://example.org/law",
        status=RuleStatus.verified,
    )


def french(*scales: Scale) -> SupervisionRule:
    return rule(Strategy.sum_by_age_band, *scales, qualified="1/2", unqualified_max="1/5")


HOLIDAY_CENTRE = rule(Strategy.group_with_youngest_threshold, Scale(None, 8, 12), qualified="1/3")
EXTRACURRICULAR = french(Scale(None, 8, 12))
PERISCOLAIRE = french(Scale(FIVE_HOURS, 10, 14), Scale(None, 8, 12))
PERISCOLAIRE_PEDT = french(Scale(FIVE_HOURS, 14, 18), Scale(None, 10, 14))
NOTHING = rule(Strategy.none)

# The parliamentary question of 15 February 2006 on BE-FWB holiday centres: 1 animator per group of 8 as soon as one
# child is under 6, else per group of 12; a third of them hold the BACV.
BELGIAN_CASES = [
    ({}, 0, 0),
    ({5: 1}, 1, 1),
    ({5: 8}, 1, 1),
    ({5: 9}, 2, 1),
    ({6: 12}, 1, 1),
    ({6: 13}, 2, 1),
    ({5: 1, 9: 7}, 1, 1),
    ({5: 1, 9: 8}, 2, 1),
    ({6: 8, 9: 4}, 1, 1),
    ({17: 12}, 1, 1),
    ({17: 13}, 2, 1),
    ({18: 40, 81: 6}, 0, 0),
    ({17: 12, 18: 40}, 1, 1),
    ({9: 36}, 3, 1),
    ({9: 37}, 4, 2),
    ({9: 73}, 7, 3),
    ({None: 8}, 1, 1),
    ({None: 1, 9: 8}, 2, 1),
]
# FR out of school, read at jesuisanimateur.fr and associatheque.fr in November 2026: 1/8 under 6, 1/12 from 6.
EXTRACURRICULAR_CASES = [
    ({5: 8, 6: 12}, 2, 1),
    ({5: 9, 6: 12}, 3, 2),
    ({5: 8, 6: 13}, 3, 2),
    ({5: 1, 6: 1}, 2, 1),
    ({None: 8, 17: 12, 18: 5}, 2, 1),
    ({None: 9}, 2, 1),
]
# FR around school, decree 2018-647: without PEDT 1/10 and 1/14 up to five hours, 1/8 and 1/12 beyond; with PEDT
# (acm-cvl.fr, R227-16 II) 1/14 and 1/18 up to five hours, 1/10 and 1/14 beyond.
PERISCOLAIRE_CASES = [
    (PERISCOLAIRE, {5: 10, 6: 14}, 300, 2),
    (PERISCOLAIRE, {5: 11, 6: 14}, 300, 3),
    (PERISCOLAIRE, {5: 10, 6: 15}, 300, 3),
    (PERISCOLAIRE, {5: 10, 6: 14}, 301, 4),
    (PERISCOLAIRE, {5: 8, 6: 12}, 301, 2),
    (PERISCOLAIRE_PEDT, {5: 14, 6: 18}, 300, 2),
    (PERISCOLAIRE_PEDT, {5: 15, 6: 19}, 300, 4),
    (PERISCOLAIRE_PEDT, {5: 10, 6: 14}, 301, 2),
    (PERISCOLAIRE_PEDT, {5: 11, 6: 15}, 301, 4),
]


@pytest.mark.parametrize(("ages", "supervisors", "qualified"), BELGIAN_CASES)
def test_belgian_holiday_centre(ages: dict[int | None, int], supervisors: int, qualified: int) -> None:
    need = need_by_rule(HOLIDAY_CENTRE, ages, 120)
    assert (need.supervisors, need.qualified, need.unqualified_max) == (supervisors, qualified, None)


@pytest.mark.parametrize(("ages", "supervisors", "qualified"), EXTRACURRICULAR_CASES)
def test_french_out_of_school(ages: dict[int | None, int], supervisors: int, qualified: int) -> None:
    need = need_by_rule(EXTRACURRICULAR, ages, 480)
    assert (need.supervisors, need.qualified) == (supervisors, qualified)


@pytest.mark.parametrize(("a_rule", "ages", "minutes", "supervisors"), PERISCOLAIRE_CASES)
def test_french_around_school(
    a_rule: SupervisionRule, ages: dict[int | None, int], minutes: int, supervisors: int
) -> None:
    assert need_by_rule(a_rule, ages, minutes).supervisors == supervisors


def test_no_strategy_demands_nobody() -> None:
    assert need_by_rule(NOTHING, {3: 100}, 60).supervisors == 0


@pytest.mark.parametrize(("name", "told"), [("none", "without a supervision rule"), ("be_atl", "check by hand")])
def test_without_a_rule_nothing_is_demanded_and_the_reason_is_told(name: str, told: str) -> None:
    need = need_without_rule("BE-FWB", name)
    assert (need.supervisors, need.qualified) == (0, 0)
    assert told in need.reason


@pytest.mark.parametrize(
    ("team", "present", "qualified", "short"),
    [
        (Team(qualified=5), 5, 5, False),
        (Team(qualified=3, in_training=2), 5, 3, False),
        (Team(qualified=2, in_training=3), 5, 2, True),
        (Team(qualified=3, in_training=1, unqualified=1), 5, 3, False),
        (Team(qualified=3, unqualified=2), 4, 3, True),
        (Team(qualified=4, unqualified=9), 5, 4, False),
    ],
)
def test_french_team_of_five_is_half_qualified_and_a_fifth_at_most_without(
    team: Team, present: int, qualified: int, short: bool
) -> None:
    assessment = assess(need_by_rule(EXTRACURRICULAR, {9: 60}, 480), team)
    assert (assessment.supervisors_needed, assessment.qualified_needed) == (5, 3)
    assert (assessment.supervisors_present, assessment.qualified_present) == (present, qualified)
    assert assessment.is_short is short
    assert ("not counted" in assessment.explanation) is (team.unqualified > 1)


def test_belgian_team_counts_everybody_present() -> None:
    assessment = assess(need_by_rule(HOLIDAY_CENTRE, {9: 36}, 120), Team(qualified=1, unqualified=2))
    assert (assessment.supervisors_present, assessment.is_short) == (3, False)


def test_the_explanation_says_what_counted_by_which_rule_from_where() -> None:
    reason = need_by_rule(PERISCOLAIRE, {5: 2, None: 1, 9: 3, 40: 2}, 300).reason
    assert reason == (
        "6 children: 3 under 6, 1 of them of unknown age, 3 from 6 on, 2 adults not counted;"
        " one per 10 and one per 14 in a session of 5 h 00, 1/2 of them qualified, at most 1/5 without qualification."
        " Rule a_rule of XX since 2018-09-01 (verified): https://example.org/law"
    )


def test_the_grounds_say_in_figures_what_the_explanation_says() -> None:
    need = need_by_rule(PERISCOLAIRE, {5: 2, None: 1, 9: 3, 40: 2}, 300)
    grounds = assess(need, Team(qualified=1, unqualified=2)).grounds
    assert grounds is not None
    assert (grounds.younger, grounds.unknown, grounds.older, grounds.adults) == (3, 1, 3, 2)
    assert (grounds.group_size, grounds.younger_per_supervisor, grounds.older_per_supervisor) == (None, 10, 14)
    assert (grounds.qualified_share, grounds.unqualified_share_max, grounds.unqualified_not_counted) == (
        "1/2",
        "1/5",
        2,
    )


ENOUGH = Assessment(1, 1, 1, 1)
NOBODY = Assessment(1, 1, 0, 0)
MORE_NEEDED = Assessment(2, 1, 0, 0)
LESS_PRESENT = Assessment(2, 1, 1, 1)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Assessment(), ENOUGH, None),
        (Assessment(), NOBODY, Announcement.short),
        (ENOUGH, NOBODY, Announcement.short),
        (NOBODY, NOBODY, None),
        (NOBODY, MORE_NEEDED, Announcement.short),
        (LESS_PRESENT, MORE_NEEDED, Announcement.short),
        (MORE_NEEDED, LESS_PRESENT, None),
        (MORE_NEEDED, NOBODY, None),
        (NOBODY, ENOUGH, Announcement.restored),
        (NOBODY, Assessment(), Announcement.restored),
        (Assessment(2, 1, 2, 1), Assessment(2, 1, 2, 0), Announcement.short),
    ],
)
def test_what_is_told(before: Assessment, after: Assessment, told: Announcement | None) -> None:
    assert announcement(before, after) is told


def test_a_rule_is_read_from_data() -> None:
    value = {
        "strategy": "sum_by_age_band",
        "younger_below_age": 6,
        "adult_from_age": 18,
        "scales": [
            {"minutes_max": 300, "younger_per_supervisor": 10, "older_per_supervisor": 14},
            {"minutes_max": None, "younger_per_supervisor": 8, "older_per_supervisor": 12},
        ],
        "qualified_share": "1/2",
        "unqualified_share_max": "1/5",
    }
    read = read_rule(
        jurisdiction="XX",
        name="a_rule",
        value=value,
        valid_from=date(2018, 9, 1),
        source="https://example.org/law",
        status="verified",
    )
    assert read == PERISCOLAIRE


RULES = some.sampled_from([HOLIDAY_CENTRE, EXTRACURRICULAR, PERISCOLAIRE, PERISCOLAIRE_PEDT, NOTHING])
AGES = some.dictionaries(some.one_of(some.none(), some.integers(0, 100)), some.integers(1, 60), max_size=12)
MINUTES = some.integers(1, 24 * 60)


@given(RULES, AGES, MINUTES, some.one_of(some.none(), some.integers(0, 17)))
def test_one_more_child_never_lowers_the_need(
    a_rule: SupervisionRule, ages: dict[int | None, int], minutes: int, age: int | None
) -> None:
    before = need_by_rule(a_rule, ages, minutes)
    after = need_by_rule(a_rule, {**ages, age: ages.get(age, 0) + 1}, minutes)
    assert before.supervisors <= after.supervisors <= before.supervisors + max(1, before.supervisors)
    assert before.qualified <= after.qualified


@given(AGES, some.integers(0, 17))
def test_a_group_needs_as_many_when_an_age_is_forgotten(ages: dict[int | None, int], age: int) -> None:
    known = need_by_rule(HOLIDAY_CENTRE, {**ages, age: ages.get(age, 0) + 1}, 120)
    forgotten = need_by_rule(HOLIDAY_CENTRE, {**ages, None: ages.get(None, 0) + 1}, 120)
    assert forgotten.supervisors >= known.supervisors


@given(RULES, AGES, MINUTES, some.integers(18, 110))
def test_an_adult_changes_no_number(
    a_rule: SupervisionRule, ages: dict[int | None, int], minutes: int, age: int
) -> None:
    before = need_by_rule(a_rule, ages, minutes)
    after = need_by_rule(a_rule, {**ages, age: ages.get(age, 0) + 1}, minutes)
    assert (after.supervisors, after.qualified) == (before.supervisors, before.qualified)


@given(RULES, AGES, MINUTES)
def test_every_child_is_in_a_group_that_is_small_enough(
    a_rule: SupervisionRule, ages: dict[int | None, int], minutes: int
) -> None:
    children, supervisors = count_children(a_rule, ages), need_by_rule(a_rule, ages, minutes).supervisors
    if a_rule.strategy is Strategy.none:
        assert supervisors == 0
        return
    scale = a_rule.scale_for(minutes)
    loosest = max(scale.younger_per_supervisor, scale.older_per_supervisor)
    assert supervisors * loosest >= children.total
    assert (supervisors == 0) == (children.total == 0)


@given(RULES, AGES, MINUTES, some.builds(Team, *[some.integers(0, 9)] * 3))
def test_short_means_somebody_is_missing(
    a_rule: SupervisionRule, ages: dict[int | None, int], minutes: int, team: Team
) -> None:
    assessment = assess(need_by_rule(a_rule, ages, minutes), team)
    assert assessment.qualified_present <= assessment.supervisors_present
    assert assessment.supervisors_present <= team.qualified + team.in_training + team.unqualified
    missing = assessment.supervisors_missing + assessment.qualified_missing
    assert assessment.is_short == (missing > 0)

"""The rota as a problem: what is forbidden together, and that whatever is left obeys the rules one by one."""

from __future__ import annotations

import random

import pytest

from benchmarks.rota import RULES, Somebody, as_facts, faults, generate
from staffing.people.domain import PersonKind
from staffing.proposals.domain import broken_groups, exclusive_slots, pose, reason_not_proposed

QUARTER = 4


def test_slots_that_overlap_or_leave_no_rest_exclude_each_other() -> None:
    week, _ = generate(40, 1, random.Random(5))
    slots = as_facts(week, []).slots
    somebody = Somebody(True, frozenset({"certificate", "first aid"}), frozenset(), {}, ())
    for kind, is_employee in ((PersonKind.employee, True), (PersonKind.volunteer, False)):
        team = [Somebody(is_employee, somebody.papers, frozenset(), {}, ())]
        pairs = {tuple(sorted(group)) for group in exclusive_slots(slots, RULES, kind) if len(group) == 2}
        for one in range(len(week)):
            for other in range(one + 1, len(week)):
                wrong = faults(week, team, [(one, 0), (other, 0)])
                assert bool(wrong) == ((one, other) in pairs), (one, other, wrong)


def test_the_rules_that_judge_one_assignment_find_what_the_checker_finds() -> None:
    """Random rotas: whenever the counting checker finds a fault of a person, so do the rules."""
    for seed in range(6):
        chance = random.Random(seed)
        week, team = generate(24, 6, chance)
        facts = as_facts(week, team)
        rota = pose(facts.slots, facts.candidates, facts.rules)
        pairs = sorted({(chance.randrange(24), chance.randrange(6)) for _ in range(20)})
        broken = {worker for worker, _ in broken_groups(rota, facts.candidates, facts.rules, pairs)}
        wrong = {int(fault.split()[1].strip(":")) for fault in faults(week, team, pairs) if fault.startswith("person")}
        windows = {number for number in wrong - broken if team[number].windows}
        assert wrong - windows == broken - windows


@pytest.mark.parametrize(("pairs", "reason"), [([], "others_fit_better"), ([(1, 0)], "proposed_elsewhere")])
def test_why_somebody_who_could_was_not_proposed(pairs: list[tuple[int, int]], reason: str) -> None:
    week, team = generate(2, 1, random.Random(1))
    overlapping = [week[0], week[0]]
    anybody = [Somebody(False, frozenset({"certificate", "first aid"}), frozenset(), {}, ())]
    facts = as_facts(overlapping, anybody)
    rota = pose(facts.slots, facts.candidates, facts.rules)
    assert reason_not_proposed(rota, pairs, 0, 0) == reason
    assert team

"""The solver's answers in the eyes of the checker that counts quarters of an hour; and that the checker can fail."""

from __future__ import annotations

import asyncio
import pickle
import random
import sys
from asyncio.subprocess import PIPE
from collections import Counter

import pytest

from benchmarks.rota import Shift, Somebody, as_facts, faults, generate
from staffing.proposals.jobs import make_rota

EMPLOYEE = Somebody(True, frozenset(), frozenset(), {}, ())
ANYBODY = Somebody(False, frozenset({"certificate", "first aid"}), frozenset(), {}, ())


def evening(day: int) -> Shift:
    return Shift(day * 96 + 72, day * 96 + 80, 1, frozenset())


@pytest.mark.parametrize("seed", range(4))
def test_no_rule_is_broken(seed: int) -> None:
    week, team = generate(30, 12, random.Random(seed))
    _, solution = make_rota(as_facts(week, team))
    assert solution.status in ("optimal", "feasible")
    assert faults(week, team, list(solution.pairs)) == []


def test_the_same_week_gets_the_same_rota() -> None:
    week, team = generate(20, 8, random.Random(9))
    first, second = (make_rota(as_facts(week, team))[1] for _ in range(2))
    assert first.pairs == second.pairs


def test_evenings_are_shared_fairly() -> None:
    week = [evening(day) for day in range(6)]
    _, solution = make_rota(as_facts(week, [ANYBODY] * 3))
    assert sorted(Counter(person for _, person in solution.pairs).values()) == [2, 2, 2]


def test_a_place_that_nobody_may_take_stays_free() -> None:
    needs = Shift(40, 48, 2, frozenset({"certificate"}))
    rota, solution = make_rota(as_facts([needs], [ANYBODY, Somebody(False, frozenset(), frozenset(), {}, ())]))
    assert solution.pairs == ((0, 0),)
    assert [finding.rule for finding in rota.refusals[0, 1]] == ["papers"]


@pytest.mark.parametrize(
    ("team", "week", "fault"),
    [
        ([ANYBODY], [evening(0), evening(0)], "two places"),
        (
            [EMPLOYEE],
            [evening(0), Shift(96 + 24, 96 + 32, 1, frozenset())],
            "11 h of rest",
        ),
        ([EMPLOYEE], [evening(day) for day in range(7)], "35 h"),
        (
            [EMPLOYEE],
            [Shift(d * 96 + 32, d * 96 + 74, 1, frozenset()) for d in range(5)],
            "50 h",
        ),
        ([Somebody(False, frozenset(), frozenset({0}), {}, ())], [evening(0)], "leave"),
        ([Somebody(False, frozenset(), frozenset(), {0: (0, 40)}, ())], [evening(0)], "not available"),
        ([Somebody(False, frozenset(), frozenset(), {}, ((70, 76),))], [evening(0)], "two places"),
        ([Somebody(False, frozenset(), frozenset(), {}, ())], [Shift(40, 48, 1, frozenset({"certificate"}))], "paper"),
    ],
)
def test_the_checker_sees_planted_faults(team: list[Somebody], week: list[Shift], fault: str) -> None:
    found = faults(week, team, [(number, 0) for number in range(len(week))])
    assert any(fault in one for one in found), found


async def test_a_rota_made_apart_is_the_same_and_leaves_no_solver_behind() -> None:
    week, team = generate(10, 8, random.Random(9))
    facts = as_facts(week, team)
    script = (
        "import asyncio, pickle, sys\n"
        "from staffing.proposals.jobs import make_rota_apart\n"
        "if __name__ == '__main__':\n"
        "    _, solution = asyncio.run(make_rota_apart(pickle.load(sys.stdin.buffer)))\n"
        "    print(sorted(solution.pairs), 'ortools' in sys.modules)\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdin=PIPE, stdout=PIPE)
    told, _ = await process.communicate(pickle.dumps(facts))
    assert told.decode().strip() == f"{sorted(make_rota(facts)[1].pairs)} False"

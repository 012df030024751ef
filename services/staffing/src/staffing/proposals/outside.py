"""The constraint solver, which takes seconds of CPU and 100 MB: imported where it is used, in a process of its own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from staffing.proposals.domain import EVENING_COST, LOAD_COST, UNFILLED_COST, Rota, Solution, Worker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STEPS_MAX = 8
SEED = 2026


def solve(rota: Rota, forbidden: Sequence[tuple[int, frozenset[int]]], seconds_max: float) -> Solution:
    """The best rota found in the time: coverage first, then preferences and fairness. The same problem, the same rota.

    `forbidden` are slots that a worker must not all take, beside those that the problem says.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415  100 MB that only a process that makes a rota needs

    started_at = time.monotonic()
    model = cp_model.CpModel()
    takes = {
        (slot, number): model.new_bool_var(f"{slot}/{number}")
        for number, worker in enumerate(rota.workers)
        for slot in sorted(worker.costs)
    }
    costs = [*_coverage(model, rota, takes)]
    for number, worker in enumerate(rota.workers):
        own = {slot: takes[slot, number] for slot in sorted(worker.costs)}
        _keep_rules(model, worker, own, [group for whom, group in forbidden if whom == number])
        costs += [worker.costs[slot] * variable for slot, variable in own.items() if worker.costs[slot]]
        costs += _shared_fairly(model, list(own.values()), LOAD_COST)
        costs += _shared_fairly(model, [own[slot] for slot in sorted(worker.evenings)], EVENING_COST)
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    solver.parameters.max_time_in_seconds = seconds_max
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    pairs = tuple(pair for pair, variable in takes.items() if found and solver.boolean_value(variable))
    return Solution(
        pairs=tuple(sorted(pairs)),
        status=solver.status_name(status).lower(),
        objective=solver.objective_value if found else float("inf"),
        bound=solver.best_objective_bound,
        seconds=round(time.monotonic() - started_at, 3),
    )


def _coverage(model: Any, rota: Rota, takes: Mapping[tuple[int, int], Any]) -> Iterable[Any]:
    """Every free place is taken or counted as missing."""
    for index, slot in enumerate(rota.slots):
        unfilled = model.new_int_var(0, slot.missing, f"unfilled {index}")
        taking = [takes[index, number] for number in range(len(rota.workers)) if (index, number) in takes]
        model.add(sum(taking) + unfilled == slot.missing)
        yield UNFILLED_COST * unfilled


def _keep_rules(model: Any, worker: Worker, own: Mapping[int, Any], forbidden: Iterable[frozenset[int]]) -> None:
    """The hard rules of one worker."""
    for group in (*worker.exclusive, *forbidden):
        model.add_bool_or([own[slot].negated() for slot in sorted(group)])
    for limit in worker.limits:
        model.add(sum(minutes * own[slot] for slot, minutes in limit.slots.items()) <= limit.minutes_max - limit.fixed)
    for number, week in enumerate(worker.rest_weeks):
        free = [model.new_bool_var(f"free {number}/{choice}") for choice in range(len(week.choices))]
        model.add_bool_or(free)
        for variable, broken_by in zip(free, week.choices, strict=True):
            for slot in sorted(broken_by):
                model.add_implication(variable, own[slot].negated())


def _shared_fairly(model: Any, variables: Sequence[Any], cost: int) -> Iterable[Any]:
    """Each further one of them costs more than the one before, so that nobody gets many while others get few."""
    if len(variables) < 2:
        return
    steps = [model.new_bool_var("") for _ in range(min(STEPS_MAX, len(variables)))]
    beyond = model.new_int_var(0, max(0, len(variables) - len(steps)), "")
    model.add(sum(variables) == sum(steps) + beyond)
    for number, step in enumerate(steps):
        if number:
            yield cost * number * step
    yield cost * len(steps) * beyond

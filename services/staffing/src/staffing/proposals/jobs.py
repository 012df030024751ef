"""The rota is solved outside any transaction: facts are read in one, the result is kept in another."""

from __future__ import annotations

import asyncio
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

from common.database import Database
from common.due_rows import DueRow, complete
from staffing.proposals import use_cases
from staffing.proposals.domain import NothingToPropose, Rota, Solution, broken_groups, pose
from staffing.proposals.outside import solve
from staffing.proposals.queries import Facts

ROUNDS_MAX = 4
SECONDS_PER_SLOT, SECONDS_MIN, SECONDS_MAX = 0.12, 3.0, 24.0
"""Sixty shifts get seven seconds, two hundred get twenty-four; the lease of a job lasts 54."""


async def solve_proposal(database: Database, due: DueRow) -> None:
    """Make one rota."""
    try:
        async with database.transaction(due.context) as session:
            facts = await use_cases.load_facts(session, due.subject_id)
    except NothingToPropose as error:
        async with database.transaction(due.context) as session:
            await use_cases.fail(session, due.subject_id, str(error))
            await complete(session, due.kind, due.subject_id)
        return
    rota, solution = await make_rota_apart(facts)
    async with database.transaction(due.context) as session:
        await use_cases.keep_solution(session, due.subject_id, facts, rota, solution)
        await complete(session, due.kind, due.subject_id)


async def make_rota_apart(facts: Facts) -> tuple[Rota, Solution]:
    """The same as `make_rota` in a process of its own, which takes its 100 MB with it when it ends."""
    apart = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    try:
        return await asyncio.get_running_loop().run_in_executor(apart, make_rota, facts)
    finally:
        apart.shutdown(wait=False, cancel_futures=True)


def make_rota(facts: Facts) -> tuple[Rota, Solution]:
    """Solve, let the rules judge every person's rota, forbid what they refuse, and solve again."""
    rota = pose(facts.slots, facts.candidates, facts.rules)
    seconds_left = min(SECONDS_MAX, max(SECONDS_MIN, SECONDS_PER_SLOT * len(rota.slots)))
    forbidden: list[tuple[int, frozenset[int]]] = []
    for _ in range(ROUNDS_MAX):
        solution = solve(rota, forbidden, seconds_left)
        broken = broken_groups(rota, facts.candidates, facts.rules, solution.pairs)
        seconds_left = max(SECONDS_MIN, seconds_left - solution.seconds)
        if not broken:
            return rota, solution
        forbidden += broken
    refused = {worker for worker, _ in broken}
    return rota, replace(solution, pairs=tuple(pair for pair in solution.pairs if pair[1] not in refused))

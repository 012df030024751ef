"""A rota is asked for, made by the worker, and accepted; each assignment is judged once more when it is made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from common.due_rows import schedule
from staffing.hours.domain import Finding
from staffing.proposals import queries
from staffing.proposals.domain import (
    NothingToPropose,
    ProposalIsNotReady,
    ProposalState,
    Rota,
    Solution,
    reason_not_proposed,
)
from staffing.proposals.queries import Facts
from staffing.proposals.tables import Proposal
from staffing.shifts.domain import MayNotBeAssigned, ShiftIsCancelled, ShiftIsFull, TimesAreReversed
from staffing.shifts.use_cases import Wish, assign

SOLVE = "solve_proposal"
ACCEPTED_BECAUSE = "proposed rota"
GONE = {ShiftIsFull: "shift_is_full", ShiftIsCancelled: "shift_is_cancelled"}


async def request_proposal(
    session: AsyncSession, organisation_id: UUID, times: tuple[datetime, datetime], session_id: UUID | None
) -> Proposal:
    """Ask for a rota of a time, or of one session; the worker makes it. Raises TimesAreReversed."""
    from_at, until_at = times
    if until_at <= from_at:
        raise TimesAreReversed("The time must end after it begins.")
    proposal = Proposal(
        organisation_id=organisation_id,
        session_id=session_id,
        from_at=from_at,
        until_at=until_at,
        requested_at=now(),
        result=None,
    )
    session.add(proposal)
    await session.flush()
    await schedule(session, SOLVE, proposal.id, organisation_id, now())
    return proposal


async def load_facts(session: AsyncSession, proposal_id: UUID) -> Facts:
    """What the rota is made from. Raises ProposalNotFound, NothingToPropose."""
    facts = await queries.load_facts(session, await queries.get_proposal(session, proposal_id))
    if not facts.slots:
        raise NothingToPropose("No shift of this time has a free place.")
    if not facts.candidates:
        raise NothingToPropose("Nobody who works here is recorded.")
    return facts


async def keep_solution(session: AsyncSession, proposal_id: UUID, facts: Facts, rota: Rota, solution: Solution) -> None:
    """Fill the proposal in: who takes what, what stays free, and why others were not proposed."""
    proposal = await queries.lock_proposal(session, proposal_id)
    if proposal.state == ProposalState.accepted:
        return
    proposal.state = ProposalState.ready if solution.status in ("optimal", "feasible") else ProposalState.failed
    proposal.explanation = f"{solution.status} in {solution.seconds} s"
    proposal.version += 1
    proposal.result = _result(facts, rota, solution)
    await session.flush()


async def fail(session: AsyncSession, proposal_id: UUID, explanation: str) -> None:
    """Say that there is no proposal, and why."""
    proposal = await queries.lock_proposal(session, proposal_id)
    proposal.state, proposal.explanation = ProposalState.failed, explanation
    proposal.version += 1
    await session.flush()


def _result(facts: Facts, rota: Rota, solution: Solution) -> dict[str, Any]:
    taken: dict[int, set[int]] = {}
    for slot, worker in solution.pairs:
        taken.setdefault(slot, set()).add(worker)
    return {
        "figures": {**asdict(solution), "pairs": len(solution.pairs), "gap": solution.gap},
        "shifts": [
            {
                "shift_id": str(slot.duty.shift_id),
                "proposed": [str(facts.candidates[number].person_id) for number in sorted(taken.get(index, ()))],
                "missing": slot.missing - len(taken.get(index, ())),
                "not_proposed": [
                    {"person_id": str(candidate.person_id), **_reason(rota, solution, index, number)}
                    for number, candidate in enumerate(facts.candidates)
                    if number not in taken.get(index, ())
                ],
            }
            for index, slot in enumerate(facts.slots)
        ],
    }


def _reason(rota: Rota, solution: Solution, slot: int, worker: int) -> dict[str, Any]:
    against = rota.refusals.get((slot, worker))
    if against:
        return _told(against[0])
    return {"reason": reason_not_proposed(rota, solution.pairs, slot, worker), "explanation": ""}


def _told(finding: Finding) -> dict[str, Any]:
    return {"reason": finding.rule, "explanation": finding.explanation, "facts": finding.facts}


async def accept_proposal(
    session: AsyncSession, proposal_id: UUID, without: Collection[UUID]
) -> tuple[Proposal, list[dict[str, Any]]]:
    """Assign what was proposed but on the shifts left out; gives what could not be assigned any more, with why.

    Raises ProposalNotFound, ProposalIsNotReady.
    """
    proposal = await queries.lock_proposal(session, proposal_id)
    if proposal.state != ProposalState.ready or proposal.result is None:
        raise ProposalIsNotReady(f"This proposal is {proposal.state}.")
    refused: list[dict[str, Any]] = []
    for shift in sorted(proposal.result["shifts"], key=lambda item: item["shift_id"]):
        for person_id in () if UUID(shift["shift_id"]) in without else shift["proposed"]:
            try:
                async with session.begin_nested():
                    await assign(session, UUID(shift["shift_id"]), UUID(person_id), Wish(because=ACCEPTED_BECAUSE))
            except MayNotBeAssigned as error:
                refused.append({"shift_id": shift["shift_id"], "person_id": person_id, **_told(error.findings[0])})
            except (ShiftIsFull, ShiftIsCancelled) as error:
                why = {"reason": GONE[type(error)], "explanation": str(error)}
                refused.append({"shift_id": shift["shift_id"], "person_id": person_id, **why})
    proposal.state = ProposalState.accepted
    proposal.version += 1
    await session.flush()
    return proposal, refused

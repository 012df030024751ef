"""What is asked about proposed rotas, and the facts that they are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.hours.domain import WorkRule
from staffing.hours.queries import get_place, list_rules_of
from staffing.proposals.domain import ProposalNotFound, Slot
from staffing.proposals.tables import Proposal
from staffing.shifts.domain import Candidate
from staffing.shifts.queries import count_taken, duty_of, list_candidates, list_shifts


@dataclass(frozen=True)
class Facts:
    """Everything that a rota is made from."""

    slots: Sequence[Slot]
    candidates: Sequence[Candidate]
    rules: Sequence[WorkRule]


async def get_proposal(session: AsyncSession, proposal_id: UUID) -> Proposal:
    """One proposal. Raises ProposalNotFound."""
    found = await session.get(Proposal, proposal_id)
    if found is None:
        raise ProposalNotFound
    return found


async def lock_proposal(session: AsyncSession, proposal_id: UUID) -> Proposal:
    """One proposal, locked. Raises ProposalNotFound."""
    statement = select(Proposal).where(Proposal.id == proposal_id).with_for_update()
    found = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise ProposalNotFound
    return found


async def list_proposals(
    session: AsyncSession, organisation_id: UUID | None, after: UUID | None, limit: int
) -> Sequence[Proposal]:
    """One row more than the limit, in the order of ids."""
    statement = select(Proposal).order_by(Proposal.id).limit(limit + 1)
    if organisation_id is not None:
        statement = statement.where(Proposal.organisation_id == organisation_id)
    if after is not None:
        statement = statement.where(Proposal.id > after)
    return (await session.scalars(statement)).all()


async def load_facts(session: AsyncSession, proposal: Proposal) -> Facts:
    """The shifts with a free place, the people of the association, and the rules of its place."""
    shifts = await list_shifts(
        session,
        organisation_id=proposal.organisation_id,
        session_id=proposal.session_id,
        from_at=proposal.from_at,
        until_at=proposal.until_at,
    )
    taken = await count_taken(session, [shift.id for shift in shifts])
    slots = [Slot(duty_of(shift), shift.places - taken[shift.id]) for shift in shifts if shift.places > taken[shift.id]]
    duties = [slot.duty for slot in slots]
    candidates = await list_candidates(session, proposal.organisation_id, duties) if duties else []
    place = await get_place(session, proposal.organisation_id)
    return Facts(slots, candidates, await list_rules_of(session, place.jurisdiction))

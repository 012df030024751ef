"""Attestations are asked for by a family, made by the worker, and kept as they were made."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from access.row_policies import act_for
from activities.attestations import queries
from activities.attestations.domain import Facts, check_attended
from activities.attestations.tables import Attestation
from activities.participants.queries import get_participant
from common.clock import now
from common.due_rows import schedule
from common.ids import new_id

RENDER = "render_attestation"
BY_THE_HOUSEHOLD = "a household asks for an attestation"


async def ask_for_attestation(
    session: AsyncSession, participant_id: UUID, organiser_id: UUID, year: int, language: str
) -> Attestation:
    """Freeze what an organiser attests of somebody of the caller's household; the worker makes the file.

    The transaction sees own persons only. Raises UnknownParticipant, NothingToAttest.
    """
    participant = await get_participant(session, participant_id)
    attended = await queries.list_attended(session, participant_id, organiser_id, year)
    check_attended(attended)
    attestation_id = new_id()
    facts = Facts(
        association=await queries.get_name(session, organiser_id),
        name=f"{participant.given_name} {participant.family_name}",
        born_on=participant.born_on,
        year=year,
        attended=attended,
        made_on=now().date(),
        reference=str(attestation_id),
    )
    async with act_for(session, participant.organisation_id, because=BY_THE_HOUSEHOLD):
        attestation = Attestation(
            id=attestation_id,
            organisation_id=participant.organisation_id,
            participant_id=participant_id,
            organiser_id=organiser_id,
            year=year,
            language=language,
            facts=facts.frozen(),
            asked_at=now(),
        )
        session.add(attestation)
        await session.flush()
        await schedule(session, RENDER, attestation_id, participant.organisation_id, now())
    return attestation


async def keep_pdf(session: AsyncSession, attestation_id: UUID, pdf: bytes) -> None:
    """Keep the file; the first one stays."""
    attestation = await queries.get_attestation(session, attestation_id)
    if attestation.made_at is None:
        attestation.pdf, attestation.made_at = pdf, now()
        await session.flush()


async def erase_attestations(session: AsyncSession, participant_ids: Collection[UUID]) -> int:
    """Delete the attestations of these people; returns how many there were."""
    statement = delete(Attestation).where(Attestation.participant_id.in_(participant_ids)).returning(Attestation.id)
    return len((await session.execute(statement)).all())

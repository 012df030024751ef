"""Questions about what can be attested, and what was."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import known_organisations
from activities.attestations.domain import Attended, Attestable, AttestationNotMade, UnknownAttestation
from activities.attestations.tables import Attestation

# A day is that of the site's clock. Who was there is what the sheet says; a place given up since does not count.
TIMES = """from attendance_marks mark
         join sessions held on held.id = mark.session_id
         join booked_places place on place.booking_id = mark.booking_id
              and place.participant_id = mark.participant_id and place.cancelled_at is null
        where mark.state = 'present'"""
ON_DAY = "cast(held.starts_at at time zone held.time_zone as date)"
ATTESTABLE = text(
    f"""select mark.participant_id, held.organisation_id as organiser_id,
               cast(extract(year from {ON_DAY}) as int) as year, count(distinct {ON_DAY}) as days
          {TIMES} and mark.participant_id = any(:participant_ids)
         group by 1, 2, 3 order by 3 desc, 1, 2"""
)
ATTENDED = text(
    f"""select held.title, {ON_DAY} as on_day, place.price_minor, held.currency
          {TIMES} and mark.participant_id = :participant_id and held.organisation_id = :organiser_id
           and extract(year from {ON_DAY}) = :year
         order by held.starts_at"""
)


async def list_attestable(session: AsyncSession, participant_ids: Sequence[UUID]) -> list[Attestable]:
    """In which years these people were at whose sessions, as far as the caller sees it, the newest first."""
    rows = await session.execute(ATTESTABLE, {"participant_ids": list(participant_ids)})
    return [Attestable(row.participant_id, row.organiser_id, row.year, row.days) for row in rows]


async def list_attended(session: AsyncSession, participant_id: UUID, organiser_id: UUID, year: int) -> list[Attended]:
    """When a participant was at an organiser's sessions in a year, with the price frozen on each place."""
    values = {"participant_id": participant_id, "organiser_id": organiser_id, "year": year}
    rows = await session.execute(ATTENDED, values)
    return [Attended(row.title, row.on_day, row.price_minor, row.currency) for row in rows]


async def get_name(session: AsyncSession, organisation_id: UUID) -> str:
    """The name of an association that is known here."""
    statement = select(known_organisations.c.name).where(known_organisations.c.organisation_id == organisation_id)
    return str((await session.execute(statement)).scalar_one())


async def list_attestations(
    session: AsyncSession, after: UUID | None, limit: int, participant_ids: Sequence[UUID]
) -> Sequence[Attestation]:
    """Up to `limit + 1` attestations of these people."""
    statement = select(Attestation).where(Attestation.participant_id.in_(participant_ids))
    if after is not None:
        statement = statement.where(Attestation.id > after)
    return (await session.scalars(statement.order_by(Attestation.id).limit(limit + 1))).all()


async def get_attestation(session: AsyncSession, attestation_id: UUID) -> Attestation:
    """The attestation. Raises UnknownAttestation."""
    found = await session.get(Attestation, attestation_id)
    if found is None:
        raise UnknownAttestation("There is no such attestation.")
    return found


async def get_pdf(session: AsyncSession, attestation_id: UUID) -> bytes:
    """The file. Raises UnknownAttestation, AttestationNotMade."""
    await get_attestation(session, attestation_id)
    pdf = await session.scalar(select(Attestation.pdf).where(Attestation.id == attestation_id))
    if pdf is None:
        raise AttestationNotMade("The attestation is being made: try again in a moment.")
    return pdf

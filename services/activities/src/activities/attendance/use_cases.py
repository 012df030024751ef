"""Recording who came, and closing a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.attendance import queries
from activities.attendance.domain import (
    AgeBand,
    Mark,
    check_bands,
    check_begun,
    check_booked,
    excused_back,
)
from activities.attendance.tables import AnonymousCount, AttendanceMark, AttendanceSheet
from activities.bookings.queries import map_confirmed_places
from activities.bookings.tables import Place
from activities.programmes.queries import get_activity, terms_of
from activities.sessions.queries import get_session
from activities.sessions.tables import PlannedSession
from activities.sessions.use_cases import complete_session, cost_shares_of
from common.clock import now
from common.http import check_version
from common.outbox import publish
from contracts.activities import AgeBandCount, AttendanceRecorded, AttendanceState, AttendedPlace


async def record_attendance(
    session: AsyncSession,
    session_id: UUID,
    marks: Sequence[Mark],
    bands: Sequence[AgeBand],
    expected_version: int,
) -> AttendanceSheet:
    """Write marks on the list of a session; marks of others stay, the anonymous counts are replaced.

    `expected_version` is the list's, 0 while there is none. Raises NotBegun, NotBooked, NotOpenDoor, AgeBandsOverlap.
    """
    planned = await get_session(session, session_id, lock=True)
    sheet = await queries.find_sheet(session, session_id)
    check_version(expected_version, 0 if sheet is None else sheet.version)
    check_begun(planned.starts_at, now())
    check_bands(bands, planned.open_door)
    confirmed = await map_confirmed_places(session, session_id)
    check_booked(marks, confirmed)
    if sheet is None:
        sheet = AttendanceSheet(session_id=session_id, organisation_id=planned.organisation_id, version=0)
        session.add(sheet)
    sheet.version += 1
    sheet.recorded_at = now()
    await session.flush()
    await _write_marks(session, planned, marks, confirmed)
    await _write_counts(session, planned, bands)
    await _announce(session, planned, sheet, confirmed)
    return sheet


async def _write_marks(
    session: AsyncSession, planned: PlannedSession, marks: Sequence[Mark], confirmed: Mapping[UUID, Place]
) -> None:
    if not marks:
        return
    rows = [
        {
            "session_id": planned.id,
            "participant_id": mark.participant_id,
            "organisation_id": planned.organisation_id,
            "home_organisation_id": confirmed[mark.participant_id].home_organisation_id,
            "booking_id": confirmed[mark.participant_id].booking_id,
            "state": mark.state,
        }
        for mark in marks
    ]
    statement = insert(AttendanceMark).values(rows)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["session_id", "participant_id"], set_={"state": statement.excluded.state}
        )
    )


async def _write_counts(session: AsyncSession, planned: PlannedSession, bands: Sequence[AgeBand]) -> None:
    await session.execute(delete(AnonymousCount).where(AnonymousCount.session_id == planned.id))
    session.add_all(
        AnonymousCount(
            session_id=planned.id,
            organisation_id=planned.organisation_id,
            from_age=band.from_age,
            to_age=band.to_age,
            count=band.count,
        )
        for band in bands
    )
    await session.flush()


async def _announce(
    session: AsyncSession, planned: PlannedSession, sheet: AttendanceSheet, confirmed: Mapping[UUID, Place]
) -> None:
    """Publish the whole list as it stands; places that were cancelled since are no longer on it."""
    terms = terms_of(await get_activity(session, planned.activity_id))
    marks = await queries.list_marks(session, planned.id)
    places = tuple(
        AttendedPlace(
            booking_id=mark.booking_id,
            participant_id=mark.participant_id,
            home_organisation_id=mark.home_organisation_id,
            state=AttendanceState(mark.state),
            price_minor=confirmed[mark.participant_id].price_minor,
            given_back_minor=excused_back(
                confirmed[mark.participant_id].price_minor, AttendanceState(mark.state), terms.excused_percent
            ),
        )
        for mark in marks
        if mark.participant_id in confirmed
    )
    counts = await queries.list_counts(session, planned.id)
    await publish(
        session,
        AttendanceRecorded(
            organisation_id=planned.organisation_id,
            session_id=planned.id,
            version=sheet.version,
            activity_id=planned.activity_id,
            title=planned.title,
            starts_at=planned.starts_at,
            currency=planned.currency,
            places=places,
            anonymous_counts=tuple(
                AgeBandCount(from_age=band.from_age, to_age=band.to_age, count=band.count) for band in counts
            ),
            cost_shares=cost_shares_of(planned),
        ),
    )


async def close_session(session: AsyncSession, session_id: UUID) -> PlannedSession:
    """Complete a session with the numbers of its list; who was not marked counts as not seen."""
    present = await queries.count_present(session, session_id)
    walk_ins = sum(band.count for band in await queries.list_counts(session, session_id))
    return await complete_session(session, session_id, present, walk_ins)

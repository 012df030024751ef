"""Recording who came, and closing a session."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import DIGEST, ERASED_ACTOR
from activities.attendance import queries
from activities.attendance.domain import (
    AgeBand,
    AttendanceState,
    Mark,
    RecordedMark,
    check_bands,
    check_base,
    check_begun,
    check_marks,
    excused_back,
    one_more,
)
from activities.attendance.tables import AnonymousCount, AttendanceMark, AttendanceSheet
from activities.bookings.queries import ConfirmedPlace, map_confirmed_places
from activities.programmes.queries import get_activity, terms_of
from activities.sessions.domain import SessionFacts, SessionNotOpen, SessionState
from activities.sessions.queries import get_facts, lock_session
from activities.sessions.use_cases import complete_session, cost_shares_of
from common.clock import now
from common.http import check_version
from common.outbox import publish
from contracts.activities import AgeBandCount, AttendanceRecorded, AttendedPlace

FORGET_MARKERS = text(
    f"""update attendance_marks set marked_by = '{ERASED_ACTOR}'
         where organisation_id = :organisation_id and {DIGEST.format("marked_by")} = any(:account_digests)
           and not exists (select from known_memberships office
                            where office.organisation_id = :organisation_id and office.state = 'active'
                              and office.account_issuer || '|' || office.account_subject = marked_by)
        returning 1"""
)


@dataclass(frozen=True)
class AttendanceList:
    """A list as the caller may see it; version 0 and no time as long as nobody has written on it."""

    session_id: UUID
    version: int
    recorded_at: datetime | None
    marks: Sequence[RecordedMark]
    anonymous_counts: Sequence[AgeBand]


@dataclass(frozen=True)
class Closed:
    """A session that took place, and how many came to it."""

    session_id: UUID
    version: int
    participants_present: int
    walk_ins: int


async def read_attendance(session: AsyncSession, session_id: UUID) -> AttendanceList:
    """The list of a session with the marks that the caller may see, without places that were given up since."""
    sheet = await queries.find_sheet(session, session_id)
    confirmed = await map_confirmed_places(session, session_id)
    counts = await queries.list_counts(session, session_id)
    return AttendanceList(
        session_id=session_id,
        version=0 if sheet is None else sheet.version,
        recorded_at=None if sheet is None else sheet.recorded_at,
        marks=await _list_valid_marks(session, session_id, confirmed),
        anonymous_counts=[AgeBand(count.from_age, count.to_age, count.count) for count in counts],
    )


async def _list_valid_marks(
    session: AsyncSession, session_id: UUID, confirmed: Mapping[UUID, ConfirmedPlace]
) -> list[RecordedMark]:
    marks = await queries.list_marks(session, session_id)
    return [_recorded(mark) for mark in marks if mark.participant_id in confirmed]


def _recorded(mark: AttendanceMark) -> RecordedMark:
    state = AttendanceState(mark.state)
    return RecordedMark(mark.participant_id, state, mark.version, mark.marked_at, mark.marked_by)


async def record_attendance(
    session: AsyncSession,
    session_id: UUID,
    marks: Sequence[Mark],
    bands: Sequence[AgeBand] | None,
    expected_version: int,
    marked_by: str | None = None,
) -> AttendanceList:
    """Write marks on the list of a session; marks of others stay, and so do the anonymous counts without new ones.

    `expected_version` is the list's, 0 while there is none.
    Raises SessionNotOpen, NotBegun, MarkedTwice, NotBooked, NotOpenDoor or AgeBandsOverlap.
    """
    planned, sheet = await _lock_list(session, session_id)
    check_version(expected_version, 0 if sheet is None else sheet.version)
    confirmed = await map_confirmed_places(session, session_id)
    check_marks(marks, confirmed.keys())
    check_bands(bands or (), planned.open_door)
    await _begin_version(session, planned, sheet)
    await _write_marks(session, planned, [(mark, confirmed[mark.participant_id]) for mark in marks], marked_by)
    if bands is not None:
        await _write_counts(session, planned, bands)
    recorded = await read_attendance(session, session_id)
    await _announce(session, planned, recorded, confirmed)
    return recorded


async def mark_participant(
    session: AsyncSession, session_id: UUID, mark: Mark, base_version: int, marked_by: str | None
) -> RecordedMark:
    """Write one mark, whatever happened to the others meanwhile; nothing is written that stands there already.

    `base_version` is the version of this mark that was read, 0 for none.
    Raises SessionNotOpen, NotBegun, NotBooked or MarkedMeanwhile.
    """
    planned, sheet = await _lock_list(session, session_id)
    confirmed = await map_confirmed_places(session, session_id)
    check_marks([mark], confirmed.keys())
    found = await queries.find_mark(session, session_id, mark.participant_id)
    recorded = None if found is None else _recorded(found)
    check_base(mark, recorded, base_version)
    if recorded is not None and recorded.state is mark.state:
        return recorded
    await _begin_version(session, planned, sheet)
    await _write_marks(session, planned, [(mark, confirmed[mark.participant_id])], marked_by)
    attendance = await read_attendance(session, session_id)
    await _announce(session, planned, attendance, confirmed)
    return next(one for one in attendance.marks if one.participant_id == mark.participant_id)


async def count_visitor(session: AsyncSession, session_id: UUID, from_age: int, to_age: int) -> AttendanceList:
    """One more came without a name, whoever else counts meanwhile.

    Raises SessionNotOpen, NotBegun, NotOpenDoor or AgeBandsOverlap.
    """
    planned, sheet = await _lock_list(session, session_id)
    counted = (await read_attendance(session, session_id)).anonymous_counts
    bands = one_more([band for band in counted if band.count], from_age, to_age)
    check_bands(bands, planned.open_door)
    await _begin_version(session, planned, sheet)
    await _write_counts(session, planned, bands)
    recorded = await read_attendance(session, session_id)
    await _announce(session, planned, recorded, await map_confirmed_places(session, session_id))
    return recorded


async def _lock_list(session: AsyncSession, session_id: UUID) -> tuple[SessionFacts, AttendanceSheet | None]:
    """The session and its list, which nobody else writes meanwhile. Raises SessionNotOpen or NotBegun."""
    await lock_session(session, session_id)
    planned = await get_facts(session, session_id)
    if planned.state is SessionState.cancelled:
        raise SessionNotOpen("This session was called off.")
    check_begun(planned.starts_at, now())
    return planned, await queries.find_sheet(session, session_id)


async def _begin_version(session: AsyncSession, planned: SessionFacts, sheet: AttendanceSheet | None) -> None:
    if sheet is None:
        sheet = AttendanceSheet(session_id=planned.id, organisation_id=planned.organisation_id, version=0)
        session.add(sheet)
    sheet.version += 1
    sheet.recorded_at = now()
    await session.flush()


async def _write_marks(
    session: AsyncSession,
    planned: SessionFacts,
    marks: Sequence[tuple[Mark, ConfirmedPlace]],
    marked_by: str | None,
) -> None:
    """A mark that stands there already keeps its version, its moment and its author."""
    if not marks:
        return
    rows = [
        {
            "session_id": planned.id,
            "participant_id": mark.participant_id,
            "organisation_id": planned.organisation_id,
            "home_organisation_id": place.home_organisation_id,
            "booking_id": place.booking_id,
            "state": mark.state,
            "marked_at": now(),
            "marked_by": marked_by,
        }
        for mark, place in marks
    ]
    statement = insert(AttendanceMark).values(rows)
    written = ("state", "booking_id", "marked_at", "marked_by")
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["session_id", "participant_id"],
            set_={**{name: statement.excluded[name] for name in written}, "version": AttendanceMark.version + 1},
            where=or_(
                AttendanceMark.state != statement.excluded.state,
                AttendanceMark.booking_id != statement.excluded.booking_id,
            ),
        )
    )


async def _write_counts(session: AsyncSession, planned: SessionFacts, bands: Sequence[AgeBand]) -> None:
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
    session: AsyncSession, planned: SessionFacts, recorded: AttendanceList, confirmed: Mapping[UUID, ConfirmedPlace]
) -> None:
    """Publish the whole list as it stands."""
    terms = terms_of(await get_activity(session, planned.activity_id))
    await publish(
        session,
        AttendanceRecorded(
            organisation_id=planned.organisation_id,
            session_id=planned.id,
            version=recorded.version,
            activity_id=planned.activity_id,
            title=planned.title,
            starts_at=planned.starts_at,
            currency=planned.currency,
            places=tuple(
                _attended(mark, confirmed[mark.participant_id], terms.excused_percent) for mark in recorded.marks
            ),
            anonymous_counts=tuple(
                AgeBandCount(from_age=band.from_age, to_age=band.to_age, count=band.count)
                for band in recorded.anonymous_counts
            ),
            cost_shares=cost_shares_of(planned.cost_shares),
        ),
    )


def _attended(mark: RecordedMark, place: ConfirmedPlace, excused_percent: int) -> AttendedPlace:
    return AttendedPlace.model_validate(
        {
            "booking_id": place.booking_id,
            "participant_id": mark.participant_id,
            "home_organisation_id": place.home_organisation_id,
            "state": mark.state,
            "price_minor": place.price_minor,
            "given_back_minor": excused_back(place.price_minor, mark.state, excused_percent),
        }
    )


async def close_session(session: AsyncSession, session_id: UUID) -> Closed:
    """Complete a session with the numbers of its list; who was not marked counts as not seen."""
    await lock_session(session, session_id)
    recorded = await read_attendance(session, session_id)
    present = sum(mark.state is AttendanceState.present for mark in recorded.marks)
    walk_ins = sum(band.count for band in recorded.anonymous_counts)
    completed = await complete_session(session, session_id, present, walk_ins)
    return Closed(session_id, completed.planned.version, present, walk_ins)


async def forget_who_marked(session: AsyncSession, organisation_id: UUID, account_digests: Collection[str]) -> int:
    """Keep the marks that these accounts made, and not who made them; returns how many."""
    values = {"organisation_id": organisation_id, "account_digests": list(account_digests)}
    return len((await session.execute(FORGET_MARKERS, values)).all())

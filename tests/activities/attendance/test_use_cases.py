"""Lists recorded, corrected and closed: rows, money and events."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text

from activities.attendance.domain import (
    AgeBand,
    AgeBandsOverlap,
    AttendanceState,
    Mark,
    MarkedMeanwhile,
    MarkedTwice,
    NotBegun,
    NotBooked,
    NotOpenDoor,
)
from activities.attendance.use_cases import (
    close_session,
    count_visitor,
    mark_participant,
    read_attendance,
    record_attendance,
)
from activities.cancellations.use_cases import cancel_booking
from activities.sessions.domain import NotYetOver, SessionNotOpen, UnknownSession
from activities.sessions.use_cases import cancel_session
from common.ids import new_id
from common.problems import ProblemError
from contracts.activities import AttendanceRecorded, SessionCompleted
from tests.activities.conftest import Desk

PRESENT, ABSENT, EXCUSED = AttendanceState


async def attended(desk: Desk, count: int = 3, *, in_hours: float = 0.5, **fields: object) -> tuple[UUID, list[UUID]]:
    """A session that begins in half an hour, and people who are booked on it, each by their own booking."""
    session_id = await desk.planned(in_hours=in_hours, **fields)
    people = [await desk.participant() for _ in range(count)]
    for person in people:
        await desk.book(session_id, person)
    return session_id, people


async def test_a_list_is_written_and_corrected_and_always_announced_whole(desk: Desk) -> None:
    session_id, people = await attended(desk)
    marks = [Mark(people[0], PRESENT), Mark(people[1], ABSENT), Mark(people[2], EXCUSED)]
    recorded = await record_attendance(desk.session, session_id, marks, None, 0)
    written = [Mark(mark.participant_id, mark.state) for mark in recorded.marks]
    assert (recorded.version, written) == (1, sorted(marks, key=lambda mark: mark.participant_id))
    corrected = await record_attendance(desk.session, session_id, [Mark(people[2], PRESENT)], None, 1)
    assert (corrected.version, [mark.state for mark in corrected.marks]) == (2, [PRESENT, ABSENT, PRESENT])
    first, second = await desk.events(AttendanceRecorded)
    assert [place.given_back_minor for place in first.places] == [0, 0, 250]
    assert [(place.participant_id, str(place.state), place.given_back_minor) for place in second.places] == [
        (people[0], "present", 0),
        (people[1], "absent", 0),
        (people[2], "present", 0),
    ]
    assert (first.version, second.version, second.currency) == (1, 2, "EUR")


async def test_a_correction_needs_the_version_that_was_read(desk: Desk) -> None:
    session_id, people = await attended(desk, 1)
    await record_attendance(desk.session, session_id, [Mark(people[0], PRESENT)], None, 0)
    for stale in (0, 2):
        with pytest.raises(ProblemError):
            await record_attendance(desk.session, session_id, [Mark(people[0], ABSENT)], None, stale)


async def test_each_mark_has_its_own_version(desk: Desk) -> None:
    session_id, (first, second) = await attended(desk, 2)
    one = await mark_participant(desk.session, session_id, Mark(first, PRESENT), 0, "noah")
    other = await mark_participant(desk.session, session_id, Mark(second, ABSENT), 0, "lea")
    assert (one.version, other.version) == (1, 1), "different cells never collide"
    corrected = await mark_participant(desk.session, session_id, Mark(first, EXCUSED), 1, "lea")
    assert (corrected.version, corrected.state, corrected.marked_by) == (2, EXCUSED, "lea")
    assert [event.version for event in await desk.events(AttendanceRecorded)] == [1, 2, 3]


async def test_each_visitor_is_announced_beside_marks_and_counts_that_stay(desk: Desk) -> None:
    session_id, (person,) = await attended(desk, 1, open_door=True)
    await record_attendance(desk.session, session_id, [Mark(person, PRESENT)], [AgeBand(0, 5, 2), AgeBand(6, 11, 0)], 0)
    await count_visitor(desk.session, session_id, 0, 5)
    counted = await count_visitor(desk.session, session_id, 12, 17)
    assert (counted.version, counted.anonymous_counts) == (3, [AgeBand(0, 5, 3), AgeBand(12, 17, 1)])
    told = (await desk.events(AttendanceRecorded))[-1]
    assert ([band.count for band in told.anonymous_counts], len(told.places)) == ([3, 1], 1)
    closed, _people = await attended(desk, 0)
    with pytest.raises(NotOpenDoor):
        await count_visitor(desk.session, closed, 0, 5)


async def test_of_two_who_mark_the_same_person_differently_the_second_is_asked(desk: Desk) -> None:
    session_id, (person,) = await attended(desk, 1)
    await mark_participant(desk.session, session_id, Mark(person, PRESENT), 0, "noah")
    for stale in (0, 2):
        with pytest.raises(MarkedMeanwhile):
            await mark_participant(desk.session, session_id, Mark(person, ABSENT), stale, "lea")
    agreed = await mark_participant(desk.session, session_id, Mark(person, PRESENT), 0, "lea")
    assert (agreed.version, agreed.marked_by) == (1, "noah"), "who says the same collides with nobody"
    assert len(await desk.events(AttendanceRecorded)) == 1


async def test_a_whole_sheet_raises_the_versions_of_what_it_changes(desk: Desk) -> None:
    session_id, (first, second) = await attended(desk, 2)
    await record_attendance(desk.session, session_id, [Mark(first, PRESENT), Mark(second, PRESENT)], None, 0, "noah")
    marks = [Mark(first, PRESENT), Mark(second, ABSENT)]
    recorded = await record_attendance(desk.session, session_id, marks, None, 1, "lea")
    versions = {mark.participant_id: (mark.version, mark.marked_by) for mark in recorded.marks}
    assert versions == {first: (1, "noah"), second: (2, "lea")}


async def test_anonymous_visitors_are_counted_by_age_and_stay_when_a_mark_is_corrected(desk: Desk) -> None:
    session_id, people = await attended(desk, 1, open_door=True)
    bands = [AgeBand(0, 5, 2), AgeBand(6, 12, 7)]
    await record_attendance(desk.session, session_id, [], bands, 0)
    corrected = await record_attendance(desk.session, session_id, [Mark(people[0], PRESENT)], None, 1)
    assert corrected.anonymous_counts == bands
    recounted = await record_attendance(desk.session, session_id, [], [AgeBand(0, 12, 8)], 2)
    assert recounted.anonymous_counts == [AgeBand(0, 12, 8)]
    assert (await record_attendance(desk.session, session_id, [], [], 3)).anonymous_counts == []
    counts = [[band.count for band in event.anonymous_counts] for event in await desk.events(AttendanceRecorded)]
    assert counts == [[2, 7], [2, 7], [8], []]


async def test_a_place_given_up_since_is_no_longer_on_the_list(desk: Desk) -> None:
    session_id, people = await attended(desk, 2)
    await record_attendance(desk.session, session_id, [Mark(person, PRESENT) for person in people], None, 0)
    booking_id = await desk.session.scalar(
        text("select booking_id from booked_places where participant_id = :id"), {"id": people[0]}
    )
    assert booking_id is not None
    await cancel_booking(desk.session, booking_id, None)
    assert [mark.participant_id for mark in (await read_attendance(desk.session, session_id)).marks] == [people[1]]
    with pytest.raises(NotBooked):
        await record_attendance(desk.session, session_id, [Mark(people[0], EXCUSED)], None, 1)
    # Booked again, the person stands on the list by the new booking.
    again = await desk.book(session_id, people[0])
    await record_attendance(desk.session, session_id, [Mark(people[0], ABSENT)], None, 1)
    places = {place.participant_id: place for place in (await desk.events(AttendanceRecorded))[-1].places}
    assert (places[people[0]].booking_id, str(places[people[0]].state)) == (again.booking.id, "absent")
    await desk.begin(session_id)
    assert (await close_session(desk.session, session_id)).participants_present == 1


async def test_what_does_not_belong_on_a_list_is_refused(desk: Desk) -> None:
    session_id, people = await attended(desk, 3, capacity=2)
    with pytest.raises(NotBooked):
        await record_attendance(desk.session, session_id, [Mark(people[2], PRESENT)], None, 0)
    with pytest.raises(NotBooked):
        await record_attendance(desk.session, session_id, [Mark(new_id(), PRESENT)], None, 0)
    with pytest.raises(MarkedTwice):
        await record_attendance(desk.session, session_id, [Mark(people[0], PRESENT)] * 2, None, 0)
    with pytest.raises(NotOpenDoor):
        await record_attendance(desk.session, session_id, [], [AgeBand(0, 5, 1)], 0)
    with pytest.raises(UnknownSession):
        await record_attendance(desk.session, new_id(), [], None, 0)
    open_door, _ = await attended(desk, 0, open_door=True)
    with pytest.raises(AgeBandsOverlap):
        await record_attendance(desk.session, open_door, [], [AgeBand(0, 5, 1), AgeBand(5, 9, 1)], 0)
    assert await desk.events(AttendanceRecorded) == []


async def test_a_list_is_written_in_its_time(desk: Desk) -> None:
    early, _ = await attended(desk, 0, in_hours=2)
    with pytest.raises(NotBegun):
        await record_attendance(desk.session, early, [], None, 0)
    called_off, _ = await attended(desk, 0)
    await cancel_session(desk.session, called_off, "Storm.", 1)
    with pytest.raises(SessionNotOpen):
        await record_attendance(desk.session, called_off, [], None, 0)


async def test_a_session_is_closed_with_the_numbers_of_its_list_and_corrected_after(desk: Desk) -> None:
    session_id, people = await attended(desk, 3, open_door=True)
    marks = [Mark(people[0], PRESENT), Mark(people[1], ABSENT)]
    await record_attendance(desk.session, session_id, marks, [AgeBand(0, 99, 4)], 0)
    with pytest.raises(NotYetOver):
        await close_session(desk.session, session_id)
    await desk.begin(session_id)
    closed = await close_session(desk.session, session_id)
    assert (closed.participants_present, closed.walk_ins, closed.version) == (1, 4, 2)
    (event,) = await desk.events(SessionCompleted)
    assert (event.participants_present, event.walk_ins) == (1, 4)
    await record_attendance(desk.session, session_id, [Mark(people[2], PRESENT)], None, 1)
    assert len((await desk.events(AttendanceRecorded))[-1].places) == 3
    with pytest.raises(SessionNotOpen):
        await close_session(desk.session, session_id)


async def test_a_walk_in_is_on_the_list_like_everybody(desk: Desk) -> None:
    session_id, _ = await attended(desk, 0, open_door=True)
    visitor = await desk.participant()
    await desk.book(session_id, visitor, walked_in=True, accepts_waiting=False)
    recorded = await record_attendance(desk.session, session_id, [Mark(visitor, PRESENT)], None, 0)
    assert [mark.participant_id for mark in recorded.marks] == [visitor]

"""The coordinator's side of a hold, from the session that asks to its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from activities.holds.domain import HoldState, PersonWish, ResourceWish, Wishes
from activities.holds.queries import get_hold, rooms_of, states_of
from activities.holds.tables import Hold
from activities.holds.use_cases import GIVE_UP_HOLD, PEOPLE, RESOURCES, Answer, give_up, take_answer
from activities.sessions.domain import Period
from activities.sessions.queries import get_facts, get_session
from activities.sessions.use_cases import SessionChange, cancel_session, change_session
from common.ids import new_id
from contracts.activities import BookingConfirmed, HoldConfirmed, HoldReleased, HoldReleaseReason, HoldRequested
from tests.activities.conftest import Desk

BUS = ResourceWish(new_id(), new_id(), minutes_before=60, minutes_after=30)
BOTH = Wishes([BUS], [PersonWish("animator", 2, "bafa")])


async def asked(desk: Desk, wishes: Wishes = BOTH) -> tuple[UUID, Hold]:
    """A session that has asked for these."""
    session_id = await desk.planned(wishes=wishes)
    return session_id, await get_hold(desk.session, session_id)


async def answer(
    desk: Desk, hold: Hold, about: str, *, held: bool, version: int | None = None, rooms: Sequence[str] = ()
) -> None:
    """An answer about resources or people."""
    things = [{"name": "Minibus", "is_place": False}, *({"name": room, "is_place": True} for room in rooms)]
    facts: Sequence[dict[str, Any]] = things if about == RESOURCES else [{"role": "animator"}]
    names = (hold.id, version or hold.version, hold.session_id, hold.organisation_id)
    await take_answer(desk.session, Answer(*names, about, held, facts))


async def version_of(desk: Desk, session_id: UUID) -> int:
    return (await get_session(desk.session, session_id)).planned.version


async def move(desk: Desk, session_id: UUID, hours: float = 1) -> None:
    """Let a session begin later."""
    planned = (await get_session(desk.session, session_id)).planned
    by = timedelta(hours=hours)
    change = SessionChange(Period(planned.starts_at + by, planned.ends_at + by))
    await change_session(desk.session, session_id, change, planned.version)


async def test_a_session_without_wishes_has_no_hold(desk: Desk) -> None:
    session_id = await desk.planned()
    assert await states_of(desk.session, [session_id]) == {}
    await move(desk, session_id)
    await cancel_session(desk.session, session_id, "Rain", await version_of(desk, session_id))
    assert await desk.events(HoldRequested) == await desk.events(HoldReleased) == []


async def test_everything_is_asked_for_at_once(desk: Desk) -> None:
    session_id, hold = await asked(desk)
    planned = (await get_session(desk.session, session_id)).planned
    (request,) = await desk.events(HoldRequested)
    assert (request.hold_id, request.version, request.session_id) == (hold.id, 1, session_id)
    assert request.resources[0].starts_at == planned.starts_at - timedelta(minutes=60)
    assert request.resources[0].ends_at == planned.ends_at + timedelta(minutes=30)
    assert (request.people[0].role, request.people[0].count) == ("animator", 2)
    assert hold.state == HoldState.asked
    assert await desk.due(GIVE_UP_HOLD) == [hold.id]


async def test_it_is_confirmed_when_all_is_held_and_not_before(desk: Desk) -> None:
    _, hold = await asked(desk)
    await answer(desk, hold, RESOURCES, held=True)
    assert (hold.state, await desk.events(HoldConfirmed)) == (HoldState.asked, [])
    await answer(desk, hold, PEOPLE, held=True)
    assert hold.state == HoldState.confirmed
    assert [event.version for event in await desk.events(HoldConfirmed)] == [1]
    assert await desk.due(GIVE_UP_HOLD) == []
    await answer(desk, hold, PEOPLE, held=True)
    assert len(await desk.events(HoldConfirmed)) == 1


async def test_one_refusal_releases_everything_and_keeps_the_reasons(desk: Desk) -> None:
    _, hold = await asked(desk)
    await answer(desk, hold, RESOURCES, held=True)
    await answer(desk, hold, PEOPLE, held=False)
    (released,) = await desk.events(HoldReleased)
    assert (hold.state, released.reason, released.refused) == (
        HoldState.refused,
        HoldReleaseReason.refused,
        ("animator",),
    )
    assert hold.refusals == [{"about": "people", "role": "animator"}]
    await answer(desk, hold, RESOURCES, held=False)
    assert len(hold.refusals) == 2
    assert len(await desk.events(HoldReleased)) == 1


async def test_a_late_answer_is_answered_by_release(desk: Desk) -> None:
    _, hold = await asked(desk)
    await answer(desk, hold, PEOPLE, held=False)
    await answer(desk, hold, RESOURCES, held=True)
    assert [event.version for event in await desk.events(HoldReleased)] == [1, 1]
    assert hold.state == HoldState.refused


async def test_an_answer_to_a_hold_that_nobody_knows_is_answered_by_release(desk: Desk) -> None:
    hold_id, session_id = new_id(), new_id()
    await take_answer(desk.session, Answer(hold_id, 3, session_id, desk.organisation_id, RESOURCES, True, []))
    (released,) = await desk.events(HoldReleased)
    assert (released.hold_id, released.version, released.title) == (hold_id, 3, None)


async def expire(desk: Desk, hold: Hold) -> None:
    """Let the deadline of a hold have come."""
    past = {"id": hold.id, "at": datetime.now(UTC) - timedelta(seconds=1)}
    await desk.session.execute(text("update holds set answer_by = :at where id = :id"), past)
    await give_up(desk.session, hold.id)
    await desk.session.refresh(hold)


async def test_without_all_answers_the_deadline_releases_everything(desk: Desk) -> None:
    _, hold = await asked(desk)
    await answer(desk, hold, RESOURCES, held=True)
    await expire(desk, hold)
    assert hold.state == HoldState.late
    assert [event.reason for event in await desk.events(HoldReleased)] == [HoldReleaseReason.late]
    assert await desk.due(GIVE_UP_HOLD) == []


async def test_a_deadline_that_was_moved_or_is_over_decides_nothing(desk: Desk) -> None:
    _, hold = await asked(desk)
    await give_up(desk.session, hold.id)
    assert (hold.state, await desk.due(GIVE_UP_HOLD)) == (HoldState.asked, [hold.id])
    await answer(desk, hold, RESOURCES, held=True)
    await answer(desk, hold, PEOPLE, held=True)
    await expire(desk, hold)
    assert hold.state == HoldState.confirmed


async def test_a_session_that_moves_asks_anew_and_gives_the_old_back_first(desk: Desk) -> None:
    session_id, hold = await asked(desk)
    await answer(desk, hold, RESOURCES, held=True)
    await answer(desk, hold, PEOPLE, held=True)
    await move(desk, session_id)
    assert (hold.state, hold.version, hold.held) == (HoldState.asked, 2, {})
    told = [*await desk.events(HoldReleased), *await desk.events(HoldRequested)]
    assert [(type(event).__name__, event.version) for event in told] == [
        ("HoldReleased", 1),
        ("HoldRequested", 1),
        ("HoldRequested", 2),
    ]
    await answer(desk, hold, RESOURCES, held=True, version=1)
    assert (hold.resources_held, [event.version for event in await desk.events(HoldReleased)]) == (None, [1, 1])


async def test_other_wishes_ask_anew_and_none_give_all_back(desk: Desk) -> None:
    session_id, hold = await asked(desk)
    change = SessionChange(wishes=Wishes([BUS]))
    await change_session(desk.session, session_id, change, await version_of(desk, session_id))
    assert (hold.state, hold.version) == (HoldState.asked, 2)
    await answer(desk, hold, RESOURCES, held=True)
    assert hold.state == HoldState.confirmed
    await change_session(desk.session, session_id, SessionChange(wishes=Wishes()), await version_of(desk, session_id))
    assert hold.state == HoldState.released
    await move(desk, session_id)
    assert len(await desk.events(HoldRequested)) == 2


async def test_a_change_that_moves_nothing_asks_nothing(desk: Desk) -> None:
    session_id, _ = await asked(desk)
    await change_session(desk.session, session_id, SessionChange(columns={"title": "Cirque"}), 1)
    assert len(await desk.events(HoldRequested)) == 1


async def test_a_cancelled_session_gives_everything_back(desk: Desk) -> None:
    session_id, hold = await asked(desk)
    await cancel_session(desk.session, session_id, "Rain", await version_of(desk, session_id))
    assert hold.state == HoldState.released
    assert [event.reason for event in await desk.events(HoldReleased)] == [HoldReleaseReason.session_cancelled]
    assert await desk.due(GIVE_UP_HOLD) == []


async def test_an_owner_who_takes_something_back_undoes_a_confirmed_hold(desk: Desk) -> None:
    _, hold = await asked(desk, Wishes([BUS]))
    await answer(desk, hold, RESOURCES, held=True)
    await answer(desk, hold, RESOURCES, held=False)
    assert hold.state == HoldState.refused
    assert [event.reason for event in await desk.events(HoldReleased)] == [HoldReleaseReason.refused]


async def test_the_rooms_are_known_while_everything_is_held_and_bookings_tell_of_them(desk: Desk) -> None:
    session_id, hold = await asked(desk)
    await answer(desk, hold, RESOURCES, held=True, rooms=["Salle bleue", "Jardin", "Salle bleue"])
    assert await rooms_of(desk.session, [session_id]) == {}, "not all of it is held"
    await answer(desk, hold, PEOPLE, held=True)
    rooms = ("Salle bleue", "Jardin")
    assert await rooms_of(desk.session, [session_id]) == {session_id: rooms}
    assert (await get_facts(desk.session, session_id)).rooms == rooms
    await desk.book(session_id, await desk.participant())
    (booked,) = await desk.events(BookingConfirmed)
    assert booked.rooms == rooms
    await move(desk, session_id)
    assert await rooms_of(desk.session, [session_id]) == {}, "they are asked for anew"
    await answer(desk, hold, RESOURCES, held=True, rooms=["Salle verte"])
    await answer(desk, hold, PEOPLE, held=True)
    assert await rooms_of(desk.session, [session_id]) == {session_id: ("Salle verte",)}
    await answer(desk, hold, RESOURCES, held=False)
    assert await rooms_of(desk.session, [session_id]) == {}, "the owner took it back"

"""Open pages hear of the sessions that they show, and of no others."""

from __future__ import annotations

import json

import httpx
import pytest

from portal import live
from portal.live import LiveSessions, TooManyFollowers, session_of_record
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

OTHER = answers.BOOKING


@pytest.mark.parametrize("value", [None, b"", b"\xff", b"[]", b'"text"', b"{}", b'{"session_id": 3}'])
def test_what_is_no_event_of_a_session_is_left_out(value: bytes | None) -> None:
    assert session_of_record(value) is None


def test_an_event_names_its_session() -> None:
    assert session_of_record(json.dumps({"session_id": answers.SESSION}).encode()) == answers.SESSION


async def test_who_follows_a_session_is_told_and_then_forgotten() -> None:
    sessions = LiveSessions()
    async with sessions.followed([answers.SESSION, answers.SESSION]) as changes:
        sessions.tell(OTHER)
        sessions.tell(answers.SESSION)
        assert changes.get_nowait() == answers.SESSION
        assert changes.empty()
    assert sessions._followers == {}


async def test_who_reads_too_slowly_holds_nobody_up() -> None:
    sessions = LiveSessions()
    async with sessions.followed([answers.SESSION]) as slow, sessions.followed([answers.SESSION]) as quick:
        for _ in range(live.CHANGES_KEPT_MAX + 5):
            sessions.tell(answers.SESSION)
            quick.get_nowait()
        assert slow.full()


async def test_followers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "FOLLOWERS_MAX", 1)
    sessions = LiveSessions()
    async with sessions.followed([answers.SESSION]):
        with pytest.raises(TooManyFollowers):
            await sessions.followed([OTHER]).__aenter__()


async def test_the_stream_shows_the_places_now_and_when_they_change(portal: Portal, neighbours: Neighbours) -> None:
    sessions: LiveSessions = portal.app.state.reception.live
    free = [5, 2]

    def answer(_: httpx.Request) -> httpx.Response:
        """A booking happens after the first look; after the second the portal stops."""
        told = httpx.Response(200, json=answers.session(places_free=free.pop(0)))
        if free:
            sessions.tell(answers.SESSION)
        else:
            sessions.close()
        return told

    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = answer
    streamed = await portal.get(f"/live/places?session={answers.SESSION}&session=nonsense")
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert streamed.text.count(f'hx-target="#places-{answers.SESSION}"') == 2
    assert streamed.text.index("<strong>5</strong> of 12") < streamed.text.index("<strong>2</strong> of 12")
    assert all("authorization" not in one.headers for one in neighbours.asked if "sessions" in one.url.path)

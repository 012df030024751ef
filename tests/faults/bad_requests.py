"""Requests that nobody should send, each with the reason why it must be refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

PATH = "/api/activities/v1"


@dataclass(frozen=True)
class BadRequest:
    """One request; `body` is sent as it is."""

    name: str
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def bad_requests(session: UUID, family: UUID, organisation: UUID, token: str) -> Iterator[BadRequest]:
    """Bad ids, numbers, times, tokens, keys and bodies, for the routes of the activities service."""
    good = {"session_id": str(session), "places": [{"participant_id": str(family)}]}
    yield from _bad_bookings(good, token)
    yield from _bad_sessions(organisation, token)
    yield from _bad_bytes(good, token)
    yield from _bad_tokens(good, token)
    yield from _bad_addresses(token)


def _signed(token: str, key: str | None = None) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key or uuid4().hex,
    }


def _bad_bookings(good: dict[str, object], token: str) -> Iterator[BadRequest]:
    bodies = {
        "unknown session": {**good, "session_id": str(uuid4())},
        "unknown participant": {**good, "places": [{"participant_id": str(uuid4())}]},
        "another association's name": {**good, "booked_by_organisation_id": str(uuid4())},
        "no places": {**good, "places": []},
        "the same person twice": {**good, "places": [*good["places"], *good["places"]]},  # type: ignore[misc]
        "a thousand places": {**good, "places": [{"participant_id": str(uuid4())} for _ in range(1_000)]},
        "an unknown price": {**good, "places": [{**good["places"][0], "price_category": "gift"}]},  # type: ignore[index]
        "an unknown field": {**good, "price_minor": 0},
        "an id that is none": {**good, "session_id": "1; drop table bookings"},
        "a number for an id": {**good, "session_id": 10**400},
        "null": None,
        "a list": [good],
        "nested too deep": {**good, "places": json.loads("[" * 500 + "]" * 500)},
    }
    for name, body in bodies.items():
        yield BadRequest(f"booking: {name}", "POST", f"{PATH}/bookings", json.dumps(body).encode(), _signed(token))


def _bad_sessions(organisation: UUID, token: str) -> Iterator[BadRequest]:
    good = {
        "activity_id": str(uuid4()),
        "site_id": str(organisation),
        "title": "Session",
        "capacity": 10,
        "prices": {"standard": 500},
        "starts_at": "2030-05-01T10:00:00+02:00",
        "ends_at": "2030-05-01T12:00:00+02:00",
    }
    changes: dict[str, dict[str, object]] = {
        "unknown activity": {},
        "no capacity": {"capacity": -1},
        "a huge capacity": {"capacity": 2**63},
        "a fraction of a place": {"capacity": 1.5},
        "a huge price": {"prices": {"standard": 10**30}},
        "a negative price": {"prices": {"standard": -1}},
        "a past date": {"starts_at": "1999-01-01T10:00:00Z", "ends_at": "1999-01-01T12:00:00Z"},
        "an end before the start": {"ends_at": "2030-05-01T09:00:00+02:00"},
        "no time zone": {"starts_at": "2030-05-01T10:00:00"},
        "a wrong time zone": {"starts_at": "2030-05-01T10:00:00+99:00"},
        "a year that is none": {"starts_at": "99999-05-01T10:00:00Z"},
        "a title of NUL": {"title": "\x00"},
        "a title of half a character": {"title": "\ud800"},
        "a title without end": {"title": "x" * 10_000},
    }
    for name, change in changes.items():
        body = json.dumps({**good, **change}).encode()
        yield BadRequest(f"session: {name}", "POST", f"{PATH}/sessions", body, _signed(token))


def _bad_bytes(good: dict[str, object], token: str) -> Iterator[BadRequest]:
    bodies = {
        "nothing": b"",
        "half of it": json.dumps(good).encode()[:-10],
        "no JSON": b"\xff\xfe\x00",
        "NaN": b'{"session_id": NaN, "places": [Infinity]}',
        "a megabyte": json.dumps({**good, "padding": "x" * 1_000_000}).encode(),
        "a field name of half a character": b'{"\\ud800": 1}',
        "a field name of NUL": b'{"\\u0000": 1}',
        "brackets without end": b"[" * 200_000,
    }
    for name, body in bodies.items():
        yield BadRequest(f"body: {name}", "POST", f"{PATH}/bookings", body, _signed(token))
    for name, kind in (("no type", ""), ("a form", "application/x-www-form-urlencoded"), ("XML", "text/xml")):
        headers = {**_signed(token), "Content-Type": kind}
        yield BadRequest(f"type: {name}", "POST", f"{PATH}/bookings", b"session_id=1", headers)


def _bad_tokens(good: dict[str, object], token: str) -> Iterator[BadRequest]:
    head, payload, signature = token.split(".")
    tokens = {
        "none": "",
        "not ours": "abc",
        "without signature": f"{head}.{payload}.",
        "with another signature": f"{head}.{payload}.{signature[::-1]}",
        "unsigned by name": f"eyJhbGciOiJub25lIn0.{payload}.",
        "of odd bytes": "\xe9\xff.\xe9.\xe9",
        "without end": "x" * 6_000,
    }
    for name, broken in tokens.items():
        headers = {**_signed(broken), "Authorization": f"Bearer {broken}" if broken else "Bearer"}
        yield BadRequest(f"token: {name}", "POST", f"{PATH}/bookings", json.dumps(good).encode(), headers)
    for name, key in (("none", ""), ("short", "x"), ("long", "x" * 500), ("odd", "é" * 10)):
        headers = {**_signed(token), "Idempotency-Key": key}
        yield BadRequest(f"key: {name}", "POST", f"{PATH}/bookings", json.dumps(good).encode(), headers)


def _bad_addresses(token: str) -> Iterator[BadRequest]:
    addresses = {
        "an unknown booking": ("GET", f"/bookings/{uuid4()}"),
        "an id that is none": ("GET", "/bookings/%00"),
        "a route that is none": ("GET", "/bookkeeping"),
        "a method that is none": ("PUT", "/bookings"),
        "a page without end": ("GET", "/bookings?limit=1000000000000000000000"),
        "a page before the first": ("GET", "/bookings?limit=-1"),
        "another's cursor": ("GET", "/bookings?cursor=%F0%9F%92%A9"),
        "a state that is none": ("GET", "/bookings?state=paid"),
        "a change without version": ("PATCH", f"/sessions/{uuid4()}"),
    }
    for name, (method, path) in addresses.items():
        body = b"{}" if method in {"PUT", "PATCH"} else b""
        yield BadRequest(f"address: {name}", method, PATH + path, body, _signed(token))

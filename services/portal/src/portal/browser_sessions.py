"""Who is signed in, kept here and not in the browser: its cookie is a random name for one of these rows.

They live in the memory of this process: a restart asks people to sign in again, and replicas need sticky sessions.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

SESSION_COOKIE = "__Host-session"
SIGN_IN_COOKIE = "__Host-signing-in"
SESSIONS_MAX = 20_000
SIGN_INS_MAX = 10_000
SIGN_IN_SECONDS = 600.0


@dataclass
class Tokens:
    """What the provider gave; `expires_at` is on the monotonic clock of this process."""

    access_token: str
    refresh_token: str | None
    id_token: str
    expires_at: float


@dataclass
class BrowserSession:
    """One signed-in browser."""

    name: str
    subject: str
    given_name: str
    display_name: str
    tokens: Tokens
    csrf_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    started_at: float = field(default_factory=time.monotonic)
    seen_at: float = field(default_factory=time.monotonic)
    refreshing: asyncio.Lock = field(default_factory=asyncio.Lock)
    known: dict[str, tuple[float, Any]] = field(default_factory=dict)
    """What the services said of the account a moment ago, with the moment until which it is believed."""


@dataclass(frozen=True)
class StartedSignIn:
    """A browser that was sent to the provider: what its return is checked against."""

    state: str
    nonce: str
    verifier: str
    return_to: str
    redirect_uri: str
    started_at: float = field(default_factory=time.monotonic)


class BrowserSessions:
    """The signed-in browsers and those on their way, both bounded; the oldest go first."""

    def __init__(self, hours_max: float, idle_minutes_max: float) -> None:
        self._seconds_max, self._idle_seconds_max = hours_max * 3600, idle_minutes_max * 60
        self._sessions: OrderedDict[str, BrowserSession] = OrderedDict()
        self._started: OrderedDict[str, StartedSignIn] = OrderedDict()

    def begin_sign_in(self, return_to: str, redirect_uri: str) -> tuple[str, StartedSignIn]:
        """The value of the cookie that binds the sign-in to this browser, and the sign-in."""
        cookie = secrets.token_urlsafe(32)
        started = StartedSignIn(
            secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), return_to, redirect_uri
        )
        self._started[cookie] = started
        if len(self._started) > SIGN_INS_MAX:
            self._started.popitem(last=False)
        return cookie, started

    def take_sign_in(self, cookie: str | None) -> StartedSignIn | None:
        """The sign-in that this browser began at most ten minutes ago; it can be taken once."""
        started = self._started.pop(cookie or "", None)
        if started is None or time.monotonic() - started.started_at > SIGN_IN_SECONDS:
            return None
        return started

    def open(self, subject: str, given_name: str, display_name: str, tokens: Tokens) -> BrowserSession:
        """A session under a new name, so that nobody can have known it before."""
        session = BrowserSession(secrets.token_urlsafe(32), subject, given_name, display_name, tokens)
        self._sessions[session.name] = session
        if len(self._sessions) > SESSIONS_MAX:
            self._sessions.popitem(last=False)
        return session

    def find(self, name: str | None) -> BrowserSession | None:
        """The session of this name, unless it is too old or was left alone for too long."""
        session = self._sessions.get(name or "")
        if session is None:
            return None
        now = time.monotonic()
        if now - session.started_at > self._seconds_max or now - session.seen_at > self._idle_seconds_max:
            self.close(session)
            return None
        session.seen_at = now
        return session

    def close(self, session: BrowserSession) -> None:
        """Forget a session and its tokens."""
        self._sessions.pop(session.name, None)

"""Who is behind a request to the portal, and in which language and theme they read."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from common.pacing import Pace
from portal.asking import Asking, Services, Unavailable
from portal.browser_sessions import SESSION_COOKIE, BrowserSession, BrowserSessions
from portal.languages import choose_language, use_language
from portal.live import LiveSessions
from portal.protection import Form, Upload, is_same_token, read_form, read_upload
from portal.sign_in import REFRESH_BEFORE_SECONDS, Provider, ProviderAway, SignInFailed

LANGUAGE_COOKIE = "__Host-language"
THEME_COOKIE = "__Host-theme"
THEMES = ("system", "light", "dark")

Value = TypeVar("Value")


class SignInNeeded(Exception):
    """The page is for people who have signed in."""


@dataclass(frozen=True)
class Reception:
    """What the application keeps for all its visitors."""

    services: Services
    sessions: BrowserSessions
    provider: Provider
    live: LiveSessions
    addresses: tuple[str, ...]
    slugs: Mapping[str, str]
    """The association of each host that belongs to one."""

    guests: Pace

    def slug_of(self, request: Request) -> str | None:
        """The association whose own host this is."""
        return self.slugs.get(request.headers.get("host", "").lower())

    def address_of(self, request: Request) -> str:
        """The public address that this browser uses; the first one for a host that is not ours."""
        own = f"{request.url.scheme}://{request.headers.get('host', '')}"
        return own if own in self.addresses else self.addresses[0]


@dataclass(frozen=True)
class Visitor:
    """One request's reader; `session` is None for who has not signed in."""

    language: str
    theme: str
    path: str
    address: str
    session: BrowserSession | None
    asking: Asking

    @property
    def person(self) -> BrowserSession:
        """The signed-in person. Raises SignInNeeded."""
        if self.session is None:
            raise SignInNeeded
        return self.session

    async def known(self, name: str, seconds: float, ask: Callable[[], Awaitable[Value]]) -> Value:
        """What the services said of this person at most `seconds` ago, else what they say now.

        While they are away it is what they said last: what somebody may do, each service decides for itself.
        """
        kept = self.person.known.get(name)
        if kept is not None and kept[0] > time.monotonic():
            value: Value = kept[1]
            return value
        try:
            value = await ask()
        except Unavailable:
            if kept is None:
                raise
            last: Value = kept[1]
            return last
        self.person.known[name] = (time.monotonic() + seconds, value)
        return value

    def forget(self, *names: str) -> None:
        """Ask the services again next time."""
        for name in names:
            self.person.known.pop(name, None)


async def visitor_of(request: Request) -> Visitor:
    """The visitor behind a request; also sets the language of the request."""
    reception: Reception = request.app.state.reception
    language = choose_language(
        asked=request.query_params.get("language"),
        chosen=request.cookies.get(LANGUAGE_COOKIE),
        accepted=request.headers.get("accept-language"),
    )
    use_language(language)
    theme = request.cookies.get(THEME_COOKIE, "system")
    session = reception.sessions.find(request.cookies.get(SESSION_COOKIE))
    if session is not None and not await _is_fresh(reception, session):
        reception.sessions.close(session)
        session = None
    return Visitor(
        language=language,
        theme=theme if theme in THEMES else "system",
        path=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        address=reception.address_of(request),
        session=session,
        asking=Asking(reception.services, session.tokens.access_token if session else None, client_of(request)),
    )


def client_of(request: Request) -> str:
    """The address of the internet that the request came from, as trusted proxies say."""
    return request.client.host if request.client else "unknown"


def stranger_of(request: Request) -> Visitor:
    """Somebody of whom nothing is known and nothing is asked: no cookie is read, the language is in the address."""
    reception: Reception = request.app.state.reception
    accepted = request.headers.get("accept-language")
    language = choose_language(asked=request.query_params.get("language"), chosen=None, accepted=accepted)
    use_language(language)
    asking = Asking(reception.services, client=client_of(request))
    return Visitor(language, "system", request.url.path, reception.address_of(request), None, asking)


async def _is_fresh(reception: Reception, session: BrowserSession) -> bool:
    """True when the session has a token that services accept; fetches one when the last is about to expire.

    One request at a time: a provider takes each refresh token once.
    """
    async with session.refreshing:
        if session.tokens.expires_at - time.monotonic() > REFRESH_BEFORE_SECONDS:
            return True
        try:
            session.tokens = await reception.provider.refresh(session.tokens)
        except (ProviderAway, SignInFailed):
            return session.tokens.expires_at > time.monotonic()
        return True


async def signed_form_of(request: Request) -> Form:
    """A form that the signed-in person sent from one of our pages. Raises SignInNeeded, or HTTPException (403)."""
    visitor: Visitor = await visitor_of(request)
    form = await read_form(request)
    if not is_same_token(form.get("csrf_token"), visitor.person.csrf_token):
        raise HTTPException(403)
    return form


async def signed_upload_of(request: Request) -> Upload:
    """A form with a photo that the signed-in person sent from one of our pages. Raises as `signed_form_of`."""
    visitor: Visitor = await visitor_of(request)
    token = visitor.person.csrf_token
    upload = await read_upload(request, "photo")
    if not is_same_token(upload.form.get("csrf_token"), token):
        raise HTTPException(403)
    return upload


def is_id(text: str) -> bool:
    """True for an id as services write them."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


Visit = Annotated[Visitor, Depends(visitor_of)]
SignedForm = Annotated[Form, Depends(signed_form_of)]
SignedUpload = Annotated[Upload, Depends(signed_upload_of)]

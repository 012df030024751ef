"""The caller of a route: `caller: Caller` for signed-in people, `caller: MaybeCaller` where anybody may look."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.security import HTTPBearer

from access.principals import Account, Principal
from access.projection import load_principal
from access.tokens import InvalidToken, TokenVerifier
from common.database import Database
from common.problems import UNAUTHENTICATED, ProblemError
from common.settings import ServiceSettings

RIGHTS_CACHED_SECONDS = 1.0
RIGHTS_CACHED_MAX = 10_000


class Doorkeeper:
    """Turns a token into a principal; rights are at most a second old."""

    def __init__(self, verifier: TokenVerifier, database: Database) -> None:
        self._verifier, self._database = verifier, database
        self._rights: OrderedDict[Account, tuple[float, Principal]] = OrderedDict()

    async def admit(self, token: str) -> Principal:
        """The principal behind the token. Raises ProblemError (401)."""
        try:
            account = await self._verifier.verify(token)
        except InvalidToken as error:
            headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise ProblemError(UNAUTHENTICATED, "The token is not valid.", headers) from error
        known = self._rights.get(account)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        async with self._database.transaction() as session:
            principal = await load_principal(session, account)
        self._rights[account] = (time.monotonic() + RIGHTS_CACHED_SECONDS, principal)
        if len(self._rights) > RIGHTS_CACHED_MAX:
            self._rights.popitem(last=False)
        return principal


def guard(app: FastAPI, settings: ServiceSettings, database: Database) -> None:
    """Make `Caller` work in the routes of this application."""
    verifier = TokenVerifier(settings.token_issuer, settings.token_audience, settings.token_keys_url)
    app.state.doorkeeper = Doorkeeper(verifier, database)


class _Door(HTTPBearer):
    """The bearer scheme in OpenAPI, and the principal behind the token; one step, because every request takes it."""

    def __init__(self, *, open_to_all: bool) -> None:
        super().__init__(auto_error=False, description="A token of the federation's identity provider")
        self._open_to_all = open_to_all

    async def __call__(self, request: Request) -> Principal | None:  # type: ignore[override]
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            doorkeeper: Doorkeeper = request.app.state.doorkeeper
            return await doorkeeper.admit(token)
        if self._open_to_all:
            return None
        raise ProblemError(UNAUTHENTICATED, headers={"WWW-Authenticate": "Bearer"})


MaybeCaller = Annotated[Principal | None, Depends(_Door(open_to_all=True))]
Caller = Annotated[Principal, Depends(_Door(open_to_all=False))]

"""The caller of a route: `caller: Caller` for signed-in people, `caller: MaybeCaller` where anybody may look."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from access.principals import Account, Principal
from access.projection import load_principal
from access.tokens import InvalidToken, TokenVerifier
from common.database import Database
from common.problems import UNAUTHENTICATED, ProblemError
from common.settings import ServiceSettings

RIGHTS_CACHED_SECONDS = 1.0
RIGHTS_CACHED_MAX = 10_000

_bearer = HTTPBearer(auto_error=False, description="A token of the federation's identity provider")
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


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


async def _maybe_caller(request: Request, credentials: _Credentials) -> Principal | None:
    if credentials is None:
        return None
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    return await doorkeeper.admit(credentials.credentials)


async def _caller(principal: Annotated[Principal | None, Depends(_maybe_caller)]) -> Principal:
    if principal is None:
        raise ProblemError(UNAUTHENTICATED, headers={"WWW-Authenticate": "Bearer"})
    return principal


MaybeCaller = Annotated[Principal | None, Depends(_maybe_caller)]
Caller = Annotated[Principal, Depends(_caller)]

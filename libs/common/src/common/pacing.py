"""How often somebody may ask."""

from __future__ import annotations

import time
from collections.abc import Callable

from limits import parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from common import problems


class Pace:
    """How often one caller may do something; counted in each process by itself. `often` is such as `10/minute`."""

    def __init__(self, often: str) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limit = parse_many(often)[0]

    async def seconds_to_wait(self, caller: str) -> int:
        """0 when the caller may, which is counted; else how long until he may again."""
        if await self._limiter.hit(self._limit, caller):
            return 0
        reset_at = (await self._limiter.get_window_stats(self._limit, caller)).reset_time
        return max(1, round(reset_at - time.time()))


class RateLimit:
    """Refuses a caller (by token, else by address) who asks for paths below `prefix` too often."""

    def __init__(
        self,
        app: ASGIApp,
        requests_per_minute: int,
        prefix: str = "/api/",
        refuse: Callable[[Scope, int], Response] | None = None,
    ) -> None:
        """`refuse` answers with how many seconds to wait."""
        self._app, self._prefix, self._refuse = app, prefix, refuse or _too_many
        self._pace = Pace(f"{requests_per_minute}/minute") if requests_per_minute else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._pace is None or not scope["path"].startswith(self._prefix):
            await self._app(scope, receive, send)
            return
        authorization = dict(scope["headers"]).get(b"authorization", b"")
        caller = str(hash(authorization)) if authorization else str((scope.get("client") or ("unknown",))[0])
        seconds = await self._pace.seconds_to_wait(caller)
        await (self._refuse(scope, seconds) if seconds else self._app)(scope, receive, send)


def _too_many(_scope: Scope, seconds: int) -> Response:
    return problems.answer(problems.TOO_MANY, headers={"Retry-After": str(seconds)})

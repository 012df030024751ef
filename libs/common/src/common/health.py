"""Live: this process makes progress. Ready: it can do its work now. Only readiness asks the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

Check = Callable[[], Awaitable[bool]]


class Health:
    """The checks of one process; every command registers its own."""

    def __init__(self) -> None:
        self._ready: dict[str, Check] = {}

    def register(self, name: str, check: Check) -> None:
        """Add a readiness check; it must answer within a second."""
        self._ready[name] = check

    async def failing(self) -> list[str]:
        """The names of the readiness checks that do not hold now."""
        names = list(self._ready)
        results = await asyncio.gather(*(self._holds(name) for name in names))
        return [name for name, holds in zip(names, results, strict=True) if not holds]

    async def _holds(self, name: str) -> bool:
        try:
            return await asyncio.wait_for(self._ready[name](), timeout=1)
        except Exception:
            return False


health = Health()
router = APIRouter(include_in_schema=False)


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The event loop answers; a stalled consumer ends its own process instead of lying here."""
    return {"status": "live"}


@router.get("/health/ready")
async def ready() -> JSONResponse:
    """503 with the names of what is missing, while something is missing."""
    failing = await health.failing()
    if failing:
        return JSONResponse({"status": "not ready", "failing": failing}, status_code=503)
    return JSONResponse({"status": "ready"})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Every metric of this process, as Prometheus text or as OpenMetrics, which carries exemplars."""
    encode, media_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(REGISTRY), media_type=media_type)

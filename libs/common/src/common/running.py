"""How a command of a service is started alone: logs, signals, and a port for health and metrics."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

import uvicorn
from fastapi import FastAPI

from common import health, tracing
from common.logging import configure
from common.settings import ServiceSettings

GARBAGE_THRESHOLD = 10_000

Settings = TypeVar("Settings", bound=ServiceSettings)


def tune_collector() -> None:
    """What was made at start stays: the collector need not look at it again, nor look as often (measured: 6 %)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)


class _Server(uvicorn.Server):
    """A server that leaves the signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: FastAPI, settings: ServiceSettings, stop: asyncio.Event) -> None:
    """Serve an application until `stop` is set; requests in hand are finished, at most ten seconds."""
    config = uvicorn.Config(
        app, host=settings.http_host, port=settings.http_port, forwarded_allow_ips=settings.trusted_proxies,
        log_config=None, access_log=False, timeout_graceful_shutdown=10, backlog=512,
    )  # fmt: skip
    server = _Server(config)
    tune_collector()
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


def stop_on_signals(stop: asyncio.Event) -> None:
    """SIGTERM and SIGINT set `stop`."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)


def main(
    service: str,
    settings: Settings,
    run: Callable[[Settings, asyncio.Event], Awaitable[None]],
    *,
    serves_http: bool = False,
) -> None:
    """Run one command as a process of its own; all but the api get a port with health and metrics only."""
    configure(service, settings.log_level)
    tracing.configure(service)

    async def run_until_stopped() -> None:
        stop = asyncio.Event()
        stop_on_signals(stop)
        work = [asyncio.ensure_future(run(settings, stop))]
        if not serves_http:
            operations = FastAPI(openapi_url=None)
            operations.include_router(health.router)
            work.append(asyncio.create_task(serve(operations, settings, stop)))
        await run_all(work, stop)

    asyncio.run(run_until_stopped())


async def run_all(work: Sequence[asyncio.Future[None]], stop: asyncio.Event) -> None:
    """Wait for all; when one ends, by itself or by an error, the others are told to stop and the error is raised."""
    _done, _pending = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    results = await asyncio.gather(*work, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result

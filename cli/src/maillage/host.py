"""Runs the commands of one service in one event loop: `python -m maillage.host <service> [command…]`."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from common import tracing
from common.logging import configure
from common.running import stop_on_signals
from maillage.loop_commands import LOOP_COMMANDS

STOP_SECONDS = 8.0
BACKGROUND_NICENESS = 5

Run = Callable[[Any, asyncio.Event], Coroutine[Any, Any, None]]


class UnknownCommand(Exception):
    """The service has no such command."""


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 after a requested stop, 1 when a command ended by itself, 2 for a wrong call."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    service, *commands = arguments
    settings = import_module(f"{service}.settings").Settings()
    configure(service, settings.log_level)
    tracing.configure(service)
    runs = _find_runs(service, commands)
    if "api" not in runs:
        os.nice(BACKGROUND_NICENESS)  # When the machine is short of time, whoever waits for an answer goes first.
    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        return runner.run(host(settings, runs))


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where it is installed; None means the loop of the standard library."""
    if find_spec("uvloop") is None:
        return None
    return cast(Callable[[], asyncio.AbstractEventLoop], import_module("uvloop").new_event_loop)


def _find_runs(service: str, commands: Sequence[str]) -> dict[str, Run]:
    """All commands that the service has when none is named; raises UnknownCommand for a named one it lacks."""
    existing = [command for command in LOOP_COMMANDS if find_spec(f"{service}.run_{command}")]
    unknown = set(commands) - set(existing)
    if unknown or not existing:
        raise UnknownCommand(f"{service} has {', '.join(existing)}; not {', '.join(sorted(unknown))}")
    return {command: import_module(f"{service}.run_{command}").run for command in commands or existing}


async def host(settings: Any, runs: dict[str, Run]) -> int:
    """Ends all commands as soon as one ends, for then the process is worth nothing: a supervisor starts it again."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    tasks = {asyncio.create_task(run(settings, stop), name=name): name for name, run in runs.items()}
    ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    was_requested = stop.is_set()
    stop.set()
    _, unfinished = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    for task in unfinished:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    failures = _report_failures(tasks)
    if not was_requested:
        print(f"stopped because {', '.join(tasks[task] for task in ended)} ended", file=sys.stderr)
    return 0 if was_requested and not failures else 1


def _report_failures(tasks: Mapping[asyncio.Task[None], str]) -> int:
    """Number of commands that ended with an error; each is printed with its trace."""
    failures = 0
    for task, name in tasks.items():
        error = None if task.cancelled() else task.exception()
        if error is not None:
            failures += 1
            print(f"the command {name} failed:", file=sys.stderr)
            sys.excepthook(type(error), error, error.__traceback__)
    return failures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

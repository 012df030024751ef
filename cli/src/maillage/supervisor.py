"""Keeps a booted stack alive: starts again what died, slower each time, and says so."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from maillage.embedded.part import Part, PartFailed
from maillage.stack import Say, Stack

WATCH_SECONDS = 0.5
FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 30.0
STEADY_SECONDS = 60.0


@dataclass
class Restart:
    """When a part was last started, and how long to wait should it die again."""

    started_at: float
    delay_seconds: float = FIRST_DELAY_SECONDS
    due_at: float | None = None


class Supervisor:
    """One per stack, made right after its boot."""

    def __init__(self, stack: Stack, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self._stack = stack
        self._say = say
        self._clock = clock
        self._restarts = {name: Restart(clock()) for name in stack.parts}

    def watch(self) -> None:
        """Never returns; a signal ends it by raising KeyboardInterrupt."""
        while True:
            self.look_once()
            time.sleep(WATCH_SECONDS)

    def look_once(self) -> None:
        """Starts what is due."""
        broker = self._stack.broker
        if broker is not None and broker.is_volatile and not broker.is_running:
            self._restart_everything()
        for part in self._stack.parts.values():
            if not part.is_running:
                self._restart_when_due(part)

    def _restart_everything(self) -> None:
        """Clients of a broker that forgot everything keep positions of topics that are no more: all start afresh."""
        broker = self._stack.broker
        if broker is None:
            return
        self._say(f"the broker ended with {broker.exit_code}: broker and services start again")
        self._stack.stop_services()
        try:
            broker.start()
            self._stack.start_services()
        except PartFailed as error:
            self._say(str(error))
        now = self._clock()
        self._restarts = {name: Restart(now) for name in self._stack.parts}

    def _restart_when_due(self, part: Part) -> None:
        restart, now = self._restarts[part.name], self._clock()
        if restart.due_at is None:
            if now - restart.started_at > STEADY_SECONDS:
                restart.delay_seconds = FIRST_DELAY_SECONDS
            restart.due_at = now + restart.delay_seconds
            self._say(f"{part.name} ended with {part.exit_code}: it starts again in {restart.delay_seconds:.0f} s")
        elif now >= restart.due_at:
            longer = min(restart.delay_seconds * 2, LONGEST_DELAY_SECONDS)
            self._restarts[part.name] = Restart(now, delay_seconds=longer)
            try:
                part.launch()
            except (OSError, PartFailed) as error:
                self._say(f"{part.name} did not start: {error}")

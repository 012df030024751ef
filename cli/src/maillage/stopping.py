"""Signals: how the commands that run a stack are told to end, and that nothing stays behind."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from maillage.console import step
from maillage.stack import Stack


def interrupt_on_termination() -> None:
    """SIGTERM ends a command as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def stopping(stack: Stack) -> Iterator[Stack]:
    """Stops the stack whatever happens; a second Ctrl-C does not leave half of it running."""
    try:
        yield stack
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        with step("everything is stopped"):
            stack.stop()

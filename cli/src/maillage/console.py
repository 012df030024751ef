"""What all commands say alike on the terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console()


def say(text: str) -> None:
    """As it is: logs and paths may hold what the console takes for markup."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Shows that something takes time, and afterwards how long it took."""
    started_at = time.monotonic()
    with console.status(f"waiting: {text}"):
        yield
    console.print(f"[green]✓[/] {text} [dim]{time.monotonic() - started_at:.1f} s[/]", highlight=False)

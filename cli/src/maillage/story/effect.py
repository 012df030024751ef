"""What a step of the story brings about elsewhere, and the table that fills while it happens."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel
from rich.console import Console
from rich.live import Live
from rich.table import Table

from maillage.waiting import NotInTime, until

EFFECT_SECONDS = 30.0


@dataclass(frozen=True)
class Effect:
    """A statement about one service, and the question whether it has become true."""

    service: str
    what: str
    is_seen: Callable[[], Awaitable[bool]]


class SeenEffect(BaseModel):
    """After how many milliseconds the effect was seen; None when it was waited for in vain."""

    service: str
    what: str
    after_ms: int | None


async def watch(effects: Sequence[Effect], console: Console) -> list[SeenEffect]:
    """Returns when every effect was seen or its time is over; shows each at the moment it is seen."""
    started_at = time.monotonic()
    seen: dict[int, SeenEffect] = {}

    async def wait_for(number: int, effect: Effect, live: Live) -> None:
        after_ms: int | None = None
        try:
            await until(effect.is_seen, effect.what, EFFECT_SECONDS)
            after_ms = round((time.monotonic() - started_at) * 1000)
        except NotInTime:
            pass
        seen[number] = SeenEffect(service=effect.service, what=effect.what, after_ms=after_ms)
        live.update(_table(effects, seen))

    with Live(_table(effects, seen), console=console, refresh_per_second=12) as live:
        await asyncio.gather(*(wait_for(number, effect, live) for number, effect in enumerate(effects)))
    if not console.is_terminal:
        console.print()  # A live table ends its last line only on a terminal
    return [seen[number] for number in range(len(effects))]


def _table(effects: Sequence[Effect], seen: dict[int, SeenEffect]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    for number, effect in enumerate(effects):
        found = seen.get(number)
        table.add_row("  " + _mark(found), f"[cyan]{effect.service}[/]", effect.what, _after(found))
    return table


def _mark(found: SeenEffect | None) -> str:
    if found is None:
        return "[yellow]…[/]"
    return "[red]✗[/]" if found.after_ms is None else "[green]✓[/]"


def _after(found: SeenEffect | None) -> str:
    if found is None:
        return "[dim]waiting[/]"
    return "[red]not seen[/]" if found.after_ms is None else f"[dim]{found.after_ms} ms[/]"

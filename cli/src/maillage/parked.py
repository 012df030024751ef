"""`maillage parked`: the events that wait for a person, and what the person can do about them."""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer
from rich.table import Table

from common import parked
from common.reactions import Reaction
from maillage.console import console, say
from maillage.places import default_directory
from maillage.running import NotRunning
from maillage.stack_options import SERVICES
from maillage.worker_databases import worker_database

app = typer.Typer(no_args_is_help=True, help="Events that failed, and what waits behind them.")

Result = TypeVar("Result")
Service = Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}.")]
ParkedId = Annotated[UUID, typer.Argument(help="The id that `list` shows.")]
Directory = Annotated[Path | None, typer.Option(help="Where the running platform keeps its data.")]


@app.command("list")
def list_events(service: Service, directory: Directory = None) -> None:
    """Show what is parked, oldest first, with how many events wait for the same key."""
    rows = _run(_list(service, _directory(directory)))
    table = Table("id", "group", "event", "key", "since", "tries", "waiting", "error")
    for row in rows:
        since, error = row.parked_at.strftime("%Y-%m-%d %H:%M:%S"), row.error[:80]
        table.add_row(
            str(row.id), row.consumer_group, row.wire_type or "unreadable", row.event_key, since,
            str(row.attempts), str(row.waiting), error,
        )  # fmt: skip
    console.print(table if rows else f"Nothing is parked in {service}.")


@app.command()
def show(service: Service, parked_id: ParkedId, directory: Directory = None) -> None:
    """Show one parked event with its headers and payload, as they came."""
    row = _run(_get(service, parked_id, _directory(directory)))
    payload = (row.payload or b"").decode(errors="replace")
    facts = {name: value for name, value in row._mapping.items() if name != "payload"}
    say(json.dumps({**facts, "payload": payload}, indent=2, default=str, ensure_ascii=False))


@app.command()
def retry(service: Service, parked_id: ParkedId, directory: Directory = None) -> None:
    """Handle the event's key again, in order, up to the first event that still fails."""
    outcome = _run(_retry(service, parked_id, _directory(directory)))
    say(f"{outcome.handled} handled")
    if outcome.error is not None:
        say(f"The next one still fails: {outcome.error}")
        raise typer.Exit(1)


@app.command()
def discard(
    service: Service,
    parked_id: ParkedId,
    reason: Annotated[str, typer.Option(help="Why; it is kept.")],
    directory: Directory = None,
) -> None:
    """Give one event up for good. What waits behind it can be retried then."""
    _run(_discard(service, parked_id, reason, _directory(directory)))
    say("Discarded.")


async def _list(service: str, directory: Path) -> Any:
    async with worker_database(service, directory) as database, database.transaction() as session:
        return await parked.list_parked(session)


async def _get(service: str, parked_id: UUID, directory: Path) -> Any:
    async with worker_database(service, directory) as database, database.transaction() as session:
        return await parked.get_parked(session, parked_id)


async def _retry(service: str, parked_id: UUID, directory: Path) -> parked.Retried:
    async with worker_database(service, directory) as database:
        async with database.transaction() as session:
            row = await parked.get_parked(session, parked_id)
        return await parked.retry_key(database, _reaction(service, row.consumer_group), row.event_key)


async def _discard(service: str, parked_id: UUID, reason: str, directory: Path) -> None:
    async with worker_database(service, directory) as database, database.transaction() as session:
        await parked.discard(session, parked_id, reason)


def _reaction(service: str, group: str) -> Reaction:
    reactions: tuple[Reaction, ...] = importlib.import_module(f"{service}.run_consumer").REACTIONS
    return next(reaction for reaction in reactions if reaction.group == group)


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    try:
        return asyncio.run(work)
    except (NotRunning, parked.NotParked) as error:
        say(str(error))
        raise typer.Exit(1) from error


def _directory(given: Path | None) -> Path:
    return (given or default_directory()).resolve()

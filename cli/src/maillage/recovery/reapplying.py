"""`maillage reapply`: what a restore brought back of erased people is erased again, from the journal."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from activities.erasures.use_cases import ask_again
from common.database import organisation_context
from maillage.console import say
from maillage.places import ERASURES_JOURNAL, default_directory
from maillage.running import NotRunning
from maillage.worker_databases import worker_database

Journal = Annotated[Path | None, typer.Option(help="The journal of erasures; else the one of the embedded platform.")]


def reapply(
    journal: Journal = None,
    directory: Annotated[Path | None, typer.Option(help="Where the running platform keeps its data.")] = None,
) -> None:
    """Ask again for every erasure of the journal that the databases do not know; the platform must be running."""
    home = (directory or default_directory()).resolve()
    try:
        asked = asyncio.run(ask_for_each(read_journal(journal or home / ERASURES_JOURNAL), home))
    except NotRunning as error:
        say(str(error))
        raise typer.Exit(1) from error
    say(f"{asked} erasures are asked for again")


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Every erasure that was noted, once; none where there is no journal."""
    if not path.is_file():
        return []
    return list({entry["id"]: entry for entry in map(json.loads, path.read_text().splitlines())}.values())


async def ask_for_each(entries: Sequence[Mapping[str, Any]], directory: Path) -> int:
    """How many of these erasures the activities service did not know any more."""
    asked = 0
    async with worker_database("activities", directory) as database:
        for entry in entries:
            context = organisation_context(UUID(entry["organisation_id"]), "operator maillage reapply")
            async with database.transaction(context) as session:
                asked += await ask_again(session, entry)
    return asked

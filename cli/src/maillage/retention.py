"""`maillage retention`: which households would be forgotten now; the worker does it, once an hour."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select

from access.projection import known_organisations
from activities.retention.queries import list_associations
from activities.retention.use_cases import list_past_period
from common.database import organisation_context
from maillage.console import say
from maillage.places import default_directory
from maillage.running import NotRunning
from maillage.worker_databases import worker_database

SHOWN_MAX = 1_000


def retention(
    directory: Annotated[Path | None, typer.Option(help="Where the running platform keeps its data.")] = None,
) -> None:
    """Count the households of each association that are past their period; changes nothing."""
    try:
        found = asyncio.run(count_past_period((directory or default_directory()).resolve()))
    except NotRunning as error:
        say(str(error))
        raise typer.Exit(1) from error
    for slug, households in found.items():
        say(f"{slug}: {len(households)} households are past their period: {', '.join(map(str, households[:5]))}")
    if not found:
        say("Nobody is kept for longer than the rules have it.")


async def count_past_period(directory: Path) -> dict[str, list[UUID]]:
    """The households past their period by the slug of their association, at most a thousand of each."""
    found = {}
    async with worker_database("activities", directory) as database:
        async with database.transaction() as session:
            associations = await list_associations(session)
        for organisation_id in associations:
            context = organisation_context(organisation_id, "operator maillage retention")
            async with database.transaction(context) as session:
                households = await list_past_period(session, organisation_id, SHOWN_MAX)
                own = known_organisations.c.organisation_id == organisation_id
                slug = await session.scalar(select(known_organisations.c.slug).where(own))
            if households:
                found[str(slug)] = list(households)
    return found

"""`maillage retention`: what would be forgotten now, and by which rule; the workers do it, once an hour."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import known_organisations
from access.retention import Kept, Rule, find_rule, list_organisations, list_past_period
from common.clock import now
from common.database import organisation_context
from maillage.console import say
from maillage.places import default_directory
from maillage.running import NotRunning
from maillage.stack_options import SERVICES
from maillage.worker_databases import worker_database

SHOWN_MAX = 1_000
ACTOR = "operator maillage retention"


@dataclass(frozen=True)
class Past:
    """What one organisation keeps of one kind for too long, at most a thousand ids."""

    service: str
    record: str
    organisation: str
    rule: Rule
    ids: tuple[UUID, ...]

    @property
    def sentence(self) -> str:
        period = f"{self.rule.years} calendar year(s)" if self.rule.days is None else f"{self.rule.days} days"
        shown = ", ".join(map(str, self.ids[:3])) + (" …" if len(self.ids) > 3 else "")
        said = f"{len(self.ids)} of {self.record} are past {period} and would go: {shown}"
        return f"{self.organisation}, {self.service}: {said} ({self.rule.source}; {self.rule.status})"


def kept_by(service: str) -> tuple[Kept, ...]:
    """What a service looks for; finance knows no names, so it looks for nothing."""
    return getattr(import_module(f"{service}.run_worker"), "KEPT", ())


def retention(
    directory: Annotated[Path | None, typer.Option(help="Where the running platform keeps its data.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All ids, for other programs.")] = False,
) -> None:
    """Say what would be forgotten in each association, and why; changes nothing."""
    try:
        found = asyncio.run(list_past((directory or default_directory()).resolve()))
    except NotRunning as error:
        say(str(error))
        raise typer.Exit(1) from error
    if as_json:
        say(json.dumps([asdict(past) for past in found], default=str))
        return
    for past in found:
        say(past.sentence)
    if not found:
        say("Nothing is kept for longer than the rules have it.")


async def list_past(directory: Path) -> list[Past]:
    """Everything past its period, by service, kind and organisation."""
    found: list[Past] = []
    for service in SERVICES:
        all_kept = kept_by(service)
        if not all_kept:
            continue
        async with worker_database(service, directory) as database:
            async with database.transaction() as session:
                organisations = await list_organisations(session)
            for organisation_id in organisations:
                async with database.transaction(organisation_context(organisation_id, ACTOR)) as session:
                    for kept in all_kept:
                        found += await _past(session, service, organisation_id, kept)
    return found


async def _past(session: AsyncSession, service: str, organisation_id: UUID, kept: Kept) -> list[Past]:
    ids = await list_past_period(session, organisation_id, kept, SHOWN_MAX)
    rule = await find_rule(session, organisation_id, kept.record, now().date())
    if not ids or rule is None:
        return []
    own = known_organisations.c.organisation_id == organisation_id
    slug: Any = await session.scalar(select(known_organisations.c.slug).where(own))
    return [Past(service, kept.record, str(slug), rule, tuple(ids))]

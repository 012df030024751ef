"""`maillage republish`: writes the state on a compacted topic again, from its owner's tables."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import known_organisations
from activities.participants.use_cases import announce_every_contact
from common.database import ACTOR_SETTING, ORGANISATIONS_SETTING, Context, uuid_array
from maillage.console import say
from maillage.places import default_directory
from maillage.running import NotRunning
from maillage.worker_databases import worker_database
from partners.agreements.use_cases import announce_every_agreement
from partners.memberships.use_cases import announce_every_membership
from partners.organisations.queries import list_organisation_ids
from partners.organisations.use_cases import announce_every_organisation
from staffing.people.use_cases import announce_every_person

Announce = Callable[[AsyncSession], Awaitable[int]]

ANNOUNCERS: dict[str, tuple[str, Announce]] = {
    "partners.organisations": ("partners", announce_every_organisation),
    "partners.memberships": ("partners", announce_every_membership),
    "partners.member_contacts": ("partners", announce_every_membership),
    "partners.agreement_states": ("partners", announce_every_agreement),
    "activities.contacts": ("activities", announce_every_contact),
    "activities.account_persons": ("activities", announce_every_contact),
    "staffing.people": ("staffing", announce_every_person),
}


def republish(
    topic: Annotated[str, typer.Argument(help=f"One of {', '.join(ANNOUNCERS)}; or all.")],
    directory: Annotated[Path | None, typer.Option(help="Where the running platform keeps its data.")] = None,
) -> None:
    """Announce the present state of everything on a compacted topic again; receivers keep the newest version."""
    if topic != "all" and topic not in ANNOUNCERS:
        say(f"{topic} is not a compacted topic; say one of {', '.join(ANNOUNCERS)}, or all")
        raise typer.Exit(2)
    try:
        told = asyncio.run(republish_topics([topic], (directory or default_directory()).resolve()))
    except NotRunning as error:
        say(str(error))
        raise typer.Exit(1) from error
    say(f"{told} announced again")


async def republish_topics(topics: list[str], directory: Path) -> int:
    """Announce what these topics carry ("all": every one), each announcer once; returns how many were told."""
    wanted = list(ANNOUNCERS) if topics == ["all"] else topics
    told = 0
    for service, announce in dict.fromkeys(ANNOUNCERS[topic] for topic in wanted):
        async with worker_database(service, directory) as database:
            async with database.transaction() as session:
                context = await _everybody(session, service)
            async with database.transaction(context) as session:
                told += await announce(session)
    return told


async def _everybody(session: AsyncSession, service: str) -> Context:
    """A context that names all organisations, for work that concerns all alike."""
    if service == "partners":
        ids = await list_organisation_ids(session)
    else:
        ids = (await session.scalars(select(known_organisations.c.organisation_id))).all()
    return {ORGANISATIONS_SETTING: uuid_array(frozenset(ids)), ACTOR_SETTING: "operator maillage republish"}

"""`maillage grant`: makes somebody an admin of a federation, which no account may do over HTTP."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from access.principals import Account
from common.database import ACTOR_SETTING, Database
from maillage.console import say
from maillage.people import find_person, full_name
from maillage.places import default_directory
from maillage.running import NotRunning, RunningStack, find_running_stack
from partners.memberships.use_cases import grant_first_admin

ACTOR = "operator maillage grant"


def grant(
    subject: Annotated[str, typer.Argument(help="Who: the subject of the account at the identity provider.")],
    federation: Annotated[str, typer.Option(help="The federation's name; it is founded if need be.")],
    slug: Annotated[str, typer.Option(help="The federation's short name in addresses.")],
    name: Annotated[str | None, typer.Option(help="How the person is called; known for the demo people.")] = None,
    email: Annotated[str | None, typer.Option(help="Where the person is written to.")] = None,
    language: Annotated[str, typer.Option(help="In which language: fr, nl, de or en.")] = "fr",
    directory: Annotated[Path | None, typer.Option(help="Where the running platform keeps its data.")] = None,
) -> None:
    """Make an account the first admin of a federation."""
    known = find_person(subject)
    display_name = name or (full_name(known) if known else None)
    address = email or (known.email if known else None)
    if display_name is None or address is None:
        say(f"{subject} is none of the demo people: say --name and --email")
        raise typer.Exit(2)
    try:
        stack = find_running_stack((directory or default_directory()).resolve())
    except NotRunning as error:
        say(str(error))
        raise typer.Exit(1) from error
    language = known.locale if known else language
    asyncio.run(grant_admin(stack, subject, federation, slug, display_name, address, language))
    say(f"{display_name} is an admin of {federation}")


async def grant_admin(
    stack: RunningStack, subject: str, federation: str, slug: str, display_name: str, email: str, language: str
) -> None:
    """As the worker of partners; again changes nothing."""
    database = Database()
    database.connect(stack.environments["partners"]["PARTNERS_WORKER_DATABASE_URL"], connections_max=1)
    account = Account(stack.issuer, subject)
    try:
        async with database.transaction({ACTOR_SETTING: ACTOR}) as session:
            await grant_first_admin(
                session, federation, slug, account, display_name=display_name, email=email, language=language
            )
    finally:
        await database.close()

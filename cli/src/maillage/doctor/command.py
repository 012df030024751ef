"""`maillage doctor`: what is wrong with the platform, and what to do about it."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from maillage.console import say
from maillage.doctor.checks import CHECKS
from maillage.doctor.platform import find_platform
from maillage.doctor.report import as_json, checks_before_installation, examine, is_healthy, show
from maillage.places import default_directory
from maillage.running import NotRunning


def doctor(
    pre: Annotated[bool, typer.Option("--pre", help="Only what must hold before the first installation.")] = False,
    as_machine: Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")] = False,
    topics: Annotated[Path | None, typer.Option(help="The declared topics; default: deploy/topics.yaml.")] = None,
    directory: Annotated[Path | None, typer.Option(help="Where the running platform keeps its data.")] = None,
) -> None:
    """Examine everything the platform stands on. Ends with 1 when something is broken."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        platform = find_platform((directory or default_directory()).resolve(), topics)
    except NotRunning as error:
        say(f"{error}, or set the services' environment variables as their containers have them")
        raise typer.Exit(2) from error
    examined = asyncio.run(examine(platform, checks_before_installation() if pre else CHECKS))
    if as_machine:
        typer.echo(as_json(examined))
    else:
        show(examined)
    if not is_healthy(examined):
        raise typer.Exit(1)

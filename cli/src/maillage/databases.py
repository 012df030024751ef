"""`maillage databases`: prepares a PostgreSQL server for the services, and says the addresses that they need."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
import yaml

from maillage.console import say
from maillage.embedded.databases import database_urls, load_passwords, prepare_databases
from maillage.stack_options import SERVICES

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Prepare PostgreSQL for the services.")

Passwords = Annotated[Path, typer.Option(help="File with the password of each role; missing ones are drawn. Keep it.")]


@app.command()
def make(
    passwords: Passwords,
    superuser_url: Annotated[
        str,
        typer.Option(envvar="MAILLAGE_DATABASE_URL", help="Of a superuser: postgresql://name:password@host:port/db"),
    ],
) -> None:
    """Make the database and the six roles of each service; again only sets the passwords."""
    asyncio.run(prepare_databases(superuser_url, SERVICES, load_passwords(passwords, SERVICES)))
    say(f"the databases of {', '.join(SERVICES)} are there")


@app.command()
def secrets(
    passwords: Passwords,
    server: Annotated[str, typer.Option(help="postgresql://host:port?sslmode=verify-full, as the services reach it.")],
) -> None:
    """Print the Secrets that the chart expects, for `kubectl apply -f -`."""
    known = load_passwords(passwords, SERVICES)
    for service in SERVICES:
        typer.echo("---\n" + yaml.safe_dump(_secret(service, database_urls(server, service, known)), sort_keys=False))


def _secret(service: str, urls: dict[str, str]) -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": f"maillage-{service}-database"},
        "stringData": {f"{purpose}-url": url for purpose, url in urls.items()},
    }

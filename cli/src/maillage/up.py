"""`maillage up`: boots the embedded stack, shows where everything is, and stays until it is told to stop."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.table import Table

from maillage.console import console, say, step
from maillage.embedded.kafka_jars import KafkaUnavailable
from maillage.embedded.part import PartFailed
from maillage.people import DEMO_PASSWORD
from maillage.places import default_directory
from maillage.stack import Stack
from maillage.stack_lock import AlreadyRunning, hold_directory
from maillage.stack_options import StackOptions, WrongSetting, broker_from_environment
from maillage.supervisor import Supervisor


def up(
    directory: Annotated[Path | None, typer.Option(help="Where data, secrets and logs are kept.")] = None,
) -> None:
    """Start the whole platform on this machine; Ctrl-C stops it."""
    started_at = time.monotonic()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        options = StackOptions((directory or default_directory()).resolve(), broker_from_environment())
        with hold_directory(options.directory), _stopping(Stack(options, step, say)) as stack:
            stack.boot()
            console.print(_addresses(stack))
            console.print(_sign_ins(stack))
            console.print(f"Ready in {time.monotonic() - started_at:.1f} s. Ctrl-C stops everything.")
            Supervisor(stack, say).watch()
    except (AlreadyRunning, KafkaUnavailable, PartFailed, WrongSetting) as error:
        say(f"Maillage could not start: {error}")
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        console.print("Stopped.")


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def _stopping(stack: Stack) -> Iterator[Stack]:
    """Stops the stack whatever happens; a second Ctrl-C does not leave half of it running."""
    try:
        yield stack
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        with step("everything is stopped"):
            stack.stop()


def _addresses(stack: Stack) -> Table:
    table = Table("what", "where", title="Addresses")
    for service, url in stack.base_urls.items():
        table.add_row(service, f"{url}/api/{service}/v1")
    table.add_row("captured mail", stack.mail.page_url)
    table.add_row("sign-in (OpenID Connect)", stack.issuer)
    table.add_row("Kafka", stack.bootstrap_servers)
    if stack.postgres is not None:
        table.add_row("PostgreSQL", f"127.0.0.1:{stack.postgres.port}")
    table.add_row("logs", str(stack.directory / "logs"))
    return table


def _sign_ins(stack: Stack) -> Table:
    table = Table("user name", "password", "name", "language", title="Sign-ins")
    for person in stack.options.people if stack.identity is not None else ():
        shown = person.password if person.password == DEMO_PASSWORD else "(chosen)"
        table.add_row(person.user_name, shown, f"{person.given_name} {person.family_name}", person.locale)
    return table

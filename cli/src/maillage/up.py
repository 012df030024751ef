"""`maillage up`: boots the embedded stack, shows where everything is, and stays until it is told to stop."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from maillage.console import console, say, step
from maillage.embedded.kafka_jars import KafkaUnavailable
from maillage.embedded.part import PartFailed
from maillage.embedded.ports import PortTaken
from maillage.places import REPUBLISH_AT_START, default_directory
from maillage.showing import addresses, sign_ins
from maillage.stack import Stack
from maillage.stack_lock import AlreadyRunning, hold_directory
from maillage.stack_options import StackOptions, WrongSetting, broker_from_environment
from maillage.stopping import interrupt_on_termination, stopping
from maillage.supervisor import Supervisor


def up(
    directory: Annotated[Path | None, typer.Option(help="Where data, secrets and logs are kept.")] = None,
    story: Annotated[
        bool, typer.Option("--story", help="Load the demo federation and play the story of a booking, once.")
    ] = False,
) -> None:
    """Start the whole platform on this machine; Ctrl-C stops it."""
    started_at = time.monotonic()
    interrupt_on_termination()
    try:
        options = StackOptions((directory or default_directory()).resolve(), broker_from_environment())
        with hold_directory(options.directory), stopping(Stack(options, step, say)) as stack:
            stack.boot()
            console.print(f"Ready in {time.monotonic() - started_at:.1f} s.")
            restored = stack.directory / REPUBLISH_AT_START
            if restored.exists() or (stack.broker is not None and stack.broker.is_volatile):
                _run(stack, "republish", "all")
                _run(stack, "reapply")
                restored.unlink(missing_ok=True)
            if story:
                _prepare(stack)
            console.print(addresses(stack))
            console.print(sign_ins(stack))
            console.print("Ctrl-C stops everything.")
            Supervisor(stack, say).watch()
    except (AlreadyRunning, KafkaUnavailable, PartFailed, PortTaken, WrongSetting) as error:
        say(f"Maillage could not start: {error}")
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        console.print("Stopped.")


def _prepare(stack: Stack) -> None:
    """The platform stays up when the story breaks, so that one can look at what happened."""
    subprocess.run([sys.executable, "-m", "maillage.story_run", str(stack.directory)], check=False)


def _run(stack: Stack, *command: str) -> None:
    """After a restore, or when the broker forgot everything at its last stop: what it knew is announced again."""
    told = [sys.executable, "-m", "maillage.main", *command, "--directory", str(stack.directory)]
    subprocess.run(told, check=False)

"""`maillage story`: plays the story of a booking and says by its exit status whether every statement holds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from maillage.console import say, step
from maillage.embedded.kafka_jars import KafkaUnavailable
from maillage.embedded.part import PartFailed
from maillage.embedded.ports import PortTaken
from maillage.places import default_directory
from maillage.running import NotRunning, RunningStack, find_running_stack
from maillage.stack import Stack
from maillage.stack_lock import AlreadyRunning, hold_directory
from maillage.stack_options import StackOptions, WrongSetting, broker_from_environment
from maillage.stopping import interrupt_on_termination, stopping
from maillage.story_run import StoryBroke, play, result_path


def story(
    directory: Annotated[Path | None, typer.Option(help="Where data, secrets and logs are kept.")] = None,
    result: Annotated[Path | None, typer.Option(help="Where the result is written.")] = None,
) -> None:
    """Play the story of a booking and check its end; starts the platform if it does not run here."""
    interrupt_on_termination()
    home = (directory or default_directory()).resolve()
    try:
        with _running(home) as stack:
            holds = play(stack, home, (result or result_path()).resolve()).holds
    except (AlreadyRunning, KafkaUnavailable, PartFailed, PortTaken, StoryBroke, WrongSetting) as error:
        say(f"The story could not be played: {error}")
        raise typer.Exit(1) from error
    except KeyboardInterrupt as interrupt:
        say("Stopped.")
        raise typer.Exit(130) from interrupt
    raise typer.Exit(0 if holds else 1)


@contextmanager
def _running(directory: Path) -> Iterator[RunningStack]:
    """The stack that runs from the directory, else one of our own until the block ends."""
    try:
        yield find_running_stack(directory)
        return
    except NotRunning:
        pass
    started_at = time.monotonic()
    options = StackOptions(directory, broker_from_environment())
    with hold_directory(directory), stopping(Stack(options, step, say)) as stack:
        stack.boot()
        say(f"Ready in {time.monotonic() - started_at:.1f} s.")
        yield stack.describe()

"""Loads the demo federation into a running stack and plays the story: `python -m maillage.story_run <directory>`.

`maillage up` leaves it to a process of its own: what it needs in memory goes when it ends.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maillage.console import console, say
from maillage.demo.loader import BegunTooLongAgo, load_demo
from maillage.demo.state import DemoState
from maillage.embedded.sign_in import SignInRefused
from maillage.places import build_directory
from maillage.running import RunningStack, find_running_stack
from maillage.signed_in import Platform, Refused
from maillage.story.changes import NotRefused
from maillage.story.play import StoryResult, play_story
from maillage.waiting import NotInTime

RESULT_NAME = "story.json"


class StoryBroke(Exception):
    """A step could not be played; the text says which question was answered how."""


def result_path() -> Path:
    return build_directory() / RESULT_NAME


def play(stack: RunningStack, directory: Path, path: Path) -> StoryResult:
    """Writes the result to `path`; raises StoryBroke."""

    with _told_plainly():
        return asyncio.run(_load_and_play(stack, directory, path))


async def _load_and_play(stack: RunningStack, directory: Path, path: Path) -> StoryResult:
    async with Platform(stack) as platform:
        return await _play(platform, await load_demo(platform, directory), directory, path)


async def _play(platform: Platform, state: DemoState, directory: Path, path: Path) -> StoryResult:
    result = await play_story(platform, state, directory)
    result.save(path)
    say(f"The result is in {path}")
    return result


def prepare(stack: RunningStack, directory: Path) -> None:
    """Loads what is missing; plays the story unless it was played to its end on this data before. Raises StoryBroke."""

    with _told_plainly():
        asyncio.run(_load_and_play_once(stack, directory))


async def _load_and_play_once(stack: RunningStack, directory: Path) -> None:
    async with Platform(stack) as platform:
        state = await load_demo(platform, directory)
        if state.was_story_played:
            console.print("The story was played on this data before; [bold]maillage story[/] plays it again.")
        else:
            await _play(platform, state, directory, result_path())


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except (BegunTooLongAgo, NotInTime, NotRefused, Refused, SignInRefused) as error:
        raise StoryBroke(str(error)) from error


def main(directory: Path) -> int:
    """Exit code: 0 when there was nothing left to play, or it was played."""
    try:
        prepare(find_running_stack(directory), directory)
    except StoryBroke as error:
        say(f"The story could not be played: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

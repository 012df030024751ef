"""Loads the demo federation into a running stack and plays the story on it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maillage.console import console, say
from maillage.demo.loader import BegunTooLongAgo, load_demo
from maillage.demo.state import DemoState
from maillage.embedded.sign_in import SignInRefused
from maillage.places import build_directory
from maillage.running import RunningStack
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

    async def load_and_play() -> StoryResult:
        async with Platform(stack) as platform:
            state = await load_demo(platform, directory)
            return await play_story(platform, state, directory)

    with _told_plainly():
        result = asyncio.run(load_and_play())
    result.save(path)
    say(f"The result is in {path}")
    return result


def prepare(stack: RunningStack, directory: Path) -> None:
    """Loads what is missing; plays the story unless it was played on this data before. Raises StoryBroke."""

    async def load() -> DemoState:
        async with Platform(stack) as platform:
            return await load_demo(platform, directory)

    with _told_plainly():
        state = asyncio.run(load())
    if state.was_story_played:
        console.print("The story was played on this data before; [bold]maillage story[/] plays it again.")
    else:
        play(stack, directory, result_path())


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except (BegunTooLongAgo, NotInTime, NotRefused, Refused, SignInRefused) as error:
        raise StoryBroke(str(error)) from error

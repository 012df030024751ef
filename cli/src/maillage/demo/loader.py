"""Plays the description of the demo federation into a running stack, through the public HTTP APIs only."""

from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from maillage.captured_mail import CapturedMail
from maillage.console import console
from maillage.demo.generator import describe_demo
from maillage.demo.load_cooperation import COOPERATION, load_cooperation
from maillage.demo.load_means import RESOURCES, SUPERVISED_SESSIONS, load_means
from maillage.demo.load_offers import load_offers
from maillage.demo.load_organisations import load_organisations
from maillage.demo.load_people import load_people
from maillage.demo.load_workers import OPEN_SHIFTS, load_workers
from maillage.demo.loading import Loading
from maillage.demo.model import Demo
from maillage.demo.offers import DAYS_AHEAD
from maillage.demo.state import DemoState, load_state, new_state
from maillage.signed_in import Platform, Refused


class BegunTooLongAgo(Exception):
    """An interrupted loading cannot go on: sessions that it would plan lie in the past by now."""


async def load_demo(platform: Platform, directory: Path) -> DemoState:
    """What is there already stays as it is, so that an interrupted loading goes on; raises BegunTooLongAgo, Refused."""
    state = load_state(directory)
    if state.is_complete:
        if await _is_there(platform, state):
            console.print("The demo federation is there already.")
            return state
        state = new_state()
    if (new_state().day - state.day).days >= DAYS_AHEAD:
        raise BegunTooLongAgo(f"this federation was begun on {state.day}: start afresh without {directory}")
    # The day is kept before anything is made: the keys of the requests must always ask for the same.
    state.save(directory)
    demo = describe_demo(state.day)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("demo federation", total=_size(demo))

        def advance(what: str) -> None:
            progress.update(task, advance=1, description=f"demo federation: {what[:36]:<36}")

        loading = Loading(platform, CapturedMail(platform.stack), demo, state, advance)
        for load in (load_organisations, load_offers, load_people, load_workers, load_means, load_cooperation):
            await load(loading)
            state.save(directory)
        progress.update(task, description="demo federation is loaded")
    state.is_complete = True
    state.save(directory)
    return state


async def _is_there(platform: Platform, state: DemoState) -> bool:
    """One question that needs no sign-in: the first published session answers only if the database is the same."""
    first = next(iter(state.sessions.values()))[0]
    try:
        await platform.nobody.get("activities", f"/sessions/{first}")
    except Refused:
        return False
    return True


def _size(demo: Demo) -> int:
    """How often a whole loading advances."""
    linked = sum(household.contact.user_name is not None for household in demo.households)
    parts = (demo.organisations, demo.memberships, demo.programmes, demo.activities, demo.series)
    people = (demo.households, demo.participants, demo.households, demo.workers)
    means = len(demo.activities) + len(SUPERVISED_SESSIONS) + len(RESOURCES) + 1 + sum(OPEN_SHIFTS.values())
    return 1 + COOPERATION + sum(len(part) for part in (*parts, *people)) + linked + means

"""The story of a booking, from the first place to the settlement: played, shown, and checked."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from pydantic import BaseModel
from rich.table import Table

from maillage.captured_mail import CapturedMail
from maillage.console import console
from maillage.demo.state import DemoState
from maillage.signed_in import Platform
from maillage.story import attendance, changes, opening, rota, sharing
from maillage.story.checks import Check, check_end_state
from maillage.story.expected import quarter_of
from maillage.story.probes import Probes, euros
from maillage.story.reading import Reading
from maillage.story.stage import PlayedStep, Stage

CAST = ("amelie", "amina", "greta", "pieter", "els", "sofia", "noah", "karim", "hanna", "marta", "lotte", "federica")
STEPS: tuple[Callable[[Stage, Probes], Awaitable[None]], ...] = (
    opening.open_workshop,
    opening.book_two_children,
    opening.book_six_residents,
    opening.wait_for_a_place,
    opening.assign_supervisor,
    changes.give_up_a_place,
    changes.accept_the_offer,
    changes.move_the_workshop,
    changes.fill_the_show,
    changes.call_the_show_off,
    rota.propose_and_assign,
    rota.cannot_come,
    rota.step_in,
    sharing.hold_for_a_trip,
    sharing.want_the_same_minibus,
    attendance.fill_the_rehearsal,
    attendance.record_who_came,
    attendance.correct_who_came,
    attendance.hold_the_warm_up,
    attendance.close_the_warm_up,
)


class StoryResult(BaseModel):
    """What `build/story.json` holds."""

    steps: list[PlayedStep]
    checks: list[Check]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether every effect was seen and every statement about the end state is true."""
        is_seen = all(effect.after_ms is not None for step in self.steps for effect in step.effects)
        return is_seen and bool(self.checks) and all(check.ok for check in self.checks)

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.model_dump_json(indent=1))


async def play_story(platform: Platform, state: DemoState, directory: Path) -> StoryResult:
    """On sessions of its own, so that it can be played again on the same data; raises Refused, NotInTime."""
    state.story_runs += 1
    state.save(directory)
    stage = Stage(platform, CapturedMail(platform.stack), state)
    reading = Reading(stage)
    await _sign_in_everybody(stage)
    started_at = time.monotonic()
    nets_before = await _nets(reading)
    for step in STEPS:
        await step(stage, Probes(reading))
    with console.status("reading everything back"):
        checks = await check_end_state(reading, nets_before)
    result = StoryResult(steps=stage.played, checks=checks, seconds=round(time.monotonic() - started_at, 1))
    await _show(reading, result)
    state.was_story_played = True
    state.save(directory)
    return result


async def _sign_in_everybody(stage: Stage) -> None:
    for user_name in CAST:
        with console.status(f"{user_name} signs in"):
            await stage.person(user_name)


async def _nets(reading: Reading) -> dict[str, int]:
    """Before the story: the quarters of today and of the workshop."""
    days = (reading.stage.today(), reading.stage.workshop_starts_at.date())
    return {quarter: await reading.net("sofia", quarter) for quarter in {quarter_of(day) for day in days}}


async def _show(reading: Reading, result: StoryResult) -> None:
    console.print(await _settlement_table(reading))
    console.print(_check_table(result))
    good = sum(check.ok for check in result.checks)
    verdict = "[green]holds[/]" if result.holds else "[red]does not hold[/]"
    console.print(f"The story {verdict}: {good} of {len(result.checks)} statements, {result.seconds:.1f} s.")


async def _settlement_table(reading: Reading) -> Table:
    """Who owes whom, with the bookings behind it."""
    table = Table("booking", "the home owes", "the youth house owes", title="Settlement between the associations")
    total = [0, 0]
    for name in reading.stage.bookings:
        owed = await reading.settled("sofia", [name])
        total = [before + more for before, more in zip(total, owed, strict=True)]
        table.add_row(name, euros(owed[0]), euros(owed[1]))
    table.add_section()
    table.add_row("together", euros(total[0]), euros(total[1]))
    return table


def _check_table(result: StoryResult) -> Table:
    """How many statements hold, by topic, and in full each one that does not."""
    table = Table("", "statements", "hold", title="The end state, read back")
    for topic in dict.fromkeys(check.topic for check in result.checks):
        about = [check for check in result.checks if check.topic == topic]
        good = sum(check.ok for check in about)
        mark = "[green]✓[/]" if good == len(about) else "[red]✗[/]"
        table.add_row(mark, topic, f"{good} of {len(about)}")
        for check in (check for check in about if not check.ok):
            table.add_row("", f"  {check.name}: [red]{_short(check.actual)}[/], not {_short(check.expected)}", "")
    return table


def _short(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_short(item)}" for name, item in value.items()) or "nothing"
    if isinstance(value, list):
        return ", ".join(_short(item) for item in value) or "nothing"
    return str(value)

"""What was loaded into a stack: the day it was described for, and the ids that the services gave.

Kept in the directory of the stack, beside the databases that it belongs to.
"""

from datetime import date
from pathlib import Path

from pydantic import BaseModel

FILE_NAME = "demo.json"


class DemoState(BaseModel):
    """Ids by the keys of the description; `day` never changes, or the same keys would ask for other things."""

    day: date
    is_complete: bool = False
    story_runs: int = 0
    was_story_played: bool = False
    organisations: dict[str, str] = {}
    programmes: dict[str, str] = {}
    activities: dict[str, str] = {}
    sessions: dict[str, list[str]] = {}
    households: dict[str, str] = {}
    contacts: dict[str, str] = {}
    participants: dict[str, str] = {}
    workers: dict[str, str] = {}
    resources: dict[str, str] = {}

    def save(self, directory: Path) -> None:
        path = directory / FILE_NAME
        unfinished = path.with_suffix(".new")
        unfinished.write_text(self.model_dump_json(indent=1))
        unfinished.replace(path)


def new_state() -> DemoState:
    """For a federation that begins today."""
    return DemoState(day=date.today())  # noqa: DTZ011  The day of whoever starts it


def load_state(directory: Path) -> DemoState:
    """A new one where there is none."""
    path = directory / FILE_NAME
    if not path.is_file():
        return new_state()
    return DemoState.model_validate_json(path.read_text())

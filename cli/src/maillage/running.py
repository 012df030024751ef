"""The stack that runs now, as other commands (`story`, `doctor`, `parked` and so on) find it."""

import os
from pathlib import Path

from pydantic import BaseModel

from maillage.stack_lock import is_held

FILE_NAME = "running.json"
ELSEWHERE = "MAILLAGE_RUNNING"


class NotRunning(Exception):
    """No stack runs from this directory."""


class RunningStack(BaseModel):
    """Holds passwords, so its file is for its owner only."""

    base_urls: dict[str, str]
    issuer: str
    mail_page_url: str
    bootstrap_servers: str
    superuser_url: str
    environments: dict[str, dict[str, str]]

    def save(self, directory: Path) -> None:
        path = directory / FILE_NAME
        with open(path, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(self.model_dump_json(indent=1))


def find_running_stack(directory: Path) -> RunningStack:
    """The one that the file named by MAILLAGE_RUNNING describes, else the one of the directory; raises NotRunning."""
    if elsewhere := os.environ.get(ELSEWHERE):
        return RunningStack.model_validate_json(Path(elsewhere).read_text())
    path = directory / FILE_NAME
    if not is_held(directory) or not path.is_file():
        raise NotRunning(f"Maillage does not run from {directory}: start it with `maillage up`")
    return RunningStack.model_validate_json(path.read_text())

"""Which Kafka the tests of a run have met: written down by every worker, told at the end."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def _file() -> Path:
    """In the folder that the workers of this run share."""
    return Path(os.environ.get("MAILLAGE_TEST_DIRECTORY", tempfile.gettempdir())) / "maillage-brokers-met.txt"


def remember_broker(line: str) -> None:
    """Keep what a broker choice says for the end of the run, and print it for those who look at the output."""
    with _file().open("a") as file:
        file.write(line + "\n")
    print(line)  # noqa: T201


def brokers_met() -> list[str]:
    """What was remembered since the last time, each line once."""
    if not _file().exists():
        return []
    lines = _file().read_text().splitlines()
    _file().unlink()
    return list(dict.fromkeys(lines))

"""Reading a recorded history; imports nothing of the product."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_history(path: Path, what: str) -> list[dict[str, Any]]:
    """The lines of one kind, in the order of writing."""
    lines = (json.loads(line) for line in path.read_text().splitlines())
    return [line for line in lines if line["what"] == what]

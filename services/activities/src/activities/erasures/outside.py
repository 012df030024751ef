"""A list of erasures outside the database: one line each, ids only, written before anything is erased."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Journal:
    """A file that only grows; `open` before the first note."""

    def __init__(self) -> None:
        self._path: Path | None = None

    def open(self, path: str) -> None:
        """Name the file; an empty name keeps no journal."""
        self._path = Path(path) if path else None

    def note(self, erasure: Mapping[str, Any]) -> None:
        """Append one erasure and wait until the disk has it; the same one may come twice."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, (json.dumps(erasure, sort_keys=True) + "\n").encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


journal = Journal()

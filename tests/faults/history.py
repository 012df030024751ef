"""What a run did and was told, one JSON line each, written before anything is judged."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import TracebackType


class History:
    """Appends lines to a file that the checkers read afterwards."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a")

    def note(self, what: str, **facts: object) -> None:
        """Write one line with the time it was written."""
        self._file.write(json.dumps({"what": what, "at": time.time(), **facts}, default=str) + "\n")

    def __enter__(self) -> History:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

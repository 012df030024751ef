"""Starts services by forking them from one process that has their libraries loaded, `maillage.forking`."""

import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired
from time import monotonic, sleep
from typing import Any

import psutil

from maillage.forking import UNKNOWN_EXIT_CODE

POLL_SECONDS = 0.02


class Template:
    """Threads may share one; it starts itself when it is first needed, and again should it have died."""

    def __init__(self) -> None:
        self._process: Popen[bytes] | None = None
        self._lock = threading.Lock()

    def launch(self) -> None:
        """Returns at once: what is asked while it loads waits."""
        if self._process is None or self._process.poll() is not None:
            self._process = Popen(
                [sys.executable, "-m", "maillage.forking"],
                stdin=PIPE,
                stdout=PIPE,
                env={"MALLOC_ARENA_MAX": "1", **os.environ},
                start_new_session=True,
            )

    def fork(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], log_path: Path
    ) -> "ForkedProcess":
        """A process that runs the `main` of a module; raises OSError when the template ends meanwhile."""
        order = {"module": module, "arguments": arguments, "environment": dict(environment), "log_path": str(log_path)}
        with self._lock:
            self.launch()
            return ForkedProcess(self, self._ask({"fork": order}))

    def exit_code(self, pid: int) -> int | None:
        """None while the process runs; UNKNOWN_EXIT_CODE when the template died before it."""
        with self._lock:
            try:
                code = self._ask({"poll": pid})
            except OSError:
                return None if psutil.pid_exists(pid) else UNKNOWN_EXIT_CODE
        return None if code is None else int(code)

    def close(self) -> None:
        """What was forked lives on, and is nobody's child."""
        with self._lock:
            if self._process is not None:
                self._process.communicate()
                self._process = None

    def _ask(self, request: Mapping[str, Any]) -> Any:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise BrokenPipeError("the template does not run")
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise BrokenPipeError("the template ended")
        return json.loads(answer)


class ForkedProcess:
    """What a `Popen` is for a child, for a child of the template."""

    def __init__(self, template: Template, pid: int) -> None:
        self._template = template
        self._exit_code: int | None = None
        self.pid = pid

    def poll(self) -> int | None:
        """Exit code, negative for a signal; None while it runs."""
        if self._exit_code is None:
            self._exit_code = self._template.exit_code(self.pid)
        return self._exit_code

    def wait(self, timeout: float | None = None) -> int:
        """Raises TimeoutExpired after so many seconds."""
        deadline = None if timeout is None else monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and monotonic() > deadline:
                raise TimeoutExpired(str(self.pid), timeout or 0)
            sleep(POLL_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

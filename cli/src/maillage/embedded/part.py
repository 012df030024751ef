"""One child process with a log, a readiness question and a record that outlives a killed parent."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from maillage.embedded.account import CURRENT_IDENTITY, Identity
from maillage.embedded.orphans import end_orphan, write_record

POLL_SECONDS = 0.05
LOG_TAIL_LINES = 15
LOG_BYTES_MAX = 10_000_000


class PartFailed(Exception):
    """A part ended or stayed silent while it should have become ready; the text ends with its last log lines."""


class Process(Protocol):
    """What a part asks of its process; `subprocess.Popen` is one."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, number: int) -> None: ...


class Part:
    """Subclasses say what to prepare, what to run and when it is ready."""

    stop_signal = signal.SIGTERM
    stop_seconds = 10.0
    ready_seconds = 30.0

    def __init__(self, name: str, directory: Path) -> None:
        self.name = name
        self.directory = directory
        self.log_path = directory / "logs" / f"{name}.log"
        self._record_path = directory / "run" / f"{name}.pid"
        self._process: Process | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    def prepare(self) -> None:
        """Runs before each launch; may be repeated."""

    def environment(self) -> Mapping[str, str]:
        """Added to the environment of the parent."""
        return {}

    def identity(self) -> Identity:
        """Who the process runs as."""
        return CURRENT_IDENTITY

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Raises PartFailed when the part was never launched."""
        if self._process is None:
            raise PartFailed(f"{self.name} was not launched")
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def start(self) -> None:
        """Returns when the part is ready; raises PartFailed."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Returns at once; ends the orphan of an earlier parent first. A running part is left alone."""
        if self.is_running:
            return
        end_orphan(self._record_path)
        self._begin_log()
        self.prepare()
        self._process = self.begin({"MALLOC_ARENA_MAX": "1", **os.environ, **self.environment()})
        write_record(self._record_path, self.pid, self.stop_signal)

    def begin(self, environment: Mapping[str, str]) -> Process:
        """A process in a session of its own, whose output goes to the log."""
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                self.command(),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self.identity(),
            )

    def wait_until_ready(self) -> None:
        """Raises PartFailed when the process ends or `ready_seconds` pass."""
        deadline = time.monotonic() + self.ready_seconds
        while not self.is_ready():
            if not self.is_running:
                raise PartFailed(f"{self.name} ended with {self.exit_code}{self._log_tail()}")
            if time.monotonic() > deadline:
                raise PartFailed(f"{self.name} was not ready in {self.ready_seconds:.0f} s{self._log_tail()}")
            time.sleep(POLL_SECONDS)

    def request_stop(self) -> None:
        """Sends the stop signal and returns; `stop` waits."""
        if self.is_running:
            self._signal(self.stop_signal)

    def stop(self) -> None:
        """Ends the process, by force after `stop_seconds`."""
        self.request_stop()
        self.wait_until_ended()
        self._record_path.unlink(missing_ok=True)

    def wait_until_ended(self) -> None:
        """After a request to stop; kills the process when `stop_seconds` have passed."""
        if self._process is not None:
            try:
                self._process.wait(self.stop_seconds)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """kill -9, for fault tests and for what does not listen."""
        if self._process is not None and self.is_running:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _begin_log(self) -> None:
        """Keeps one older log besides the one that is written."""
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        if self.log_path.is_file() and self.log_path.stat().st_size > LOG_BYTES_MAX:
            self.log_path.replace(self.log_path.with_suffix(".log.old"))

    def _log_tail(self) -> str:
        if not self.log_path.is_file():
            return ""
        lines = self.log_path.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
        return "\n".join([f"; the end of {self.log_path}:", *lines])

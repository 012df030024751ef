import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from maillage.forking import UNKNOWN_EXIT_CODE
from maillage.template import Template

PATIENCE_SECONDS = 20
PROBE = """
import os, sys, time
from common.ids import new_id

def main(arguments):
    print(new_id(), os.environ["PROBE"], *arguments, flush=True)
    if "stay" in arguments:
        time.sleep(60)
    if "fail" in arguments:
        raise RuntimeError("as asked")
    return 3
"""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Template]:
    (tmp_path / "probe.py").write_text(PROBE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    template = Template()
    yield template
    template.close()


def test_a_forked_process_has_its_own_environment_log_and_exit_code(template: Template, tmp_path: Path) -> None:
    first = template.fork("probe", ["one"], {"PROBE": "blue"}, tmp_path / "first.log")
    second = template.fork("probe", ["two", "fail"], {"PROBE": "red"}, tmp_path / "second.log")
    assert (first.wait(PATIENCE_SECONDS), second.wait(PATIENCE_SECONDS)) == (3, 1)
    assert (tmp_path / "first.log").read_text().split()[1:] == ["blue", "one"]
    assert "RuntimeError: as asked" in (tmp_path / "second.log").read_text()


def test_forked_processes_draw_different_ids(template: Template, tmp_path: Path) -> None:
    logs = [tmp_path / f"{number}.log" for number in range(8)]
    for process in [template.fork("probe", [], {"PROBE": "same"}, log) for log in logs]:
        process.wait(PATIENCE_SECONDS)
    tails = {log.read_text().split()[0].replace("-", "")[16:] for log in logs}
    assert len(tails) == len(logs), "a generator of random numbers is shared over the fork"


def test_a_kill_is_seen_and_told(template: Template, tmp_path: Path) -> None:
    process = template.fork("probe", ["stay"], {"PROBE": "-"}, tmp_path / "stay.log")
    wait_until(lambda: psutil.Process(process.pid).cmdline()[0] == "maillage: stay")
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0)
    process.send_signal(signal.SIGKILL)
    assert process.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    process.send_signal(signal.SIGKILL)


def test_what_was_forked_outlives_a_dead_template_and_is_still_watched(template: Template, tmp_path: Path) -> None:
    log = tmp_path / "stay.log"
    process = template.fork("probe", ["stay"], {"PROBE": "-"}, log)
    wait_until(lambda: log.is_file() and "stay" in log.read_text())
    parent = psutil.Process(process.pid).parent()
    assert parent is not None
    parent.kill()
    parent.wait(PATIENCE_SECONDS)
    assert process.poll() is None
    again = template.fork("probe", [], {"PROBE": "-"}, tmp_path / "again.log")
    assert again.wait(PATIENCE_SECONDS) == 3
    process.send_signal(signal.SIGKILL)
    assert process.wait(PATIENCE_SECONDS) == UNKNOWN_EXIT_CODE


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)

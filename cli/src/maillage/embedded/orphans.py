"""Children that outlived a parent killed with -9: they hold the data and the ports that the next run needs."""

from pathlib import Path

import psutil

PATIENCE_SECONDS = 10


def write_record(path: Path, pid: int, stop_signal: int) -> None:
    """The time of birth goes with the number, for numbers are given again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{pid} {psutil.Process(pid).create_time()} {int(stop_signal)}\n")


def end_orphans(records: Path) -> None:
    """All that the folder records; only for whoever holds the directory of the stack."""
    for path in records.glob("*.pid"):
        end_orphan(path)


def end_orphan(path: Path) -> None:
    """Asks with the signal that the part wants, and kills what does not listen."""
    found = _recorded_process(path)
    if found is None:
        return
    orphan, stop_signal = found
    orphan.send_signal(stop_signal)
    try:
        orphan.wait(PATIENCE_SECONDS)
    except psutil.TimeoutExpired:
        orphan.kill()


def _recorded_process(path: Path) -> tuple[psutil.Process, int] | None:
    """None when the recorded process is gone, or its number now belongs to another one."""
    try:
        pid, created_at, stop_signal = path.read_text().split()
        process = psutil.Process(int(pid))
        is_same = process.create_time() == float(created_at) and process.status() != psutil.STATUS_ZOMBIE
        return (process, int(stop_signal)) if is_same else None
    except (OSError, ValueError, psutil.Error):
        return None

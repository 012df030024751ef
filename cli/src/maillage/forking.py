"""A process that has loaded what every service needs, and becomes a service by forking: `python -m maillage.forking`.

Loading takes seconds and tens of megabytes a process; the forked share both. It reads one request a line, answers each
with one line, and ends at the end of its input; what it has forked lives on.
"""

import gc
import json
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NoReturn

import psutil
from setproctitle import setproctitle

SHARED_MODULES = ("access.serving", "common.commands", "maillage.host")
UNKNOWN_EXIT_CODE = 255


def serve() -> None:
    """The modules named may start no thread and open nothing, for a forked process would share it."""
    for name in SHARED_MODULES:
        import_module(name)
    setproctitle("maillage: template of services")  # Finds its place in memory by the first environment only.
    gc.collect()
    gc.freeze()  # A collector that visits the shared pages would copy them.
    for line in sys.stdin:
        request = json.loads(line)
        answer = _exit_code(request["poll"]) if "poll" in request else _fork(**request["fork"])
        print(json.dumps(answer), flush=True)


def _fork(module: str, arguments: Sequence[str], environment: Mapping[str, str], log_path: str) -> int:
    pid = os.fork()
    if pid == 0:
        _become(module, arguments, environment, log_path)
    return pid


def _become(module: str, arguments: Sequence[str], environment: Mapping[str, str], log_path: str) -> NoReturn:
    code = 1
    try:
        os.setsid()
        _redirect(log_path)
        os.environ.clear()
        os.environ.update(environment)
        setproctitle(" ".join(["maillage:", *arguments]))
        code = import_module(module).main(arguments)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _redirect(log_path: str) -> None:
    """The pipes of the template are not for its children."""
    log = os.open(log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)


def _exit_code(pid: int) -> int | None:
    """Negative for a signal; None while the process runs. Of another parent's child only the end can be seen."""
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return None if psutil.pid_exists(pid) else UNKNOWN_EXIT_CODE
    return os.waitstatus_to_exitcode(status) if ended else None


if __name__ == "__main__":
    serve()

"""TCP ports on the loopback address: free ones, and the same ones again after a restart."""

import json
import random
import socket
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType

HIGHEST_PORT = 65535
# Below the ports that systems give to outgoing connections: those could be taken while a server restarts.
LOWEST_CHOSEN_PORT = 20_000
HIGHEST_CHOSEN_PORT = 32_000


def free_port() -> int:
    """A random one; another process may take it before it is used, so use it soon."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Random and all different."""
    shuffled = random.sample(range(LOWEST_CHOSEN_PORT, HIGHEST_CHOSEN_PORT), HIGHEST_CHOSEN_PORT - LOWEST_CHOSEN_PORT)
    return list(islice(filter(is_free, shuffled), count))


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class PortTaken(Exception):
    """A port that must stay the same is in use by another program."""


def keep_ports(
    path: Path,
    defaults: Mapping[str, int],
    say: Callable[[str], None],
    immovable: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, int]:
    """Port by name as in the file, else the default; the next free one, kept and said, where it is taken.

    Those that may not move say why: when the port of one in the file is taken, raises PortTaken and keeps nothing.
    """
    kept: dict[str, int] = json.loads(path.read_text())["ports"] if path.is_file() else {}
    ports: dict[str, int] = {}
    for name, default in defaults.items():
        wanted = kept.get(name, default)
        reserved = {*ports.values(), *defaults.values()} - {wanted}
        if name in immovable and name in kept and not is_free(wanted):
            raise PortTaken(
                f"port {wanted} is taken by another program, and {name} must stay there: {immovable[name]}."
                f" End that program (lsof -i :{wanted} names it) and start again; or begin anew with make clean-data."
            )
        ports[name] = _next_free(wanted, reserved)
        if ports[name] != wanted:
            say(f"port {wanted} is taken: {name} answers on {ports[name]}")
    path.write_text(json.dumps({"ports": kept | ports}, indent=1) + "\n")
    return ports


def _next_free(port: int, reserved: set[int]) -> int:
    candidates = range(port, HIGHEST_PORT)
    return next(candidate for candidate in candidates if candidate not in reserved and is_free(candidate))

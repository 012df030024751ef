import socket
from pathlib import Path

from maillage.embedded.ports import free_ports, keep_ports


def test_a_taken_port_is_replaced_by_the_next_free_one_and_said(tmp_path: Path) -> None:
    (wanted,) = free_ports(1)
    said: list[str] = []
    with socket.create_server(("127.0.0.1", wanted)):
        ports = keep_ports(tmp_path / "stack.json", {"mail": wanted}, said.append)
    assert ports["mail"] > wanted
    assert said == [f"port {wanted} is taken: mail answers on {ports['mail']}"]
    assert keep_ports(tmp_path / "stack.json", {"mail": wanted}, said.append) == ports, "kept for the next start"


def test_two_parts_never_get_the_same_port(tmp_path: Path) -> None:
    (first,) = free_ports(1)
    with socket.create_server(("127.0.0.1", first)):
        ports = keep_ports(tmp_path / "stack.json", {"mail": first, "smtp": first + 1}, lambda _text: None)
    assert len(set(ports.values())) == 2

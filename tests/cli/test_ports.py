import json
import socket
from pathlib import Path

import pytest

from maillage.embedded.ports import PortTaken, free_ports, keep_ports
from maillage.stack import Stack
from maillage.stack_options import StackOptions


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


def test_a_later_start_refuses_to_move_sign_in_and_says_what_to_do(tmp_path: Path) -> None:
    path, (port,) = tmp_path / "stack.json", free_ports(1)
    path.write_text(json.dumps({"ports": {"identity": port}}))
    before = path.read_text()
    with socket.create_server(("127.0.0.1", port)):
        with pytest.raises(PortTaken, match=rf"port {port} is taken.*End that program.*start again"):
            Stack(StackOptions(tmp_path, external_issuer=None))
        assert path.read_text() == before, "the next start must still want the same port"
        Stack(StackOptions(tmp_path, external_issuer="https://sign-in.example.org"))


def test_the_first_start_may_choose_where_sign_in_answers(tmp_path: Path) -> None:
    (first,) = free_ports(1)
    with socket.create_server(("127.0.0.1", first)):
        ports = keep_ports(tmp_path / "stack.json", {"identity": first}, lambda _text: None, {"identity": "so"})
    assert ports["identity"] > first

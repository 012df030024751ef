"""Parts of the embedded stack on free ports, in temporary directories."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maillage.embedded.ports import free_port
from maillage.embedded.postgres import PostgreSQL


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[PostgreSQL]:
    server = PostgreSQL(tmp_path, free_port())
    server.start()
    yield server
    server.stop()

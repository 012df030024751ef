"""Parts of the embedded stack on free ports, in temporary directories."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from maillage.embedded.ports import free_port
from maillage.embedded.postgres import PostgreSQL


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Outside the folder of pytest, which each run that starts closes to others: as root, PostgreSQL is another."""
    directory = Path(tempfile.mkdtemp(prefix="maillage-test-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[PostgreSQL]:
    server = PostgreSQL(tmp_path, free_port())
    server.start()
    yield server
    server.stop()

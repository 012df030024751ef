"""Directories for whole stacks."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Outside the folder of pytest, which each run that starts closes to others: as root, PostgreSQL is another."""
    directory = Path(tempfile.mkdtemp(prefix="maillage-test-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)

"""Copies of the sources in which a test plants a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.source_tree import SourceTree


@pytest.fixture
def planted(tmp_path: Path) -> SourceTree:
    """A copy of all sources, to be broken by the test."""
    return SourceTree().copy(tmp_path)

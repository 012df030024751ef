"""Tests of the activities service."""

from __future__ import annotations

import pytest


@pytest.fixture
def service() -> str:
    """Which service `service_world` serves."""
    return "activities"

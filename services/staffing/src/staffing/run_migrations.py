"""Brings the service's database to the newest revision, and ends."""

from __future__ import annotations

from pathlib import Path

from common.upgrading import upgrade
from staffing.settings import Settings

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def run(settings: Settings) -> None:
    """Run the missing migrations as the owner."""
    upgrade(settings.owner_database_url, VERSIONS)


if __name__ == "__main__":
    run(Settings())

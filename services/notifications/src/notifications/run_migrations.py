"""Brings the service's database to the newest revision, and ends; with --wait only waits until that is done."""

from __future__ import annotations

from pathlib import Path

from common.upgrading import migrate_or_wait, upgrade
from notifications.settings import Settings

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def run(settings: Settings) -> None:
    """Run the missing migrations as the owner."""
    upgrade(settings.owner_database_url, VERSIONS)


if __name__ == "__main__":
    migrate_or_wait(Settings(), VERSIONS)

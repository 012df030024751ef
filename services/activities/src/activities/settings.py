"""What the activities service is told from outside."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from common.settings import ServiceSettings


class Settings(ServiceSettings):
    """Read from environment variables that begin with ACTIVITIES_."""

    model_config = SettingsConfigDict(env_prefix="ACTIVITIES_")

    erasures_journal_path: str = ""
    """Where erasures are noted outside the database, so that a restore applies them again; empty: nowhere."""

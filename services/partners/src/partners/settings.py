"""What the partners service is told from outside."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from common.settings import ServiceSettings


class Settings(ServiceSettings):
    """Read from environment variables that begin with PARTNERS_."""

    model_config = SettingsConfigDict(env_prefix="PARTNERS_")

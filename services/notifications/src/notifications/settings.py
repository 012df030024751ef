"""What the notifications service is told from outside."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from common.settings import ServiceSettings


class Settings(ServiceSettings):
    """Read from environment variables that begin with NOTIFICATIONS_."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_")

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_username: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = False
    mail_from: str = "Maillage <no-reply@maillage.invalid>"
    message_attempts_max: int = 12
    mails_per_second_max: float = Field(10.0, gt=0)
    public_url: str = ""

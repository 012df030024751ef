"""What the portal is told from outside."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from common.settings import ServiceSettings

SERVICES = ("partners", "activities", "staffing", "finance", "notifications")


class Settings(ServiceSettings):
    """Read from environment variables that begin with PORTAL_; the portal has no database."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_")

    public_urls: str = "http://127.0.0.1:8100"
    """The addresses that browsers know the portal by, separated by commas; the first is used for any other."""

    own_hosts: str = ""
    """Hosts among them that show one association's programme on their start page: `host=slug`, separated by commas."""

    partners_url: str = "http://127.0.0.1:8101"
    activities_url: str = "http://127.0.0.1:8102"
    staffing_url: str = "http://127.0.0.1:8103"
    finance_url: str = "http://127.0.0.1:8104"
    notifications_url: str = "http://127.0.0.1:8105"
    answer_seconds_max: float = 5.0
    """How long a change may take; a question waits less, for the rest of the page waits with it."""

    partners_seconds_max: float = 2.0
    activities_seconds_max: float = 2.0
    staffing_seconds_max: float = 2.0
    finance_seconds_max: float = 2.0
    notifications_seconds_max: float = 2.0

    client_id: str = "maillage"
    client_secret: str = ""
    guest_forms_per_hour_max: int = 20
    """How many bookings without an account one address of the internet may ask for; a whole house may share one."""

    session_hours_max: int = 12
    session_idle_minutes_max: int = 120

    @property
    def service_urls(self) -> dict[str, str]:
        """Where each service answers."""
        return {service: getattr(self, f"{service}_url") for service in SERVICES}

    @property
    def reading_seconds_max(self) -> dict[str, float]:
        """How long a question waits for each service."""
        return {service: getattr(self, f"{service}_seconds_max") for service in SERVICES}

    @property
    def slugs(self) -> dict[str, str]:
        """The association of each host that belongs to one."""
        pairs = (pair.strip().partition("=") for pair in self.own_hosts.split(",") if pair.strip())
        return {host.strip().lower(): slug.strip() for host, _, slug in pairs}

    @property
    def addresses(self) -> tuple[str, ...]:
        """The public addresses, without a slash at the end."""
        return tuple(url.strip().rstrip("/") for url in self.public_urls.split(",") if url.strip())

"""The settings of one service as environment variables: the only thing that differs between the ways to run it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# What whoever starts the stack may set otherwise. The loader and the story ask on behalf of few people, but often;
# each connection of each role costs PostgreSQL some megabytes, and nobody gets faster by more of them.
DEFAULTS = {"REQUESTS_PER_MINUTE_MAX": "12000", "DATABASE_CONNECTIONS_MAX": "4"}
KAFKA_ACCESS = ("SECURITY_PROTOCOL", "SASL_MECHANISM", "USERNAME", "PASSWORD", "PASSWORD_FILE", "CA_FILE",
                "CERTIFICATE_FILE", "KEY_FILE")  # fmt: skip


@dataclass(frozen=True)
class KafkaAddress:
    """A broker as its clients must treat it."""

    bootstrap_servers: str
    is_volatile: bool
    has_idempotent_producers: bool
    session_timeout_ms: int
    access: Mapping[str, str] = field(default_factory=dict)
    """What its clients must show, by the end of the setting's name: SECURITY_PROTOCOL, USERNAME and so on."""

    def settings(self) -> dict[str, str]:
        """Of every process."""
        values = {"KAFKA_BOOTSTRAP_SERVERS": self.bootstrap_servers}
        return values | {f"KAFKA_{name}": value for name, value in self.access.items()}


def access_of_environment() -> dict[str, str]:
    """What KAFKA_SECURITY_PROTOCOL and its neighbours say beside KAFKA_BOOTSTRAP_SERVERS."""
    return {name: os.environ[f"KAFKA_{name}"] for name in KAFKA_ACCESS if f"KAFKA_{name}" in os.environ}


@dataclass(frozen=True)
class SharedSettings:
    """What every service of one stack is told alike."""

    kafka: KafkaAddress
    token_issuer: str
    token_audience: str
    smtp_port: int
    public_url: str = ""
    erasures_journal_path: str = ""
    log_level: str = "INFO"


def service_environment(
    service: str, shared: SharedSettings, database_urls: Mapping[str, str], http_port: int
) -> dict[str, str]:
    """Variables of one service; `database_urls` by purpose (owner, api, worker, relay, auditor, backup)."""
    values = {f"{purpose.upper()}_DATABASE_URL": url for purpose, url in database_urls.items()}
    values |= shared.kafka.settings() | {
        "KAFKA_IDEMPOTENCE_ENABLED": _flag(shared.kafka.has_idempotent_producers),
        "KAFKA_SESSION_TIMEOUT_MS": str(shared.kafka.session_timeout_ms),
        "BROKER_IS_VOLATILE": _flag(shared.kafka.is_volatile),
        "TOKEN_ISSUER": shared.token_issuer,
        "TOKEN_AUDIENCE": shared.token_audience,
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": str(http_port),
        "LOG_LEVEL": shared.log_level,
    }
    if service == "notifications":
        values |= {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(shared.smtp_port),
            "PUBLIC_URL": shared.public_url,
        }
    if service == "activities":
        values |= {"ERASURES_JOURNAL_PATH": shared.erasures_journal_path}
    prefix = service.upper()
    chosen = {name: os.environ.get(f"{prefix}_{name}", value) for name, value in DEFAULTS.items()}
    return {f"{prefix}_{name}": value for name, value in (values | chosen).items()}


def portal_environment(
    shared: SharedSettings, public_urls: Sequence[str], service_urls: Mapping[str, str], http_port: int
) -> dict[str, str]:
    """Variables of the portal: the services' addresses in place of a database."""
    values = shared.kafka.settings() | {
        "PUBLIC_URLS": ",".join(public_urls),
        "TOKEN_ISSUER": shared.token_issuer,
        "TOKEN_AUDIENCE": shared.token_audience,
        "CLIENT_ID": shared.token_audience,
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": str(http_port),
        "LOG_LEVEL": shared.log_level,
    }
    values |= {f"{service.upper()}_URL": url for service, url in service_urls.items()}
    values["REQUESTS_PER_MINUTE_MAX"] = DEFAULTS["REQUESTS_PER_MINUTE_MAX"]
    return {f"PORTAL_{name}": os.environ.get(f"PORTAL_{name}", value) for name, value in values.items()}


def _flag(value: bool) -> str:
    return "true" if value else "false"

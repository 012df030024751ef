"""What one stack consists of, and the settings that replace its embedded parts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from maillage.embedded.identity import AUDIENCE, Person
from maillage.people import DEMO_PEOPLE

SERVICES = ("partners", "activities", "staffing", "finance", "notifications")
PORTAL = "portal"
DEFAULT_PORTS = {service: 8101 + position for position, service in enumerate(SERVICES)} | {
    PORTAL: 8100,
    "identity": 8110,
    "mail": 8111,
    "smtp": 8112,
    "postgres": 8113,
    "kafka": 8114,
}

BrokerKind = Literal["mesh", "kafka"]
SESSION_TIMEOUT_MS: Mapping[BrokerKind, int] = {"mesh": 2_000, "kafka": 10_000}


class WrongSetting(Exception):
    """A setting of the stack has a value that nothing can be done with."""


@dataclass(frozen=True)
class StackOptions:
    """The defaults are those of `maillage up`."""

    directory: Path
    broker: BrokerKind = "mesh"
    services: tuple[str, ...] = SERVICES
    durable: bool = True
    split: bool = False
    portal: bool = True
    keeps_ports: bool = True
    people: tuple[Person, ...] = DEMO_PEOPLE
    kafka_settings: Mapping[str, str] = field(default_factory=dict)
    kafka_session_timeout_ms: int | None = None
    log_level: str = "INFO"
    external_database_url: str | None = field(default_factory=lambda: _variable("MAILLAGE_DATABASE_URL"))
    external_kafka: str | None = field(default_factory=lambda: _variable("KAFKA_BOOTSTRAP_SERVERS"))
    external_issuer: str | None = field(default_factory=lambda: _variable("OIDC_ISSUER"))
    token_audience: str = field(default_factory=lambda: _variable("OIDC_AUDIENCE") or AUDIENCE)

    @property
    def session_timeout_ms(self) -> int:
        kind: BrokerKind = "kafka" if self.external_kafka else self.broker
        return self.kafka_session_timeout_ms or SESSION_TIMEOUT_MS[kind]


def broker_from_environment() -> BrokerKind:
    """`BROKER=mesh` (default) or `BROKER=kafka`; raises WrongSetting."""
    kind = os.environ.get("BROKER", "mesh")
    if kind not in SESSION_TIMEOUT_MS:
        raise WrongSetting(f"BROKER is {kind!r}; it can be mesh (the default) or kafka")
    return cast(BrokerKind, kind)


def _variable(name: str) -> str | None:
    """An empty variable counts as one that is not set."""
    return os.environ.get(name) or None

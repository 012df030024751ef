"""Where the services connect to, as their settings say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from common.settings import ServiceSettings
from maillage.doctor.platform import PURPOSES, Platform

Protocol = Literal["postgres", "https", "http", "smtp", "kafka"]
Encryption = Literal["", "require", "verify"]
"""What the settings ask for: nothing, any certificate, or a trusted one of that name."""


@dataclass(frozen=True, order=True)
class Address:
    """One server that a service connects to."""

    host: str
    port: int
    protocol: Protocol
    encryption: Encryption = ""
    ca_file: str = ""

    @property
    def is_local(self) -> bool:
        """Whether nothing leaves this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def addresses_of(platform: Platform) -> list[Address]:
    """Each address once."""
    return sorted({address for settings in platform.settings.values() for address in _addresses(settings)})


def _addresses(settings: ServiceSettings) -> Iterator[Address]:
    for purpose in PURPOSES:
        parts = urlsplit(getattr(settings, f"{purpose}_database_url"))
        if parts.hostname:
            yield Address(parts.hostname, parts.port or 5432, "postgres", _encryption_of(parts.query))
    access = settings.broker_access
    for server in access.servers:
        host, _, port = server.rpartition(":")
        if host and port.isdigit():
            yield Address(host, int(port), "kafka", "verify" if access.is_encrypted else "", access.ca_file)
    issuer = urlsplit(settings.token_issuer)
    if issuer.hostname and issuer.scheme == "https":
        yield Address(issuer.hostname, issuer.port or 443, "https", "verify")
    elif issuer.hostname:
        yield Address(issuer.hostname, issuer.port or 80, "http")
    if hasattr(settings, "smtp_host"):
        encrypted: Encryption = "verify" if getattr(settings, "smtp_starttls", False) else ""
        yield Address(settings.smtp_host, getattr(settings, "smtp_port", 25), "smtp", encrypted)


def _encryption_of(query: str) -> Encryption:
    mode = parse_qs(query).get("ssl", [""])[0]
    if mode.startswith("verify"):
        return "verify"
    return "require" if mode == "require" else ""

"""Whether every service is told what it must know, in a form that can be used."""

from __future__ import annotations

from urllib.parse import urlsplit

from common.settings import ServiceSettings
from maillage.doctor.findings import Finding, failed, ok
from maillage.doctor.platform import PURPOSES, Platform

NEEDED = ("token_issuer", "token_audience", "kafka_bootstrap_servers")


async def check_configuration(platform: Platform) -> list[Finding]:
    """Every needed setting is there and can be read."""
    findings = [failed(f"{service} cannot read its settings: {why}.") for service, why in platform.unreadable.items()]
    for service, settings in platform.settings.items():
        findings += [failed(sentence) for sentence in _faults(service, settings)]
    return findings or [ok(f"{', '.join(platform.settings)} have what they need.")]


def _faults(service: str, settings: ServiceSettings) -> list[str]:
    faults = [f"{_variable(service, name)} is not set." for name in NEEDED if not getattr(settings, name)]
    for purpose in PURPOSES:
        variable, url = _variable(service, f"{purpose}_database_url"), getattr(settings, f"{purpose}_database_url")
        if not url and purpose != "owner":  # Only the migrations are the owner.
            faults.append(f"{variable} is not set.")
        elif url and not _is_database_url(url):
            faults.append(f"{variable} is no address of the form postgresql+asyncpg://role:password@host:port/name.")
    if settings.token_issuer and urlsplit(settings.token_issuer).scheme not in ("http", "https"):
        faults.append(f"{_variable(service, 'token_issuer')} is no http(s) address.")
    return faults


def _is_database_url(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "postgresql+asyncpg" and bool(parts.hostname and parts.username and parts.path.strip("/"))


def _variable(service: str, setting: str) -> str:
    return f"{service}_{setting}".upper()

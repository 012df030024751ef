"""Names, certificates and clocks."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import ssl
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from cryptography import x509

from maillage.doctor.addresses import Address, addresses_of
from maillage.doctor.findings import Finding, failed, ok, told, warning
from maillage.doctor.platform import Platform
from maillage.doctor.reading import ask

PATIENCE_SECONDS = 5.0
CERTIFICATE_LEFT_MIN = timedelta(days=14)
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
CLOCK_SECONDS_NOTED, CLOCK_SECONDS_MAX = 1.0, 5.0


async def check_names(platform: Platform) -> list[Finding]:
    """Every host in the settings has an address."""
    loop = asyncio.get_running_loop()
    findings = []
    hosts = sorted({address.host for address in addresses_of(platform)})
    for host in hosts:
        try:
            await loop.getaddrinfo(host, None)
        except OSError as error:
            findings.append(failed(f"The name {host} has no address here: {told(error)}."))
    return findings or [ok(f"{len(hosts)} host names have addresses.")]


async def check_certificates(platform: Platform) -> list[Finding]:
    """What leaves the machine is encrypted, and the certificates are trusted and not about to end."""
    return [await asyncio.to_thread(_check_encryption, address) for address in addresses_of(platform)]


def _check_encryption(address: Address) -> Finding:
    if not address.encryption:
        if address.is_local:
            return ok(f"{address.protocol} at {address} stays on this machine.")
        told_to_act = failed if address.protocol == "http" else warning
        return told_to_act(f"{address.protocol} at {address} is not encrypted: whoever listens reads along.")
    try:
        ends_at = _certificate(address).not_valid_after_utc
    except (OSError, ssl.SSLError, ValueError, smtplib.SMTPException) as error:
        return failed(f"No trusted encryption with {address.protocol} at {address}: {told(error)}.")
    sentence = f"The certificate of {address.protocol} at {address} is good until {ends_at:%Y-%m-%d}."
    return warning(sentence) if ends_at - datetime.now(UTC) < CERTIFICATE_LEFT_MIN else ok(sentence)


def _certificate(address: Address) -> x509.Certificate:
    """The server's certificate. Raises SSLError when the settings ask for a trusted one and it is not."""
    context = ssl.create_default_context(cafile=address.ca_file or None)
    if address.encryption == "require":
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if address.protocol == "smtp":
        with smtplib.SMTP(address.host, address.port, timeout=PATIENCE_SECONDS) as server:
            server.starttls(context=context)
            der = server.sock.getpeercert(binary_form=True)  # type: ignore[union-attr]
    else:
        with socket.create_connection((address.host, address.port), PATIENCE_SECONDS) as plain:
            if address.protocol == "postgres":
                plain.sendall(SSL_REQUEST)
                if plain.recv(1) != b"S":
                    raise ValueError("the server does not encrypt")
            with context.wrap_socket(plain, server_hostname=address.host) as encrypted:
                der = encrypted.getpeercert(binary_form=True)
    return x509.load_der_x509_certificate(der or b"")


async def check_clocks(platform: Platform) -> list[Finding]:
    """The clocks of the databases and of the identity provider agree with ours: tokens and due rows stand on them."""
    findings = []
    for service, settings in platform.settings.items():
        started_at = time.time()
        rows = await ask(settings.auditor_database_url, "select extract(epoch from clock_timestamp()) as now")
        findings.append(_judge_clock(f"the database of {service}", float(rows[0]["now"]) - _middle(started_at)))
    for issuer in sorted({settings.token_issuer for settings in platform.settings.values()}):
        started_at = time.time()
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            date = (await client.get(issuer)).headers.get("Date")
        if date:
            findings.append(_judge_clock(issuer, parsedate_to_datetime(date).timestamp() + 0.5 - _middle(started_at)))
    return findings


def _middle(started_at: float) -> float:
    return (started_at + time.time()) / 2


def _judge_clock(whose: str, difference_seconds: float) -> Finding:
    sentence = f"The clock of {whose} differs from ours by {abs(difference_seconds):.1f} s."
    judge: Callable[[str], Finding] = ok
    if abs(difference_seconds) > CLOCK_SECONDS_NOTED:
        judge = warning
    if abs(difference_seconds) > CLOCK_SECONDS_MAX:
        judge = failed
    return judge(sentence)

"""The mail server takes what we hand to it."""

from __future__ import annotations

import asyncio
import smtplib
import ssl

from common.settings import ServiceSettings
from maillage.doctor.findings import Finding, failed, ok, told
from maillage.doctor.platform import Platform

PATIENCE_SECONDS = 5.0


async def check_mail(platform: Platform) -> list[Finding]:
    """Connects, encrypts and signs in as notifications does; sends nothing."""
    writers = [settings for settings in platform.settings.values() if hasattr(settings, "smtp_host")]
    findings = [await asyncio.to_thread(_greet, settings) for settings in writers]
    return findings or [ok("No service examined here sends e-mails.")]


def _greet(settings: ServiceSettings) -> Finding:
    host, port = getattr(settings, "smtp_host", ""), getattr(settings, "smtp_port", 25)
    username = getattr(settings, "smtp_username", "")
    try:
        with smtplib.SMTP(host, port, timeout=PATIENCE_SECONDS) as server:
            if getattr(settings, "smtp_starttls", False):
                server.starttls(context=ssl.create_default_context())
            if username:
                server.login(username, getattr(settings, "smtp_password", ""))
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return failed(f"The mail server {host}:{port} does not take our e-mails: {told(error)}.")
    return ok(f"The mail server {host}:{port} answers.")

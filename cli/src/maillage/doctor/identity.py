"""The identity provider publishes keys that our services can use."""

from __future__ import annotations

from typing import Any

import httpx

from common.settings import ServiceSettings
from maillage.doctor.findings import Finding, failed, ok, told
from maillage.doctor.platform import Platform

PATIENCE_SECONDS = 5.0
USABLE_KEYS = ("RSA", "EC")


async def check_identity_keys(platform: Platform) -> list[Finding]:
    """Each issuer in the settings says that it is that issuer, and publishes a usable key."""
    by_issuer = {(settings.token_issuer, settings.token_keys_url): settings for settings in platform.settings.values()}
    return [await _check_issuer(settings) for _, settings in sorted(by_issuer.items())]


async def _check_issuer(settings: ServiceSettings) -> Finding:
    issuer = settings.token_issuer
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, follow_redirects=True) as client:
            keys_url = settings.token_keys_url
            if not keys_url:
                described = await _read(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
                if described.get("issuer") != issuer:
                    return failed(f"{issuer} calls itself {described.get('issuer')}: every token would be refused.")
                keys_url = described["jwks_uri"]
            keys = (await _read(client, keys_url))["keys"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        return failed(f"{issuer} does not tell its keys: {told(error)}.")
    usable = [key for key in keys if key.get("kty") in USABLE_KEYS]
    if not usable:
        return failed(f"{issuer} publishes no RSA or EC key: no token can be checked.")
    return ok(f"{issuer} publishes {len(usable)} usable key(s).")


async def _read(client: httpx.AsyncClient, url: str) -> Any:
    response = await client.get(url)
    response.raise_for_status()
    return response.json()

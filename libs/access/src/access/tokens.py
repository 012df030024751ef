"""Bearer tokens: signature, issuer, audience and expiry, with the provider's keys cached and rotated."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass

import httpx
import jwt

from access.principals import Account
from common.logging import get_logger

logger = get_logger(__name__)

ALGORITHMS = ["RS256", "RS512", "ES256"]
TOKENS_CACHED_MAX = 10_000
KEYS_REFETCH_SECONDS = 30.0
KEYS_RETRY_SECONDS = 2.0
KEYS_TRUSTED_SECONDS = 600.0
LEEWAY_SECONDS = 5


class InvalidToken(Exception):
    """The token is not one of our provider's, not for us, or no longer valid."""


@dataclass(frozen=True)
class _Verified:
    account: Account
    expires_at: float


class TokenVerifier:
    """Verifies tokens of one issuer for one audience; an equal token is looked at once."""

    def __init__(self, issuer: str, audience: str, keys_url: str = "") -> None:
        self._issuer, self._audience, self._keys_url = issuer, audience, keys_url
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._ask_again_at = self._stale_at = 0.0
        self._fetching = asyncio.Lock()
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    async def verify(self, token: str) -> Account:
        """The account that the token speaks for. Raises InvalidToken."""
        if time.monotonic() >= self._stale_at:
            await self._ask_for_keys()
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None and known.expires_at > time.time():
            return known.account
        verified = await self._verify(token)
        self._verified[digest] = verified
        if len(self._verified) > TOKENS_CACHED_MAX:
            self._verified.popitem(last=False)
        return verified.account

    async def _verify(self, token: str) -> _Verified:
        try:
            key = await self._key(jwt.get_unverified_header(token).get("kid"))
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise InvalidToken(str(error)) from error
        return _Verified(Account(claims["iss"], claims["sub"]), float(claims["exp"]))

    async def _key(self, key_id: str | None) -> jwt.PyJWK:
        """The provider's key of this id; an unknown id makes us ask again, at most every half minute."""
        if key_id not in self._keys:
            await self._ask_for_keys()
        if key_id in self._keys:
            return self._keys[key_id]
        if key_id is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        raise InvalidToken("the token is signed with a key that the provider does not publish")

    async def _ask_for_keys(self) -> None:
        """Fetch unless somebody did so a moment ago; a provider that is away is asked again soon, not at once."""
        async with self._fetching:
            if time.monotonic() >= self._ask_again_at:
                self._ask_again_at = time.monotonic() + KEYS_RETRY_SECONDS
                await self._fetch_keys()

    async def _fetch_keys(self) -> None:
        """Replace the keys by what the provider publishes now; a provider that is away leaves them as they are."""
        try:
            async with httpx.AsyncClient(timeout=5, follow_redirects=True) as client:
                keys_url = self._keys_url or await self._discover(client)
                response = await client.get(keys_url)
                response.raise_for_status()
                published = jwt.PyJWKSet.from_dict(response.json()).keys
        except (httpx.HTTPError, jwt.PyJWTError, ValueError, KeyError) as error:
            logger.warning("the keys of the identity provider could not be fetched", error=repr(error))
            return
        self._keys = {key.key_id: key for key in published if key.key_type in ("RSA", "EC")}
        self._ask_again_at = time.monotonic() + KEYS_REFETCH_SECONDS
        self._stale_at = time.monotonic() + KEYS_TRUSTED_SECONDS
        self._verified.clear()

    async def _discover(self, client: httpx.AsyncClient) -> str:
        response = await client.get(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        response.raise_for_status()
        return str(response.json()["jwks_uri"])

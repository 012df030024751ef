"""OpenID Connect by the code flow with PKCE: the browser carries a code, the tokens stay on this side."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt

from portal.browser_sessions import StartedSignIn, Tokens

SCOPE = "openid profile email"
LEEWAY_SECONDS = 30
REFRESH_BEFORE_SECONDS = 30.0


class ProviderAway(Exception):
    """The provider does not answer."""


class SignInFailed(Exception):
    """What came back is not the answer to what was asked."""


@dataclass(frozen=True)
class Claims:
    """Who signed in."""

    subject: str
    given_name: str
    display_name: str


class Provider:
    """The OpenID Connect provider as its discovery document describes it."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, client: httpx.AsyncClient) -> None:
        self.issuer = issuer.rstrip("/")
        self._client_id, self._client_secret, self._client = client_id, client_secret, client
        self._document: dict[str, Any] = {}

    async def authorization_url(self, started: StartedSignIn, language: str) -> str:
        """Where the browser goes to sign in. Raises ProviderAway."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(started.verifier.encode()).digest()).decode().rstrip("=")
        question = {
            "response_type": "code", "client_id": self._client_id, "redirect_uri": started.redirect_uri,
            "scope": SCOPE, "state": started.state, "nonce": started.nonce, "ui_locales": language,
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{(await self._discover())['authorization_endpoint']}?{urlencode(question)}"

    async def sign_out_url(self, id_token: str, return_to: str) -> str | None:
        """Where the browser ends its session at the provider; None when the provider has no such place."""
        endpoint = (await self._discover()).get("end_session_endpoint")
        if not endpoint:
            return None
        question = {"id_token_hint": id_token, "post_logout_redirect_uri": return_to, "client_id": self._client_id}
        return f"{endpoint}?{urlencode(question)}"

    async def exchange(self, started: StartedSignIn, answer: Mapping[str, str]) -> tuple[Claims, Tokens]:
        """Turn the code into tokens. Raises ProviderAway or SignInFailed."""
        if answer.get("state") != started.state or answer.get("iss", self.issuer).rstrip("/") != self.issuer:
            raise SignInFailed("the answer belongs to another sign-in")
        if "code" not in answer:
            raise SignInFailed(answer.get("error", "the answer has no code"))
        form = {
            "grant_type": "authorization_code", "code": answer["code"], "redirect_uri": started.redirect_uri,
            "code_verifier": started.verifier,
        }  # fmt: skip
        tokens = await self._ask_for_tokens(form)
        return self._claims(tokens.id_token, started.nonce), tokens

    async def refresh(self, tokens: Tokens) -> Tokens:
        """Fresh tokens for a refresh token. Raises ProviderAway or SignInFailed."""
        if tokens.refresh_token is None:
            raise SignInFailed("there is no refresh token")
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
        fresh = await self._ask_for_tokens(form, previous=tokens)
        fresh.refresh_token = fresh.refresh_token or tokens.refresh_token
        return fresh

    async def _ask_for_tokens(self, form: dict[str, str], previous: Tokens | None = None) -> Tokens:
        url = (await self._discover())["token_endpoint"]
        form["client_id"] = self._client_id
        secret = (self._client_id, self._client_secret) if self._client_secret else None
        try:
            response = await self._client.post(url, data=form, auth=secret) if secret else await self._client.post(
                url, data=form
            )  # fmt: skip
        except httpx.HTTPError as error:
            raise ProviderAway from error
        if response.status_code >= 500:
            raise ProviderAway
        if response.status_code != 200:
            raise SignInFailed(f"the provider gave no token: {response.status_code}")
        given = response.json()
        id_token = given.get("id_token") or (previous.id_token if previous else "")
        expires_at = time.monotonic() + float(given.get("expires_in", 300))
        return Tokens(given["access_token"], given.get("refresh_token"), id_token, expires_at)

    def _claims(self, id_token: str, nonce: str) -> Claims:
        """Read the identity token. It came from the provider itself and not through the browser, so its signature
        need not be checked (OpenID Connect Core 3.1.3.7); the services check that of the access token."""
        try:
            claims = jwt.decode(
                id_token,
                audience=self._client_id,
                issuer=self._document.get("issuer", self.issuer),
                leeway=LEEWAY_SECONDS,
                options={"verify_signature": False, "verify_aud": True, "verify_iss": True, "verify_exp": True},
            )
        except jwt.PyJWTError as error:
            raise SignInFailed(str(error)) from error
        if claims.get("nonce") != nonce:
            raise SignInFailed("the identity token belongs to another sign-in")
        name = str(claims.get("name") or claims.get("preferred_username") or claims["sub"])
        return Claims(str(claims["sub"]), str(claims.get("given_name") or name.split(" ", maxsplit=1)[0]), name)

    async def _discover(self) -> dict[str, Any]:
        if not self._document:
            try:
                response = await self._client.get(f"{self.issuer}/.well-known/openid-configuration")
                response.raise_for_status()
                document = response.json()
            except (httpx.HTTPError, ValueError) as error:
                raise ProviderAway from error
            if str(document.get("issuer", "")).rstrip("/") != self.issuer:
                raise ProviderAway
            self._document = document
        return self._document

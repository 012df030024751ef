"""Only tokens of our provider, for us, in time; keys come and go."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from access import tokens
from access.principals import Account
from access.tokens import InvalidToken, TokenVerifier

AUDIENCE = "maillage"


class Provider:
    """A provider whose keys a test changes; counts how often it is asked."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {"first": rsa.generate_private_key(public_exponent=65537, key_size=2048)}
        self.asked, self.is_away = 0, False
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked += 1
                self.send_response(503 if provider.is_away else 200)
                self.end_headers()
                self.wfile.write(json.dumps(provider.document()).encode())

            def log_message(self, format: str, *args: Any) -> None:
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def document(self) -> dict[str, Any]:
        """Discovery and key set in one."""
        published = []
        for key_id, key in self.keys.items():
            algorithm = (
                jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
            )
            name = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
            published.append({**json.loads(algorithm.to_jwk(key.public_key())), "kid": key_id, "alg": name})
        return {"issuer": self.url, "jwks_uri": f"{self.url}/keys", "keys": published}

    def token(self, key_id: str = "first", *, algorithm: str = "RS256", **claims: Any) -> str:
        """A token of amina; `claims` replace or add, None removes."""
        values = {"iss": self.url, "aud": AUDIENCE, "sub": "amina", "exp": time.time() + 60, **claims}
        kept = {name: value for name, value in values.items() if value is not None}
        return jwt.encode(kept, self.keys[key_id], algorithm=algorithm, headers={"kid": key_id})


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def verifier(provider: Provider) -> TokenVerifier:
    return TokenVerifier(provider.url, AUDIENCE)


async def test_good_token_speaks_for_its_account(provider: Provider, verifier: TokenVerifier) -> None:
    for _ in range(3):
        assert await verifier.verify(provider.token()) == Account(provider.url, "amina")
    assert provider.asked == 2  # Discovery and keys, once.


async def test_elliptic_key_is_as_good(provider: Provider, verifier: TokenVerifier) -> None:
    provider.keys["curve"] = ec.generate_private_key(ec.SECP256R1())
    token = provider.token("curve", algorithm="ES256")
    assert await verifier.verify(token) == Account(provider.url, "amina")


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 0}, {"exp": None}, {"exp": "soon"}, {"nbf": 9_999_999_999},
        {"iss": "https://somebody.else"}, {"iss": None}, {"aud": "another"}, {"aud": None}, {"aud": []},
        {"sub": None}, {"sub": 7}, {"sub": ["amina"]},
    ],
)  # fmt: skip
async def test_token_with_wrong_claims_is_refused(
    provider: Provider, verifier: TokenVerifier, claims: dict[str, Any]
) -> None:
    with pytest.raises(InvalidToken):
        await verifier.verify(provider.token(**claims))


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "é.é.é", "..", "e30.e30.", "e30.e30.e30"])
async def test_what_is_no_token_is_refused(verifier: TokenVerifier, token: str) -> None:
    with pytest.raises(InvalidToken):
        await verifier.verify(token)


async def test_token_without_signature_is_refused(provider: Provider, verifier: TokenVerifier) -> None:
    head, payload, signature = provider.token().split(".")
    none = jwt.encode({"sub": "amina"}, "", algorithm="none").split(".")[0]
    for forged in (f"{none}.{payload}.", f"{head}.{payload}.", f"{none}.{payload}.{signature}"):
        with pytest.raises(InvalidToken):
            await verifier.verify(forged)


async def test_public_key_is_no_shared_secret(provider: Provider, verifier: TokenVerifier) -> None:
    public = provider.keys["first"].public_key()
    for secret in (
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        json.dumps(provider.document()["keys"][0]).encode(),
    ):
        with pytest.raises(InvalidToken):
            await verifier.verify(_signed_with_secret(provider, secret))


def _signed_with_secret(provider: Provider, secret: bytes) -> str:
    """By hand: the library refuses to misuse a public key in this way."""
    import hashlib
    import hmac

    def part(value: object) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    claims = {"iss": provider.url, "aud": AUDIENCE, "sub": "amina", "exp": time.time() + 60}
    told = part({"alg": "HS256", "kid": "first"}) + b"." + part(claims)
    signature = base64.urlsafe_b64encode(hmac.digest(secret, told, hashlib.sha256)).rstrip(b"=")
    return (told + b"." + signature).decode()


async def test_algorithm_of_another_kind_of_key_is_refused(provider: Provider, verifier: TokenVerifier) -> None:
    provider.keys["curve"] = ec.generate_private_key(ec.SECP256R1())
    _, payload, signature = provider.token("curve", algorithm="ES256").split(".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": "curve"}).encode()).rstrip(b"=").decode()
    with pytest.raises(InvalidToken):
        await verifier.verify(f"{head}.{payload}.{signature}")


async def test_token_of_another_provider_with_the_same_key_id_is_refused(
    provider: Provider, verifier: TokenVerifier
) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = {"iss": provider.url, "aud": AUDIENCE, "sub": "amina", "exp": time.time() + 60}
    with pytest.raises(InvalidToken):
        await verifier.verify(jwt.encode(claims, stranger, algorithm="RS256", headers={"kid": "first"}))


async def test_verified_token_expires_all_the_same(provider: Provider, verifier: TokenVerifier) -> None:
    token = provider.token(exp=time.time() + 3 - tokens.LEEWAY_SECONDS)
    assert await verifier.verify(token) == Account(provider.url, "amina")
    await asyncio.sleep(3.2)
    with pytest.raises(InvalidToken):
        await verifier.verify(token)


async def test_new_key_is_fetched_when_a_token_names_it(
    provider: Provider, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "KEYS_REFETCH_SECONDS", 0.0)
    await verifier.verify(provider.token())
    provider.keys["second"] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert await verifier.verify(provider.token("second")) == Account(provider.url, "amina")


async def test_withdrawn_key_is_not_trusted_for_long(
    provider: Provider, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "KEYS_TRUSTED_SECONDS", 0.0)
    monkeypatch.setattr(tokens, "KEYS_REFETCH_SECONDS", 0.0)
    token = provider.token()
    await verifier.verify(token)
    provider.keys = {"second": rsa.generate_private_key(public_exponent=65537, key_size=2048)}
    with pytest.raises(InvalidToken):
        await verifier.verify(token)


async def test_provider_that_is_away_leaves_the_keys_as_they_are(
    provider: Provider, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "KEYS_TRUSTED_SECONDS", 0.0)
    monkeypatch.setattr(tokens, "KEYS_REFETCH_SECONDS", 0.0)
    await verifier.verify(provider.token())
    provider.is_away = True
    assert await verifier.verify(provider.token(jti="another")) == Account(provider.url, "amina")


async def test_unknown_keys_do_not_make_us_ask_again_and_again(provider: Provider, verifier: TokenVerifier) -> None:
    await verifier.verify(provider.token())
    asked = provider.asked
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for number in range(5):
        with pytest.raises(InvalidToken):
            await verifier.verify(jwt.encode({}, stranger, algorithm="RS256", headers={"kid": f"stranger-{number}"}))
    assert provider.asked == asked


async def test_provider_that_is_away_is_not_asked_for_every_token(provider: Provider, verifier: TokenVerifier) -> None:
    provider.is_away = True
    for _ in range(5):
        with pytest.raises(InvalidToken):
            await verifier.verify(provider.token())
    assert provider.asked == 1


async def test_provider_that_comes_back_is_asked_soon(
    provider: Provider, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.is_away = True
    with pytest.raises(InvalidToken):
        await verifier.verify(provider.token())
    provider.is_away = False
    soon = time.monotonic() + 5
    monkeypatch.setattr(tokens.time, "monotonic", lambda: soon)
    assert await verifier.verify(provider.token()) == Account(provider.url, "amina")

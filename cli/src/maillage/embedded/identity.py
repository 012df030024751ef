"""Sign-in for the embedded default: Canaille, an OpenID Connect provider, in a process of its own."""

import datetime
import json
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx
from joserfc import jwk, jwt

from maillage.embedded.part import Part

CLIENT_ID = "maillage"
OPERATOR_CLIENT_ID = "maillage-operator"
AUDIENCE = CLIENT_ID
REDIRECT_URI_OF_TOOLS = "http://127.0.0.1/signed-in"  # Nobody listens there: tools read the code from the redirect
TOKEN_SECONDS = 8 * 3600
SIGNING_ALGORITHM = "RS256"


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in; `locale` is a language such as `fr`."""

    user_name: str
    given_name: str
    family_name: str
    email: str
    password: str
    locale: str = "en"


@dataclass(frozen=True)
class IdentityConfiguration:
    """All that the process needs; holds secrets, so its file is for its owner only."""

    port: int
    secret_key: str
    operator_secret: str
    signing_key: dict[str, str | list[str]]
    people: tuple[Person, ...]
    redirect_uris: tuple[str, ...] = field(default=(REDIRECT_URI_OF_TOOLS,))

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def save(self, path: Path) -> None:
        with open(path, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            json.dump(asdict(self), file, indent=1)

    @classmethod
    def load(cls, path: Path) -> "IdentityConfiguration":
        stored = json.loads(path.read_text())
        people = tuple(Person(**person) for person in stored.pop("people"))
        return cls(people=people, redirect_uris=tuple(stored.pop("redirect_uris")), **stored)


class IdentityProvider(Part):
    """Keys and secrets stay in the directory, so tokens outlive a restart; sessions do not."""

    def __init__(self, directory: Path, port: int, people: Sequence[Person], redirect_uris: Sequence[str] = ()) -> None:
        """Redirect URIs are compared letter by letter: list each address that the portal is reached under."""
        super().__init__("identity", directory)
        self.port = port
        self._people = tuple(people)
        self._redirect_uris = (*redirect_uris, REDIRECT_URI_OF_TOOLS)
        self._path = directory / "identity.json"

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def operator_secret(self) -> str:
        """Of the machine client `maillage-operator`; known after the first launch."""
        return IdentityConfiguration.load(self._path).operator_secret

    def prepare(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        kept = IdentityConfiguration.load(self._path) if self._path.is_file() else None
        IdentityConfiguration(
            port=self.port,
            secret_key=kept.secret_key if kept else secrets.token_urlsafe(32),
            operator_secret=kept.operator_secret if kept else secrets.token_urlsafe(32),
            signing_key=kept.signing_key if kept else _new_signing_key(),
            people=self._people,
            redirect_uris=self._redirect_uris,
        ).save(self._path)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "maillage.embedded.identity", str(self._path)]

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.issuer}/.well-known/openid-configuration", timeout=5).is_success
        except httpx.HTTPError:
            return False


def _new_signing_key() -> dict[str, str | list[str]]:
    key = jwk.RSAKey.generate_key(2048, {"alg": SIGNING_ALGORITHM, "use": "sig"}, auto_kid=True)
    return key.as_dict(private=True)


def create_provider(configuration: IdentityConfiguration) -> Any:
    """The WSGI application, with its clients and people in memory."""
    from canaille import create_app

    application = create_app(_settings(configuration))
    with application.app_context():
        _add_clients(configuration)
        _add_people(configuration.people)
        _sign_machine_tokens(application, configuration)
    return application


def _settings(configuration: IdentityConfiguration) -> dict[str, Any]:
    return {
        "SECRET_KEY": configuration.secret_key,
        "SERVER_NAME": f"127.0.0.1:{configuration.port}",
        "PREFERRED_URL_SCHEME": "http",
        "SESSION_COOKIE_SECURE": False,
        # Cookies know no ports: under its usual name the one of another application would be overwritten.
        "SESSION_COOKIE_NAME": "maillage-identity",
        "OAUTH2_TOKEN_EXPIRES_IN": {"authorization_code": TOKEN_SECONDS, "client_credentials": TOKEN_SECONDS},
        "CANAILLE": {"NAME": "Maillage", "DATABASE": "memory", "JAVASCRIPT": True, "SMTP": None},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [configuration.signing_key], "REQUIRE_NONCE": False},
    }


def _add_clients(configuration: IdentityConfiguration) -> None:
    from canaille.app import models
    from canaille.backends import Backend

    now = datetime.datetime.now(datetime.UTC)
    shared = {"client_id_issued_at": now, "id_token_signed_response_alg": SIGNING_ALGORITHM}
    people_client = models.Client(
        client_id=CLIENT_ID,
        client_name="Maillage",
        client_uri=configuration.issuer,  # A loopback address: people are not asked for consent
        redirect_uris=list(configuration.redirect_uris),
        post_logout_redirect_uris=list(configuration.redirect_uris),
        grant_types=["authorization_code", "refresh_token"],
        response_types=["code"],
        scope=["openid", "profile", "email"],
        token_endpoint_auth_method="none",
        **shared,
    )
    operator_client = models.Client(
        client_id=OPERATOR_CLIENT_ID,
        client_name="Maillage operator",
        client_secret=configuration.operator_secret,
        grant_types=["client_credentials"],
        token_endpoint_auth_method="client_secret_basic",
        **shared,
    )
    for client in (people_client, operator_client):
        Backend.instance.save(client)
        client.audience = [people_client]  # Without it `aud` is empty and no service accepts the token
        Backend.instance.save(client)


def _add_people(people: Sequence[Person]) -> None:
    from canaille.app import models
    from canaille.backends import Backend

    for person in people:
        user = models.User(
            user_name=person.user_name,
            given_name=person.given_name,
            family_name=person.family_name,
            formatted_name=f"{person.given_name} {person.family_name}",
            emails=[person.email],
            password=person.password,
            preferred_language=person.locale,
        )
        Backend.instance.save(user)


def _sign_machine_tokens(application: Any, configuration: IdentityConfiguration) -> None:
    """Canaille gives machines a random string; services verify signatures, so machines get a JWT like people."""
    from canaille.oidc.provider import (
        authorization,
        generate_access_token,
    )

    key = jwk.RSAKey.import_key(configuration.signing_key)

    def access_token(client: Any, grant_type: str, user: Any, scope: str) -> str:
        if grant_type != "client_credentials":
            return cast(str, generate_access_token(client, grant_type, user, scope))
        return _machine_token(key, configuration.issuer, client.client_id)

    application.config["OAUTH2_ACCESS_TOKEN_GENERATOR"] = access_token
    generator = authorization.create_bearer_token_generator(application.config)
    authorization.register_token_generator("default", generator)


def _machine_token(key: jwk.RSAKey, issuer: str, client_id: str) -> str:
    now = int(datetime.datetime.now(datetime.UTC).timestamp())
    claims = {"iss": issuer, "sub": client_id, "aud": [AUDIENCE], "iat": now, "exp": now + TOKEN_SECONDS}
    return jwt.encode({"alg": SIGNING_ALGORITHM, "kid": key.kid}, claims, key)


def main() -> None:
    from werkzeug.serving import make_server

    configuration = IdentityConfiguration.load(Path(sys.argv[1]))
    server = make_server("127.0.0.1", configuration.port, create_provider(configuration), threaded=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

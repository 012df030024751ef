"""Sign-in for the embedded default: what the OpenID Connect provider is told, and its process."""

import json
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httpx

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
    host: str = "127.0.0.1"
    listen: str = "127.0.0.1"

    @property
    def issuer(self) -> str:
        return f"http://{self.host}:{self.port}"

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
            signing_key=kept.signing_key if kept else new_signing_key(),
            people=self._people,
            redirect_uris=self._redirect_uris,
        ).save(self._path)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "maillage.embedded.identity_server", str(self._path)]

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.issuer}/.well-known/openid-configuration", timeout=5).is_success
        except httpx.HTTPError:
            return False


def new_signing_key() -> dict[str, str | list[str]]:
    """Once in the life of a directory: `maillage up` need not carry the library at other times."""
    from joserfc import jwk  # noqa: PLC0415

    key = jwk.RSAKey.generate_key(2048, {"alg": SIGNING_ALGORITHM, "use": "sig"}, auto_kid=True)
    return key.as_dict(private=True)

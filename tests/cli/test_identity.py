from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from maillage.embedded.identity import AUDIENCE, IdentityProvider, Person
from maillage.embedded.ports import free_port
from maillage.embedded.sign_in import SignInRefused, sign_in, sign_in_machine

AMINA = Person("amina", "Amina", "Benali", "amina@example.org", "a-Long-password-1", "fr")


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentityProvider]:
    """Started as by `BROKER=kafka make run`: the variable is ours, though Canaille has one of that name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROKER", "kafka")
        yield from running_provider(tmp_path_factory)


def running_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentityProvider]:
    provider = IdentityProvider(tmp_path_factory.mktemp("identity"), free_port(), [AMINA])
    provider.start()
    yield provider
    provider.stop()


def verified_claims(provider: IdentityProvider, token: str) -> dict[str, Any]:
    """As a service does it: keys by discovery; issuer and audience are required."""
    discovered = httpx.get(f"{provider.issuer}/.well-known/openid-configuration").json()
    keys = jwt.PyJWKSet.from_dict(httpx.get(discovered["jwks_uri"]).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(
        token,
        key,
        algorithms=["RS256"],
        audience=AUDIENCE,
        issuer=provider.issuer,
        options={"require": ["exp", "iss", "aud", "sub"]},
    )


def test_a_person_signs_in_and_services_can_verify_the_token(provider: IdentityProvider) -> None:
    claims = verified_claims(provider, sign_in(provider.issuer, AMINA.user_name, AMINA.password))
    assert claims["sub"] == "amina"
    assert claims["email"] == "amina@example.org"
    assert claims["locale"] == "fr"
    assert claims["exp"] - claims["iat"] == 8 * 3600


def test_a_wrong_password_is_refused(provider: IdentityProvider) -> None:
    with pytest.raises(SignInRefused):
        sign_in(provider.issuer, AMINA.user_name, "wrong")


def test_several_people_sign_in_at_once(provider: IdentityProvider) -> None:
    def subject(_number: int) -> str:
        return str(verified_claims(provider, sign_in(provider.issuer, AMINA.user_name, AMINA.password))["sub"])

    with ThreadPoolExecutor(4) as browsers:
        assert set(browsers.map(subject, range(8))) == {"amina"}


def test_the_operator_machine_gets_a_token_that_services_can_verify(provider: IdentityProvider) -> None:
    claims = verified_claims(provider, sign_in_machine(provider.issuer, provider.operator_secret))
    assert claims["sub"] == "maillage-operator"
    with pytest.raises(SignInRefused):
        sign_in_machine(provider.issuer, "wrong")


def test_tokens_outlive_a_restart_of_the_provider(provider: IdentityProvider) -> None:
    token = sign_in(provider.issuer, AMINA.user_name, AMINA.password)
    provider.kill()
    provider.start()
    assert verified_claims(provider, token)["sub"] == "amina"


def test_secrets_are_private(provider: IdentityProvider) -> None:
    path = Path(provider.directory / "identity.json")
    assert path.stat().st_mode & 0o777 == 0o600

"""Canaille as the OpenID Connect provider: `python -m maillage.embedded.identity_server <configuration>`."""

import datetime
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from canaille import create_app
from canaille.app import models
from canaille.app.configuration import RootSettings
from canaille.backends import Backend
from canaille.oidc.provider import AuthorizationCodeGrant, authorization, generate_access_token
from joserfc import jwk, jwt
from werkzeug.serving import make_server

from maillage.embedded.identity import (
    AUDIENCE,
    CLIENT_ID,
    OPERATOR_CLIENT_ID,
    SIGNING_ALGORITHM,
    TOKEN_SECONDS,
    IdentityConfiguration,
    Person,
)


def create_provider(configuration: IdentityConfiguration) -> Any:
    """The WSGI application, with its clients and people in memory."""
    _forget_variables()
    # Under another name than a loopback address it wants https, which containers of one machine do without.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    application = create_app(_settings(configuration))
    with application.app_context():
        _add_clients(configuration)
        _add_people(configuration.people)
        _sign_machine_tokens(application, configuration)
    AuthorizationCodeGrant.query_authorization_code = _find_authorization_code
    return application


def _forget_variables() -> None:
    """Canaille reads variables of such common names that they mean something else here: BROKER, DEBUG, SERVER_NAME."""
    for name in RootSettings.model_fields:
        os.environ.pop(name, None)


def _find_authorization_code(_grant: AuthorizationCodeGrant, code: str, client: Any) -> Any:
    """Canaille's memory takes "this code and this client" for "or", and so hands out a code of somebody else."""
    found = Backend.instance.get(models.AuthorizationCode, code=code)
    return found if found and found.client == client and not found.is_expired() else None


def _settings(configuration: IdentityConfiguration) -> dict[str, Any]:
    return {
        "SECRET_KEY": configuration.secret_key,
        "SERVER_NAME": f"{configuration.host}:{configuration.port}",
        "PREFERRED_URL_SCHEME": "http",
        "SESSION_COOKIE_SECURE": False,
        # Cookies know no ports: under its usual name the one of another application would be overwritten.
        "SESSION_COOKIE_NAME": "maillage-identity",
        "OAUTH2_TOKEN_EXPIRES_IN": {"authorization_code": TOKEN_SECONDS, "client_credentials": TOKEN_SECONDS},
        "CANAILLE": {"NAME": "Maillage", "DATABASE": "memory", "JAVASCRIPT": True, "SMTP": None},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [configuration.signing_key], "REQUIRE_NONCE": False},
    }


def _add_clients(configuration: IdentityConfiguration) -> None:
    now = datetime.datetime.now(datetime.UTC)
    shared = {"client_id_issued_at": now, "id_token_signed_response_alg": SIGNING_ALGORITHM}
    people_client = models.Client(
        client_id=CLIENT_ID,
        client_name="Maillage",
        client_uri=configuration.issuer,  # A loopback address: people are not asked for consent
        redirect_uris=list(configuration.redirect_uris),
        post_logout_redirect_uris=[_signed_out(uri) for uri in configuration.redirect_uris],
        grant_types=["authorization_code", "refresh_token"],
        response_types=["code"],
        scope=["openid", "profile", "email"],
        token_endpoint_auth_method="none",  # noqa: S106  A public client: PKCE takes the place of a secret
        **shared,
    )
    operator_client = models.Client(
        client_id=OPERATOR_CLIENT_ID,
        client_name="Maillage operator",
        client_secret=configuration.operator_secret,
        grant_types=["client_credentials"],
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106  The name of a method
        **shared,
    )
    for client in (people_client, operator_client):
        Backend.instance.save(client)
        client.audience = [people_client]  # Without it `aud` is empty and no service accepts the token
        Backend.instance.save(client)


def _signed_out(redirect_uri: str) -> str:
    """The portal shows this page after signing out, as it shows the other one after signing in."""
    return redirect_uri.replace("/signed-in", "/signed-out")


def _add_people(people: Sequence[Person]) -> None:
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


def one_at_a_time(application: Any) -> Callable[[Any, Any], Any]:
    """The memory of Canaille knows no threads; yet a browser's idle connection must not keep others waiting."""
    answering = threading.Lock()

    def answer(environ: Any, start_response: Any) -> Any:
        with answering:
            return application(environ, start_response)

    return answer


def main() -> None:
    configuration = IdentityConfiguration.load(Path(sys.argv[1]))
    application = one_at_a_time(create_provider(configuration))
    server = make_server(configuration.listen, configuration.port, application, threaded=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

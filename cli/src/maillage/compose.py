"""`maillage compose`: writes what the containers of docker-compose.yml are told, one file for each process."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from maillage.console import say
from maillage.embedded.databases import database_urls, load_passwords
from maillage.embedded.identity import AUDIENCE, REDIRECT_URI_OF_TOOLS, IdentityConfiguration, new_signing_key
from maillage.loop_commands import LOOP_COMMANDS
from maillage.people import DEMO_PEOPLE
from maillage.places import ERASURES_JOURNAL
from maillage.running import RunningStack
from maillage.service_environment import KafkaAddress, SharedSettings, portal_environment, service_environment
from maillage.stack_options import SERVICES

PORT = 8000
KAFKA = "kafka:9092"
SUPERUSER = "postgres"
POSTGRES_PASSWORD = "postgres-password"  # noqa: S105  The name of a file
SIGN_IN_HOST, SIGN_IN_PORT = "sign-in.localhost", 8110
MAIL_PAGE_URL = "http://mail:8111"
PURPOSES = {"api": {"api"}, "consumer": {"worker"}, "worker": {"worker", "auditor"}, "relay": {"relay"},
            "migrations": {"owner"}}  # fmt: skip
"""As which database roles a command works; the worker also watches invariants, which only the auditor can see."""

Environments = Mapping[str, Mapping[str, str]]


def compose(
    directory: Annotated[Path, typer.Argument(help="Where docker-compose.yml looks: deploy/compose/settings.")],
    portal_url: Annotated[str, typer.Option(help="The address that people type.")] = "http://localhost:8100",
    issuer: Annotated[
        str, typer.Option(help="Your OpenID Connect provider; default: the demo sign-in, for trying things out only.")
    ] = f"http://{SIGN_IN_HOST}:{SIGN_IN_PORT}",
    audience: Annotated[str, typer.Option(help="Whom its tokens are for; also the portal's client.")] = AUDIENCE,
    smtp_host: Annotated[str, typer.Option(help="Your mail server; default: mail is captured and shown.")] = "mail",
    smtp_port: Annotated[int, typer.Option(help="Its port.")] = 8112,
    mail_from: Annotated[str, typer.Option(help="Who e-mails come from: Name <address>.")] = "",
) -> None:
    """Write passwords and settings; what is there already stays, so that it can be said again with other addresses."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    shared = SharedSettings(
        kafka=KafkaAddress(KAFKA, is_volatile=False, has_idempotent_producers=True, session_timeout_ms=10_000),
        token_issuer=issuer,
        token_audience=audience,
        smtp_port=smtp_port,
        erasures_journal_path=f"/data/{ERASURES_JOURNAL}",
    )
    passwords = load_passwords(directory / "database-passwords.json", SERVICES)
    superuser_url = f"postgresql://{SUPERUSER}:{_superuser_password(directory)}@postgres:5432/postgres"
    mail = {"NOTIFICATIONS_SMTP_HOST": smtp_host, "NOTIFICATIONS_PUBLIC_URL": portal_url}
    mail |= {"NOTIFICATIONS_MAIL_FROM": mail_from} if mail_from else {}
    environments = {
        service: service_environment(service, shared, database_urls(superuser_url, service, passwords), PORT)
        | {f"{service.upper()}_HTTP_HOST": "0.0.0.0"}  # noqa: S104  Containers reach each other in a network of their own
        | (mail if service == "notifications" else {})
        for service in SERVICES
    }
    _write_environments(directory, environments, shared, portal_url, superuser_url)
    _write_sign_in(directory, portal_url)
    _describe(directory, environments, issuer)
    for path in directory.iterdir():
        path.chmod(0o644)  # The directory is closed; a container, which has another user, is handed single files.
    say(f"docker compose up finds its settings in {directory}")


def _superuser_password(directory: Path) -> str:
    path = directory / POSTGRES_PASSWORD
    if not path.is_file():
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()


def _write_environments(
    directory: Path, environments: Environments, shared: SharedSettings, portal_url: str, superuser_url: str
) -> None:
    """Each process is told the addresses of its own database roles only; the doctor's all but the owner's."""
    for service, environment in environments.items():
        for command in (*LOOP_COMMANDS, "migrations"):
            _write(directory / f"{service}-{command}.env", _only(environment, PURPOSES[command]))
    everybody = {"api", "worker", "relay", "auditor"}
    doctor = [_only(environment, everybody) for environment in environments.values()]
    _write(directory / "doctor.env", {name: value for part in doctor for name, value in part.items()})
    service_urls = {service: f"http://{service}-api:{PORT}" for service in SERVICES}
    portal = portal_environment(shared, [portal_url], service_urls, PORT)
    _write(directory / "portal.env", portal | {"PORTAL_HTTP_HOST": "0.0.0.0"})  # noqa: S104
    _write(directory / "databases.env", {"MAILLAGE_DATABASE_URL": superuser_url})


def _only(environment: Mapping[str, str], purposes: set[str]) -> dict[str, str]:
    """Without the addresses of database roles for other purposes."""
    wanted = tuple(f"_{purpose.upper()}_DATABASE_URL" for purpose in purposes)
    return {
        name: value
        for name, value in environment.items()
        if not name.endswith("_DATABASE_URL") or name.endswith(wanted)
    }


def _write(path: Path, values: Mapping[str, str]) -> None:
    path.write_text("".join(f"{name}={value}\n" for name, value in sorted(values.items())))


def _write_sign_in(directory: Path, portal_url: str) -> None:
    """The demo sign-in keeps its key and secrets, so that tokens outlive a restart."""
    path = directory / "identity.json"
    kept = IdentityConfiguration.load(path) if path.is_file() else None
    configuration = IdentityConfiguration(
        port=SIGN_IN_PORT,
        secret_key=kept.secret_key if kept else secrets.token_urlsafe(32),
        operator_secret=kept.operator_secret if kept else secrets.token_urlsafe(32),
        signing_key=kept.signing_key if kept else new_signing_key(),
        people=DEMO_PEOPLE,
        redirect_uris=(f"{portal_url}/signed-in", REDIRECT_URI_OF_TOOLS),
        host=SIGN_IN_HOST,
        listen="0.0.0.0",  # noqa: S104
    )
    path.write_text(json.dumps(asdict(configuration), indent=1))


def _describe(directory: Path, environments: Environments, issuer: str) -> None:
    """For the demo federation and the story, which run in a container beside the others."""
    everybody = {"api", "worker", "relay", "auditor"}
    RunningStack(
        base_urls={service: f"http://{service}-api:{PORT}" for service in SERVICES},
        issuer=issuer,
        mail_page_url=MAIL_PAGE_URL,
        bootstrap_servers=KAFKA,
        superuser_url="",
        environments={service: _only(environment, everybody) for service, environment in environments.items()},
    ).save(directory)

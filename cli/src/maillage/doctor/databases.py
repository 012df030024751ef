"""PostgreSQL: version, roles and their rights, extensions, schema."""

from __future__ import annotations

from importlib import import_module

import asyncpg
from alembic.script import ScriptDirectory

from common.upgrading import scripts_of
from maillage.doctor.findings import Finding, failed, ok, told, warning
from maillage.doctor.platform import PURPOSES, Platform
from maillage.doctor.reading import ask

NEEDED_VERSION = 18
NEEDED_EXTENSIONS = {"btree_gist"}
UNREACHABLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)

POWERS = """
    select current_user as name, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as powerful,
           pg_has_role(current_user, (select datdba from pg_database where datname = current_database()), 'member')
             as owns
      from pg_roles where rolname = current_user"""
VERSION = "select current_setting('server_version') as version, current_setting('server_version_num')::int as number"
EXTENSIONS = "select extname from pg_extension"
REVISION = "select version_num from alembic_version"


async def check_version(platform: Platform) -> list[Finding]:
    """Each database is new enough: ids are drawn by `uuidv7()`, which came with 18."""
    findings = []
    for service, settings in platform.settings.items():
        [row] = await ask(settings.auditor_database_url, VERSION)
        sentence = f"PostgreSQL of {service} is {row['version']}."
        if row["number"] < NEEDED_VERSION * 10_000:
            findings.append(failed(f"{sentence} It must be {NEEDED_VERSION} or newer."))
        else:
            findings.append(ok(sentence))
    return findings


async def check_roles(platform: Platform) -> list[Finding]:
    """Every role can sign in, and none can do more than it should."""
    return [
        await _check_role(service, purpose, url)
        for service, settings in platform.settings.items()
        for purpose in PURPOSES
        if (url := getattr(settings, f"{purpose}_database_url"))
    ]


async def _check_role(service: str, purpose: str, url: str) -> Finding:
    try:
        [role] = await ask(url, POWERS)
    except UNREACHABLE as error:
        return failed(f"The {purpose} of {service} cannot sign in: {told(error)}.")
    if role["powerful"]:
        return failed(f"{role['name']} can pass by the row policies or make roles or databases.")
    if role["owns"] and purpose != "owner":
        return failed(f"{role['name']} acts as the owner of the database: the api could change the policies.")
    return ok(f"{role['name']} signs in and has no power that it should not have.")


async def check_extensions(platform: Platform) -> list[Finding]:
    """What constraints need is installed."""
    findings = []
    for service, settings in platform.settings.items():
        present = {row["extname"] for row in await ask(settings.auditor_database_url, EXTENSIONS)}
        missing = sorted(NEEDED_EXTENSIONS - present)
        text = f"The database of {service} lacks {', '.join(missing)}." if missing else f"{service} has all."
        findings.append(failed(text) if missing else ok(text))
    return findings


async def check_schema(platform: Platform) -> list[Finding]:
    """Each database is at the revision of the code that runs here."""
    findings = []
    for service, settings in platform.settings.items():
        scripts = scripts_of(import_module(f"{service}.run_migrations").VERSIONS)
        try:
            rows = await ask(settings.auditor_database_url, REVISION)
        except asyncpg.UndefinedTableError:
            rows = []
        findings.append(_judge_revision(service, rows[0]["version_num"] if rows else None, scripts))
    return findings


def _judge_revision(service: str, revision: str | None, scripts: ScriptDirectory) -> Finding:
    head = scripts.get_current_head()
    known = {script.revision for script in scripts.walk_revisions()}
    if revision == head:
        return ok(f"The schema of {service} is at {head}.")
    if revision is None:
        return failed(f"The database of {service} has no schema yet.")
    if revision not in known:
        return warning(f"The schema of {service} is at {revision}, newer than this release, which knows {head}.")
    return failed(f"The schema of {service} is at {revision}; this release needs {head}.")

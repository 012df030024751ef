"""One database and six roles for each service, on any PostgreSQL that gives us a superuser."""

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

PURPOSES = ("owner", "api", "worker", "relay", "auditor", "backup")
PURPOSES_WITH_URL = PURPOSES
PREPARATION_LOCK = 7_300_001


def role_name(service: str, purpose: str) -> str:
    return f"{service}_{purpose}"


def load_passwords(path: Path, services: Iterable[str]) -> dict[str, str]:
    """Password by role; missing ones are drawn and kept in the file, which only its owner may read."""
    known: dict[str, str] = json.loads(path.read_text()) if path.is_file() else {}
    roles = (role_name(service, purpose) for service in services for purpose in PURPOSES)
    missing = {role: secrets.token_urlsafe(18) for role in roles if role not in known}
    if missing:
        with open(path, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            json.dump(known | missing, file, indent=1)
    return known | missing


async def prepare_databases(
    superuser_url: str,
    services: Iterable[str],
    passwords: Mapping[str, str],
    suffix: str = "",
    *,
    extensions: bool = True,
) -> None:
    """Makes what is missing and sets every password; safe to repeat and to run from several processes at once.

    A database that a dump is loaded into gets its extensions from there.
    """
    connection = await asyncpg.connect(superuser_url)
    try:
        # Roles are shared by the whole cluster: two test workers must not create them at the same moment.
        await connection.execute("SELECT pg_advisory_lock($1)", PREPARATION_LOCK)
        for service in services:
            await _prepare_roles(connection, service, passwords)
            await _prepare_database(connection, service, service + suffix)
            if extensions:
                await _prepare_extensions(_with_database(superuser_url, service + suffix))
    finally:
        await connection.close()


def database_urls(superuser_url: str, service: str, passwords: Mapping[str, str], suffix: str = "") -> dict[str, str]:
    """SQLAlchemy URL by purpose, for the environment of one service."""
    parts = urlsplit(superuser_url)
    address = parts.netloc.rpartition("@")[2]
    query = "?" + parts.query.replace("sslmode=", "ssl=") if parts.query else ""
    return {
        purpose: f"postgresql+asyncpg://{role}:{passwords[role]}@{address}/{service}{suffix}{query}"
        for purpose in PURPOSES_WITH_URL
        for role in [role_name(service, purpose)]
    }


async def _prepare_roles(connection: Any, service: str, passwords: Mapping[str, str]) -> None:
    for purpose in PURPOSES:
        role = role_name(service, purpose)
        if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
            await connection.execute(f'CREATE ROLE "{role}"')
        rights = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
        password = await connection.fetchval("SELECT quote_literal($1)", passwords[role])
        await connection.execute(f'ALTER ROLE "{role}" {rights} PASSWORD {password}')


async def _prepare_database(connection: Any, service: str, database: str) -> None:
    if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
        await connection.execute(f'CREATE DATABASE "{database}" OWNER "{role_name(service, "owner")}"')
    roles = ", ".join(f'"{role_name(service, purpose)}"' for purpose in PURPOSES)
    await connection.execute(f'REVOKE CONNECT, TEMPORARY ON DATABASE "{database}" FROM PUBLIC')
    await connection.execute(f'GRANT CONNECT ON DATABASE "{database}" TO {roles}')


async def _prepare_extensions(database_url: str) -> None:
    """btree_gist carries the exclusion constraints (no double booking of a room or a person)."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    finally:
        await connection.close()


def _with_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))

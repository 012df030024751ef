"""The previous release's tests on the new schema: `python -m tests.previous_release [commit]`.

During an upgrade the old processes run on a schema that is new already. So the tests of the release before (its newest
tag, or the commit that is named) run with its own code, while the migrations are those of this tree: the tests of each
service whose migrations are new, and the walk over all routes. PLANT="<SQL>" runs a statement after the migrations,
where it can, and must turn the tests red: `PLANT="alter table bookings rename column payer_id to payer"`.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from maillage.console import say
from tests.architecture.source_tree import ROOT, SERVICES

RELEASES = "v*"
MIGRATIONS = "services/{service}/src/{service}/migrations"
RUN_MIGRATIONS = '''"""The migrations of the release that follows."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg

from common.database import plain_dsn

VERSIONS = Path({versions!r})


def run(settings):
    surroundings = {{**os.environ, "PYTHONPATH": {sources!r}, {variable!r}: settings.owner_database_url}}
    subprocess.run([sys.executable, "-m", {module!r}], check=True, env=surroundings, cwd={root!r})
    if os.environ.get("PLANT"):
        asyncio.run(plant(settings.owner_database_url))


async def plant(url):
    connection = await asyncpg.connect(plain_dsn(url))
    try:
        await connection.execute(os.environ["PLANT"])
    except asyncpg.UndefinedTableError:
        print("the planted fault is about another service")
    await connection.close()
'''


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout


def previous_release() -> str:
    """The newest tag of a release; until there is one, the commit before the newest migration."""
    tags = git("tag", "--list", RELEASES, "--sort=-version:refname").decode().split()
    if tags:
        return tags[0]
    newest = (
        git("log", "-1", "--format=%H", "--diff-filter=A", "--", f"{MIGRATIONS.format(service='*')}/*").decode().strip()
    )
    return f"{newest}^"


def migrated_since(commit: str) -> list[str]:
    """The services whose migrations differ from those of a commit."""
    return [name for name in SERVICES if git("diff", "--name-only", commit, "--", MIGRATIONS.format(service=name))]


def sources_of(tree: Path) -> str:
    """Every package of a tree, before what is installed."""
    return os.pathsep.join(
        str(path) for pattern in ("libs/*/src", "services/*/src", "cli/src") for path in sorted(tree.glob(pattern))
    )


def take_old_tree(commit: str, folder: Path) -> None:
    """The files of a commit, whose migrations are those of this tree."""
    with tarfile.open(fileobj=io.BytesIO(git("archive", commit))) as archive:
        archive.extractall(folder, filter="data")
    for service in SERVICES:
        text = RUN_MIGRATIONS.format(
            versions=str(ROOT / MIGRATIONS.format(service=service) / "versions"),
            sources=sources_of(ROOT),
            variable=f"{service.upper()}_OWNER_DATABASE_URL",
            module=f"{service}.run_migrations",
            root=str(ROOT),
        )
        (folder / f"services/{service}/src/{service}/run_migrations.py").write_text(text)


def main() -> int:
    commit = sys.argv[1] if len(sys.argv) > 1 else previous_release()
    services = migrated_since(commit)
    told = git("log", "-1", "--format=%h %s", commit).decode().strip()
    if not services:
        say(f"No migration is newer than {told}.")
        return 0
    say(f"The tests of {told} on the schema of this tree: {', '.join(services)}.")
    with tempfile.TemporaryDirectory(prefix="maillage-previous-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        take_old_tree(commit, folder)
        tests = [f"tests/{service}" for service in services] + ["tests/http"]
        command = [sys.executable, "-m", "pytest", *tests, "-n", "auto", "--dist", "loadgroup"]
        surroundings = {**os.environ, "PYTHONPATH": sources_of(folder)}
        return subprocess.run(command, cwd=folder, env=surroundings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

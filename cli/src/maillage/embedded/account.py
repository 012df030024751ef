"""The account of the system that PostgreSQL runs as when we are root, which it refuses."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

NAMES = ("postgres", "daemon", "nobody")


class NoAccount(Exception):
    """Root found none of the usual unprivileged accounts."""


class Identity(TypedDict):
    """Arguments of subprocess that choose who the child is."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


CURRENT_IDENTITY = Identity(user=None, group=None, extra_groups=None)


@dataclass(frozen=True)
class Account:
    """An unprivileged one with a name: PostgreSQL refuses a bare number."""

    user: int
    group: int

    @property
    def identity(self) -> Identity:
        """With its own group too: files of root's group would otherwise be refused by their group bits."""
        return Identity(user=self.user, group=self.group, extra_groups=[])

    def can_run(self, program: Path) -> bool:
        """Tried with `--version`: permissions of a dozen folders and libraries have a say in it."""
        try:
            command = [str(program), "--version"]
            return subprocess.run(command, check=False, capture_output=True, cwd="/", **self.identity).returncode == 0
        except OSError:
            return False


def account_for_servers() -> Account | None:
    """None when we are an ordinary user, who needs no other; raises NoAccount."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in NAMES:
        if name in known:
            return Account(known[name].pw_uid, known[name].pw_gid)
    raise NoAccount(f"root needs one of the accounts {', '.join(NAMES)} to run PostgreSQL")


def make_reachable(directory: Path) -> None:
    """Lets others pass through the directory and its parents; nobody may list or read more than before."""
    for path in [directory, *directory.parents]:
        mode = path.stat().st_mode
        if not mode & 0o001:
            path.chmod(mode | 0o001)

"""Where things lie: the checkout, and the directory of the embedded stack."""

from pathlib import Path

DIRECTORY_NAME = ".maillage"
REPUBLISH_AT_START = "republish-at-start"
"""A file that a restore leaves: the broker is empty, and compacted topics must be filled again."""
ERASURES_JOURNAL = "erasures.jsonl"
"""What was erased, by ids, outside the databases: a restore to an earlier moment must not bring it back."""


class NotACheckout(Exception):
    """The command runs from an installed package, where the files of the workspace are missing."""


def workspace_root() -> Path:
    """The checkout that this package is installed from, recognised by its `workspace.txt`."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "workspace.txt").is_file():
            return parent
    raise NotACheckout("this needs a checkout of the workspace: no workspace.txt above the package")


def kafka_pom() -> Path:
    """Names the Kafka that tests and `BROKER=kafka` run."""
    return workspace_root() / "deploy" / "kafka" / "pom.xml"


def build_directory() -> Path:
    """Where results of commands are written."""
    try:
        return workspace_root() / "build"
    except NotACheckout:
        return Path.cwd() / "build"


def default_directory() -> Path:
    """Where `maillage up` keeps its data, secrets and logs."""
    try:
        return workspace_root() / DIRECTORY_NAME
    except NotACheckout:
        return Path.cwd() / DIRECTORY_NAME

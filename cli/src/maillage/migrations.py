"""Brings the databases of the named services to their newest version: `python -m maillage.migrations <service>…`.

One process for all: loading the libraries takes ten times as long as a migration that has nothing to do.
"""

import sys
from collections.abc import Sequence
from importlib import import_module


def main(services: Sequence[str]) -> int:
    """Exit code 0; raises the error of the first service that fails, and what came before it stays."""
    for service in services:
        settings = import_module(f"{service}.settings").Settings()
        print(f"migrating {service}")
        import_module(f"{service}.run_migrations").run(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

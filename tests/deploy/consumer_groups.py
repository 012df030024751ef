"""Writes who reads which topics, for scaling on lag: `python -m tests.deploy.consumer_groups`."""

from __future__ import annotations

from importlib import import_module

import yaml

from tests.deploy.chart import CHART, SERVICES

PATH = CHART / "files" / "consumer-groups.yaml"
HEADER = "# Who reads what, for scaling on lag. Made by `make docs`, held to the code by a test.\n"


def consumer_groups() -> dict[str, dict[str, list[str]]]:
    """By service and group."""
    return {
        service: {
            reaction.group: sorted(reaction.topics) for reaction in import_module(f"{service}.run_consumer").REACTIONS
        }
        for service in sorted(SERVICES)
    }


def main() -> None:
    PATH.write_text(HEADER + yaml.safe_dump(consumer_groups(), default_flow_style=None, width=120))


if __name__ == "__main__":
    main()

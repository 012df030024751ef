"""Writes docs/generated/events.md: `python -m tests.architecture.event_map`.

Who publishes which event and who handles it is read from the code that runs: events from the contracts, publishers
from what use cases import, handlers from the reactions that each service's consumer starts.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass

from common.reactions import Reaction
from contracts.event import Event
from contracts.schemas import all_events
from contracts.topics import TOPICS
from tests.architecture.source_tree import ROOT, SERVICES, SourceTree, imported_names

EVENTS_PAGE = ROOT / "docs" / "generated" / "events.md"
NOBODY = "–"

HEAD = """# Events

Written by `make docs` from the code; do not edit. How to add one: [add-an-event.md](../add-an-event.md).

A consumer group sees every event of its topics once in effect, and the events of one key in order. Topics marked
*compacted* keep the last state of every key for ever, the others keep seven days.
"""


@dataclass(frozen=True)
class Handled:
    """A consumer group's function for an event; `module` is where it is defined."""

    group: str
    module: str
    function: str


def reactions_of(service: str) -> tuple[Reaction, ...]:
    """The consumer groups that a service's consumer starts."""
    reactions: tuple[Reaction, ...] = importlib.import_module(f"{service}.run_consumer").REACTIONS
    return reactions


def handlers_of(event: type[Event]) -> list[Handled]:
    """Every group that handles the event, by group."""
    found = [
        Handled(reaction.group, handler.__module__, handler.__name__)
        for service in SERVICES
        for reaction in reactions_of(service)
        for handled, handler in reaction.handlers.items()
        if handled is event
    ]
    return sorted(found, key=lambda handled: handled.group)


def publishers_of(event: type[Event], tree: SourceTree) -> list[str]:
    """The features whose use cases know the event, which is in order to publish it."""
    publisher = event.__module__.rpartition(".")[2]
    return sorted(
        f"{publisher}/{file.feature}"
        for file in tree.feature_files(publisher)
        if file.name == "use_cases.py" and (event.__module__, event.__name__) in imported_names(file.tree)
    )


def event_page(tree: SourceTree | None = None) -> str:
    """The whole page."""
    tree = tree or SourceTree()
    sections = [HEAD]
    for topic in sorted({event.topic for event in all_events()}):
        kept = ", compacted" if TOPICS[topic].compacted else ""
        events = [event for event in all_events() if event.topic == topic]
        sections.append(f"## `{topic}`{kept}\n")
        sections += ["\n".join(_lines(event, tree)) + "\n" for event in events]
    return "\n".join(sections)


def _lines(event: type[Event], tree: SourceTree) -> Iterator[str]:
    yield f"### {event.__name__}\n"
    yield f"{(event.__doc__ or '').strip()}\n"
    yield f"- type `{event.wire_type}`, key `{event.key_field}`"
    yield f"- published by {', '.join(f'`{feature}`' for feature in publishers_of(event, tree)) or NOBODY}"
    handlers = handlers_of(event)
    yield "- handled by" + ("" if handlers else f" {NOBODY}")
    yield from (f"  - group `{handled.group}`: `{handled.module}.{handled.function}`" for handled in handlers)


def write_event_page() -> None:
    """Write the page to its file."""
    EVENTS_PAGE.parent.mkdir(parents=True, exist_ok=True)
    EVENTS_PAGE.write_text(event_page())


if __name__ == "__main__":
    write_event_page()

"""The generated map of events is fresh, and what it says is so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from common.reactions import Reaction
from contracts.activities import BookingConfirmed, ContactChanged
from contracts.event import Event
from contracts.partners import AgreementChanged, OrganisationChanged
from contracts.schemas import all_events
from contracts.staffing import CoverageShort
from contracts.topics import TOPICS
from tests.architecture.event_map import EVENTS_PAGE, event_page, handlers_of, publishers_of, reactions_of
from tests.architecture.source_tree import SERVICES, SourceTree
from tests.architecture.test_rules import plant

NEVER_ERASED = {OrganisationChanged, AgreementChanged}
"""States that end by a field of theirs and hold no person."""


def unpublished_events(tree: SourceTree) -> list[str]:
    """The events that no use case publishes."""
    return [event.wire_type for event in all_events() if not publishers_of(event, tree)]


def groups_used_twice() -> list[str]:
    """Consumer groups that two reactions share, which would each see half of the events."""
    groups = [reaction.group for service in SERVICES for reaction in reactions_of(service)]
    return sorted({group for group in groups if groups.count(group) > 1})


def states_kept_for_ever(reactions: Iterable[Reaction]) -> list[str]:
    """Events of compacted topics whose end, a tombstone, a group could only park."""
    return [
        f"{reaction.group}: {event.__name__}"
        for reaction in reactions
        for event in reaction.handlers
        if TOPICS[event.topic].compacted and event not in reaction.erasers and event not in NEVER_ERASED
    ]


def test_what_is_kept_of_a_compacted_topic_can_be_erased() -> None:
    assert states_kept_for_ever(reaction for service in SERVICES for reaction in reactions_of(service)) == []


def test_a_group_that_could_not_erase_is_seen() -> None:
    planted = Reaction("planted.people", {ContactChanged: lambda _session, _event: asyncio.sleep(0)})
    assert states_kept_for_ever([planted]) == ["planted.people: ContactChanged"]


def test_the_page_is_fresh() -> None:
    assert EVENTS_PAGE.read_text() == event_page(), "run: make docs"


def test_a_stale_page_is_seen(planted: SourceTree) -> None:
    file = planted.source("staffing") / "shifts" / "use_cases.py"
    plant(file, "from contracts.staffing import CoverageShort")
    assert publishers_of(CoverageShort, planted) == ["staffing/coverage", "staffing/shifts"]
    assert event_page(planted) != event_page()


def test_every_event_is_published() -> None:
    assert unpublished_events(SourceTree()) == []


def test_an_event_that_nobody_publishes_is_seen(planted: SourceTree) -> None:
    file = planted.source("staffing") / "coverage" / "use_cases.py"
    file.write_text(file.read_text().replace("CoverageShort", "CoverageLong"))
    assert CoverageShort.wire_type in unpublished_events(planted)


def test_groups_are_named_after_their_service_and_used_once() -> None:
    assert groups_used_twice() == []
    for service in SERVICES:
        assert all(reaction.group.startswith(f"{service}.") for reaction in reactions_of(service))


def test_the_map_finds_handlers() -> None:
    found = [handled for handled in handlers_of(BookingConfirmed) if handled.group == "staffing.coverage"]
    assert [handled.function for handled in found] == ["cover_confirmed_booking"]


def test_handlers_are_where_foreign_contracts_may_be() -> None:
    """The projection of accounts is in `access`; every other handler is in a feature's `event_handlers.py`."""
    events: list[type[Event]] = all_events()
    modules = {handled.module for event in events for handled in handlers_of(event)} - {"access.projection"}
    assert all(module.endswith(".event_handlers") for module in modules), sorted(modules)

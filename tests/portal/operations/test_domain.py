"""States of services from their metrics."""

from __future__ import annotations

import pytest

from portal.operations.domain import BrokenPromise, ServiceState, parse_metrics, state_of

METRICS = """# HELP consumer_lag_events Events on the topics that the group has not read
# TYPE consumer_lag_events gauge
consumer_lag_events{group="finance.charges"} 3.0
consumer_lag_events{group="finance.budgets"} 4.0
outbox_unpublished_events{service="finance"} 2.0
outbox_oldest_unpublished_age_seconds{service="finance"} 61.4
consumer_parked_keys{service="finance"} 0.0
this is no sample
"""


def test_a_state_is_read_from_the_metrics() -> None:
    state = state_of("finance", True, METRICS)
    assert [(group.name, group.lag) for group in state.groups] == [("finance.budgets", 4), ("finance.charges", 3)]
    assert (state.lag, state.outbox_events, state.outbox_age_seconds, state.parked_keys) == (7, 2, 61, 0)
    assert state.mail_age_seconds is None, "finance sends no mail"


@pytest.mark.parametrize(
    ("state", "needs"),
    [
        (ServiceState("finance", True), False),
        (ServiceState("finance", False), True),
        (ServiceState("finance", True, parked_keys=1), True),
        (ServiceState("finance", True, broken=(BrokenPromise("entries_balanced", 1),)), True),
        (ServiceState("finance", True, outbox_age_seconds=60), False),
        (ServiceState("finance", True, due_late_seconds=61), True),
        (ServiceState("notifications", True, mail_age_seconds=61), True),
    ],
)
def test_what_waits_too_long_needs_somebody(state: ServiceState, needs: bool) -> None:
    assert state.needs_somebody is needs


def test_labels_may_hold_quotes_and_commas() -> None:
    assert parse_metrics('one{a="x,\\"y",b="z"} 1e3') == {"one": {(("a", 'x,\\"y'), ("b", "z")): 1000.0}}


def test_promises_that_are_kept_are_not_named() -> None:
    metrics = (
        'invariant_violations{invariant="debts_mirrored",service="finance"} 0.0\n'
        'invariant_violations{invariant="entries_balanced",service="finance"} 3.0\n'
    )
    assert state_of("finance", True, metrics).broken == [BrokenPromise("entries_balanced", 3)]

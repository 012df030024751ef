"""The numbers that every process shows under /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

HTTP_SECONDS = Histogram(
    "http_request_seconds",
    "Time from the first byte of a request to the last of its answer",
    ("service", "method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
DELAY_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300)
OUTBOX_DELAY_SECONDS = Histogram(
    "outbox_publish_delay_seconds", "From writing an event to the broker's acknowledgement", ("service",),
    buckets=DELAY_BUCKETS,
)  # fmt: skip
EVENT_DELAY_SECONDS = Histogram(
    "consumer_event_delay_seconds", "From writing an event to the commit of its effect", ("group",),
    buckets=DELAY_BUCKETS,
)  # fmt: skip
OUTBOX_AGE_SECONDS = Gauge("outbox_oldest_unpublished_age_seconds", "Age of the oldest unpublished event", ("service",))
OUTBOX_DEPTH = Gauge("outbox_unpublished_events", "Events written and not yet published", ("service",))
OUTBOX_PUBLISHED = Counter("outbox_published_events_total", "Events acknowledged by the broker", ("service",))
RELAY_ERRORS = Counter("outbox_relay_errors_total", "Failed rounds of the relay", ("service",))
RELAY_LEADS = Gauge("outbox_relay_leads", "1 where this process holds the relay's lock", ("service",))
CONSUMER_LAG = Gauge("consumer_lag_events", "Events on the topics that the group has not read", ("group",))
CONSUMER_PROGRESS = Gauge("consumer_last_attempt_timestamp_seconds", "When the group last tried an event", ("group",))
CONSUMER_EVENTS = Counter(
    "consumer_events_total", "Events by what became of them: handled, erased, repeated, parked, unknown, retried",
    ("group", "outcome"),
)  # fmt: skip
PARKED_KEYS = Gauge("consumer_parked_keys", "Keys that wait for a person", ("service",))
DUE_ROWS = Counter("worker_due_rows_total", "Due rows by kind and outcome: done, retried", ("kind", "outcome"))
DUE_ROWS_LATE_SECONDS = Gauge("worker_due_rows_late_seconds", "How late the oldest due row is", ("service",))
INVARIANT_VIOLATIONS = Gauge(
    "invariant_violations", "Cases that break what must always hold; anything above 0 is an incident",
    ("service", "invariant"),
)  # fmt: skip
INVARIANT_CHECKED = Gauge(
    "invariant_checked_timestamp_seconds", "When an invariant was last looked at", ("service", "invariant")
)

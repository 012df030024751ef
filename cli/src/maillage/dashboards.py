"""Dashboards for Grafana: `python -m maillage.dashboards` writes deploy/dashboards from the tables below."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from maillage.places import workspace_root

WIDTH, HEIGHT, COLUMNS = 12, 8, 2
SOURCE = {"type": "prometheus", "uid": "${source}"}
Unit = Literal["short", "s", "reqps", "percentunit", "dateTimeAsIso"]


@dataclass(frozen=True)
class Panel:
    """One picture; `alerts` are those whose condition it shows, with their threshold as a line."""

    title: str
    says: str
    expression: str
    legend: str
    unit: Unit = "short"
    alerts: tuple[str, ...] = ()
    threshold: float | None = None


def _slowest(percent: int, histogram: str, by: str) -> str:
    return f"histogram_quantile(0.{percent}, sum by (le, {by}) (rate({histogram}_bucket[5m])))"


FLOW = (
    Panel("Objectives", "Errors of the last hour as a part of what is allowed; above 1 the budget shrinks.",
          "slo:errors:ratio_rate1h / on (objective) (1 - slo:target_ratio)", "{{objective}}",
          alerts=("ErrorBudgetBurnsFast", "ErrorBudgetBurnsSlowly"), threshold=14.4),
    Panel("Events published", "Per second and service, as the broker acknowledged them.",
          "sum by (service) (rate(outbox_published_events_total[5m]))", "{{service}}", "reqps"),
    Panel("Events handled", "Per second, group and outcome.",
          "sum by (group, outcome) (rate(consumer_events_total[5m]))", "{{group}} {{outcome}}", "reqps"),
    Panel("Before each group", "Events on the topics that a group has not read.",
          "sum by (group) (consumer_lag_events)", "{{group}}", alerts=("ConsumerBehind",), threshold=5000),
    Panel("Since the last attempt", "Of each group, while events are before it.",
          "time() - max by (group) (consumer_last_attempt_timestamp_seconds)"
          " and on (group) sum by (group) (consumer_lag_events) > 0",
          "{{group}}", "s", alerts=("ConsumerStuck",), threshold=120),
    Panel("Delay to the broker", "From writing an event to the acknowledgement, 99 of 100.",
          _slowest(99, "outbox_publish_delay_seconds", "service"), "{{service}}", "s"),
    Panel("Delay to the effect", "From writing an event to the commit of its effect, 99 of 100.",
          _slowest(99, "consumer_event_delay_seconds", "group"), "{{group}}", "s"),
    Panel("Oldest event in an outbox", "How long it has been waiting.",
          "max by (service) (outbox_oldest_unpublished_age_seconds)", "{{service}}", "s", ("OutboxStuck",), 60),
    Panel("Relays that lead", "One of each service.",
          "sum by (service) (outbox_relay_leads)", "{{service}}", alerts=("RelayWithoutLeader",), threshold=1),
    Panel("Parked keys", "They wait for a person.",
          "max by (service) (consumer_parked_keys)", "{{service}}", alerts=("EventsParked",), threshold=1),
)  # fmt: skip
SERVICE = (
    Panel("Requests", "Per second and status, of the service chosen above.",
          'sum by (status) (rate(http_request_seconds_count{service="$service"}[5m]))', "{{status}}", "reqps"),
    Panel("Time to answer", "99 of 100, by route.",
          _slowest(99, 'http_request_seconds', "route").replace("_bucket[", '_bucket{service="$service"}['),
          "{{route}}", "s"),
    Panel("Events in its outbox", "Written and not yet published.",
          'outbox_unpublished_events{service="$service"}', "{{service}}"),
    Panel("Rounds of the relay that failed", "Per second.",
          'rate(outbox_relay_errors_total{service="$service"}[5m])', "{{service}}", "reqps"),
    Panel("Work that is late", "The oldest due row.",
          'max by (service) (worker_due_rows_late_seconds{service="$service"})', "{{service}}", "s",
          ("WorkLate",), 300),
    Panel("Work done", "Due rows per second, kind and outcome, of all services.",
          "sum by (kind, outcome) (rate(worker_due_rows_total[5m]))", "{{kind}} {{outcome}}", "reqps"),
    Panel("Oldest unsent e-mail", "How long it has been waiting.",
          "max(notifications_oldest_pending_age_seconds)", "e-mail", "s", ("MessagesUnsent",), 1800),
    Panel("Messages", "Per second and state.",
          "sum by (state) (rate(notifications_messages_total[5m]))", "{{state}}", "reqps"),
)  # fmt: skip
MONEY = (
    Panel("What must always hold", "Cases that break it, by service; every line lies at 0.",
          "max by (service, invariant) (invariant_violations)", "{{service}} {{invariant}}",
          alerts=("InvariantBroken",), threshold=1),
    Panel("When it was looked at", "Seconds since the last look.",
          "time() - max by (service, invariant) (invariant_checked_timestamp_seconds)",
          "{{service}} {{invariant}}", "s", ("InvariantsNotWatched",), 1800),
    Panel("Bookings into the books", "Events that finance handled, per second.",
          'sum by (outcome) (rate(consumer_events_total{group="finance.charges"}[5m]))', "{{outcome}}", "reqps"),
    Panel("Delay to the books", "From a booking to its entry: half, and 99 of 100.",
          _slowest(99, "consumer_event_delay_seconds", "group").replace(
              "_bucket[", '_bucket{group="finance.charges"}['), "99 of 100", "s"),
)  # fmt: skip
USE = (
    Panel("Coming sessions", "Of each association, without those called off.",
          "max by (organisation) (activities_coming_sessions)", "{{organisation}}"),
    Panel("Booked places", "On coming sessions, by organiser.",
          "max by (organisation) (activities_booked_places)", "{{organisation}}"),
    Panel("Associations that offer something", "How many have coming sessions.",
          "count(max by (organisation) (activities_coming_sessions) > 0)", "associations"),
    Panel("Booked a week", "Places more or fewer than seven days ago.",
          "max by (organisation) (activities_booked_places)"
          " - max by (organisation) (activities_booked_places offset 7d)",
          "{{organisation}}"),
)  # fmt: skip
DASHBOARDS: dict[str, tuple[str, tuple[Panel, ...]]] = {
    "flow": ("Maillage: the flow", FLOW),
    "service": ("Maillage: a service", SERVICE),
    "associations": ("Maillage: each association's use", USE),
    "money": ("Maillage: money and promises", MONEY),
}


def dashboard_of(name: str) -> dict[str, Any]:
    """A dashboard as Grafana imports it; it asks which Prometheus to read."""
    title, panels = DASHBOARDS[name]
    variables: list[dict[str, Any]] = [{"name": "source", "type": "datasource", "query": "prometheus"}]
    if any("$service" in panel.expression for panel in panels):
        query = "label_values(http_request_seconds_count, service)"
        variables.append({"name": "service", "type": "query", "datasource": SOURCE, "query": query, "refresh": 2})
    return {
        "uid": f"maillage-{name}",
        "title": title,
        "tags": ["maillage"],
        "timezone": "browser",
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": variables},
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.threshold is not None:
        steps.append({"color": "red", "value": panel.threshold})
    told = f" Alerts: {', '.join(panel.alerts)}." if panel.alerts else ""
    position = {"x": number % COLUMNS * WIDTH, "y": number // COLUMNS * HEIGHT, "w": WIDTH, "h": HEIGHT}
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.says + told,
        "datasource": SOURCE,
        "gridPos": position,
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "thresholds": {"mode": "absolute", "steps": steps},
                "custom": {"thresholdsStyle": {"mode": "line" if panel.threshold is not None else "off"}},
            },
            "overrides": [],
        },
        "targets": [{"refId": "A", "expr": panel.expression, "legendFormat": panel.legend, "exemplar": True}],
    }


def write_dashboards() -> None:
    """Make the files what the tables say."""
    folder = workspace_root() / "deploy" / "dashboards"
    for name in DASHBOARDS:
        (folder / f"{name}.json").write_text(json.dumps(dashboard_of(name), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write_dashboards()

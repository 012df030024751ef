"""How the platform runs, from the metrics of its services: states, lag, what waits; nothing about people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SAMPLE = re.compile(r"^(?P<name>[a-zA-Z_:][\w:]*)(?:\{(?P<labels>[^}]*)\})? (?P<value>\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
LATE_SECONDS = 60


@dataclass(frozen=True)
class Group:
    """A consumer group and how many events it has not read."""

    name: str
    lag: int


@dataclass(frozen=True)
class BrokenPromise:
    """Something that must always hold in a service's data, and how many cases break it."""

    name: str
    cases: int


@dataclass(frozen=True)
class ServiceState:
    """One service as its own metrics tell; ages are those of what waits longest."""

    name: str
    is_ready: bool
    groups: Sequence[Group] = ()
    outbox_events: int = 0
    outbox_age_seconds: int = 0
    parked_keys: int = 0
    due_late_seconds: int = 0
    mail_age_seconds: int | None = None
    broken: Sequence[BrokenPromise] = ()

    @property
    def lag(self) -> int:
        """Events that no group has read yet."""
        return sum(group.lag for group in self.groups)

    @property
    def needs_somebody(self) -> bool:
        """True when it does not answer, breaks a promise, has parked keys, or lets something wait for a minute."""
        oldest = max(self.outbox_age_seconds, self.due_late_seconds, self.mail_age_seconds or 0)
        return not self.is_ready or bool(self.broken) or self.parked_keys > 0 or oldest > LATE_SECONDS


def state_of(name: str, is_ready: bool, metrics: str) -> ServiceState:
    """The state of a service from its metrics in the text format of Prometheus."""
    samples = parse_metrics(metrics)
    lags = samples.get("consumer_lag_events", {})
    groups = [Group(dict(labels).get("group", ""), int(value)) for labels, value in lags.items()]
    mail = samples.get("notifications_oldest_pending_age_seconds")
    return ServiceState(
        name=name,
        is_ready=is_ready,
        groups=sorted(groups, key=lambda group: (-group.lag, group.name)),
        outbox_events=int(_sum(samples, "outbox_unpublished_events")),
        outbox_age_seconds=round(_sum(samples, "outbox_oldest_unpublished_age_seconds")),
        parked_keys=int(_sum(samples, "consumer_parked_keys")),
        due_late_seconds=round(_sum(samples, "worker_due_rows_late_seconds")),
        mail_age_seconds=None if mail is None else round(sum(mail.values())),
        broken=[
            BrokenPromise(dict(labels).get("invariant", ""), int(cases))
            for labels, cases in sorted(samples.get("invariant_violations", {}).items())
            if cases > 0
        ],
    )


Samples = Mapping[str, Mapping[tuple[tuple[str, str], ...], float]]


def parse_metrics(text: str) -> Samples:
    """Samples by name and labels; lines that are none are left out."""
    samples: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for line in text.splitlines():
        found = SAMPLE.match(line)
        if found is None:
            continue
        labels = tuple(sorted(LABEL.findall(found["labels"] or "")))
        samples.setdefault(found["name"], {})[labels] = float(found["value"])
    return samples


def _sum(samples: Samples, name: str) -> float:
    return sum(samples.get(name, {}).values())

"""Service levels: `python -m maillage.objectives` makes deploy/alerts/slo.yaml of deploy/slo.yaml.

Burn rates as in Google's SRE workbook: a long window says that it matters, a short one that it still goes on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from maillage.places import workspace_root

HEAD = "# Made by `make docs` of deploy/slo.yaml: change that one.\n"
WINDOWS = ("5m", "30m", "1h", "6h", "3d")
FAST, SLOW = (("1h", "5m", 14.4), ("6h", "30m", 6.0)), (("3d", "6h", 1.0),)


class Objective(BaseModel):
    """Counters of a journey: all of it, and either what went wrong or what went well."""

    model_config = ConfigDict(extra="forbid")

    promise: str
    target: float = Field(gt=0.5, lt=1)
    total: str
    bad: str | None = None
    good: str | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Objective:
        if (self.bad is None) == (self.good is None):
            raise ValueError("say either what is bad or what is good")
        return self

    def errors(self, window: str) -> str:
        """The part of all that went wrong in a window, as an expression; nothing where nothing happened."""
        counted = f"sum(rate({self.bad or self.good}[{window}]))"
        ratio = f"{counted} / sum(rate({self.total}[{window}]))"
        return f"({ratio}) or (0 * sum(rate({self.total}[{window}])))" if self.bad else f"1 - ({ratio})"


class Objectives(BaseModel):
    """The file deploy/slo.yaml."""

    model_config = ConfigDict(extra="forbid")

    window_days: int
    objectives: dict[str, Objective]


def read_objectives(path: Path | None = None) -> Objectives:
    """The declared objectives. Raises ValidationError."""
    return Objectives.model_validate(yaml.safe_load((path or _deploy() / "slo.yaml").read_text()))


def rules_of(declared: Objectives) -> dict[str, Any]:
    """Prometheus rule groups: targets and errors as series, and the alerts that compare them."""
    records = []
    for name, objective in declared.objectives.items():
        labels = {"objective": name}
        records.append({"record": "slo:target_ratio", "expr": f"vector({objective.target})", "labels": dict(labels)})
        records += [
            {"record": f"slo:errors:ratio_rate{window}", "expr": objective.errors(window), "labels": dict(labels)}
            for window in WINDOWS
        ]
    alerts = [
        _alert("ErrorBudgetBurnsFast", FAST, "page", "the budget of 30 days would be gone in less than five"),
        _alert("ErrorBudgetBurnsSlowly", SLOW, "ticket", "the budget of 30 days will not last"),
    ]
    return {"groups": [{"name": "slo", "rules": records}, {"name": "slo-alerts", "rules": alerts}]}


def _alert(name: str, windows: tuple[tuple[str, str, float], ...], severity: str, consequence: str) -> dict[str, Any]:
    burning = [
        f"({_burns(long, factor)} and on (objective) {_burns(short, factor)})" for long, short, factor in windows
    ]
    runbook = {"ErrorBudgetBurnsFast": "error-budget-burns-fast", "ErrorBudgetBurnsSlowly": "error-budget-burns-slowly"}
    return {
        "alert": name,
        "expr": " or ".join(burning),
        "labels": {"severity": severity},
        "annotations": {
            "summary": f"The objective {{{{ $labels.objective }}}} is missed: {consequence}.",
            "runbook_url": f"docs/operate/runbooks/{runbook[name]}.md",
        },
    }


def _burns(window: str, factor: float) -> str:
    return f"slo:errors:ratio_rate{window} > on (objective) ({factor} * (1 - slo:target_ratio))"


def write_rules() -> None:
    """Make the file what the objectives say."""
    text = yaml.safe_dump(rules_of(read_objectives()), sort_keys=False, width=1_000)
    (_deploy() / "alerts" / "slo.yaml").write_text(HEAD + text)


def _deploy() -> Path:
    return workspace_root() / "deploy"


if __name__ == "__main__":
    write_rules()

"""What the rules of work say about somebody on a shift; `rota/words.html` has the sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Finding:
    """What a rule says about somebody on a shift; `facts` are what it looked at, `explanation` says them in English."""

    rule: str
    warns: bool
    facts: Mapping[str, Any]
    explanation: str


def finding_of(answer: Mapping[str, Any]) -> Finding:
    """A finding, or the reason of a refusal, that the staffing service tells of."""
    facts = {name: _fact(name, value) for name, value in answer.get("facts", {}).items()}
    rule = answer["rule"] if "rule" in answer else answer["reason"]
    return Finding(rule, answer.get("effect") == "warn", facts, answer["explanation"])


def with_findings(answer: Mapping[str, Any], name: str = "findings") -> dict[str, Any]:
    """What the staffing service tells of somebody, with its findings read."""
    return {**answer, name: [finding_of(one) for one in answer[name]]}


def _fact(name: str, value: Any) -> Any:
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name.endswith("_on") else value

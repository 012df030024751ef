"""Which part of its families' places an association bears, from when until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class ShareRule:
    """A share rule, its last day included; `version` is what a change names."""

    id: str
    version: int
    borne_percent: int
    valid_from: date
    valid_to: date | None

    def state_on(self, day: date) -> str:
        """`ahead`, `in_force` or `over`."""
        if day < self.valid_from:
            return "ahead"
        return "over" if self.valid_to is not None and self.valid_to < day else "in_force"

    @property
    def fields(self) -> dict[str, str]:
        """As its form shows it."""
        return {
            "percent": str(self.borne_percent),
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else "",
            "version": str(self.version),
        }


def share_rule_of(answer: Mapping[str, Any]) -> ShareRule:
    """The rule that the finance service tells of."""
    return ShareRule(
        id=answer["id"],
        version=answer["version"],
        borne_percent=answer["borne_percent"],
        valid_from=date.fromisoformat(answer["valid_from"]),
        valid_to=date.fromisoformat(answer["valid_to"]) if answer["valid_to"] else None,
    )


def newest_first(rules: Iterable[ShareRule]) -> list[ShareRule]:
    """What begins last, first; no two begin on one day."""
    return sorted(rules, key=lambda rule: rule.valid_from, reverse=True)

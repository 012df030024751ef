"""What stands between a session and its opening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.sessions.domain import Session

FIRST_AIDER = "first_aider"


@dataclass(frozen=True)
class Finding:
    """Whether one safety rule is met, by which facts, and why it is a rule."""

    rule: str
    is_met: bool
    blocks: bool
    facts: Mapping[str, Any]
    source: str


@dataclass(frozen=True)
class Readiness:
    """The checklist of a session, what the rules say, and the opening once somebody has opened it."""

    items: Sequence[Mapping[str, Any]]
    findings: Sequence[Finding]
    opened_at: datetime | None
    override_reason: str | None

    @property
    def blocking(self) -> list[Finding]:
        """The rules that stand in the way; who is asked about first aid answers when he opens."""
        return [one for one in self.findings if one.blocks and one.rule != FIRST_AIDER]

    @property
    def asks_for_first_aider(self) -> bool:
        """True where a rule wants somebody with a first-aid certificate."""
        return any(one.rule == FIRST_AIDER for one in self.findings)


def readiness_of(answer: Mapping[str, Any], session: Session) -> Readiness:
    """What the activities service tells of a session's opening; moments on the clock of its site."""
    opening = answer["opening"]
    return Readiness(
        answer["items"],
        [_finding_of(one) for one in answer["findings"]],
        datetime.fromisoformat(opening["opened_at"]).astimezone(session.starts_at.tzinfo) if opening else None,
        opening["override_reason"] if opening else None,
    )


def _finding_of(answer: Mapping[str, Any]) -> Finding:
    blocks = not answer["is_met"] and answer["effect"] == "block"
    facts = dict(answer["facts"])
    if facts.get("reviewed_on"):
        facts["reviewed_on"] = date.fromisoformat(facts["reviewed_on"])
    return Finding(answer["rule"], answer["is_met"], blocks, facts, answer["source"])


def is_opening_day(session: Session, now: datetime) -> bool:
    """True on the day of the session, until it ends."""
    return (
        session.state == "scheduled"
        and session.starts_at.date() <= now.astimezone(session.starts_at.tzinfo).date()
        and now < session.ends_at
    )

"""What a team has before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.sessions.domain import Session

AT_RISK_PERCENT = 80


@dataclass(frozen=True)
class Coverage:
    """Whether enough people supervise a session, and why that many are needed."""

    session_id: str
    supervisors_needed: int
    qualified_needed: int
    supervisors_present: int
    qualified_present: int
    is_short: bool
    grounds: Mapping[str, Any] | None


def coverage_of(answer: Mapping[str, Any]) -> Coverage:
    """The coverage that the staffing service tells of."""
    return Coverage(**{name: answer[name] for name in Coverage.__dataclass_fields__})


def short_sessions(sessions: Iterable[Session], coverages: Mapping[str, Coverage]) -> list[Session]:
    """Sessions that take place and lack somebody, in order."""
    short = [one for one in sessions if not one.is_cancelled and one.id in coverages and coverages[one.id].is_short]
    return sorted(short, key=lambda session: session.starts_at)


def budgets_at_risk(budgets: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Budgets of which most of the planned expense is spent, the worst first."""
    known = [budget for budget in budgets if (budget["expense"]["percent"] or 0) >= AT_RISK_PERCENT]
    return sorted(known, key=lambda budget: -budget["expense"]["percent"])

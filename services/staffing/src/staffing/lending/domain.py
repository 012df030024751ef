"""People whom one association lends to another: what is told of them, and who can be asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from staffing.hours.domain import Effect, Finding
from staffing.shifts.domain import Candidate, is_allowed

NOT_FREE = Finding("not_free", Effect.block, "Is not free at this time.")
PRIVATE = frozenset({"clash", "leave", "unavailable", "not_here_then"})
"""Findings that would say where somebody else works, or that he is away: the consent covers whether he is free."""


class MayNotBeAsked(Exception):
    """Somebody's passport is closed, he could not do the shift, or has no account to answer with."""


@dataclass(frozen=True)
class Neighbour:
    """Somebody of another association whose passport is open, with what speaks against him on a shift."""

    candidate: Candidate
    organisation_id: UUID
    has_account: bool
    findings: tuple[Finding, ...]

    @property
    def can_be_asked(self) -> bool:
        """True when nothing blocks, and he can answer by himself."""
        return self.has_account and is_allowed(self.findings)


def as_told(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings as another association may read them."""
    findings = list(findings)
    told = tuple(finding for finding in findings if finding.rule not in PRIVATE)
    return told if len(told) == len(findings) else (NOT_FREE, *told)


def check_may_be_asked(wanted: Iterable[UUID], neighbours: Iterable[Neighbour]) -> None:
    """Raises MayNotBeAsked."""
    if set(wanted) - {one.candidate.person_id for one in neighbours if one.can_be_asked}:
        raise MayNotBeAsked("Ask only people whom the list of candidates elsewhere shows as free to ask.")

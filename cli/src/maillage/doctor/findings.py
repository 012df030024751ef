"""What a check found: a state, and a sentence that a person understands without knowing the code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from maillage.doctor.platform import Platform

PAGE = "docs/operate/doctor.md"


class State(StrEnum):
    """In order of concern; a check is in the worst state of its findings."""

    ok = "ok"
    warning = "warning"
    failed = "failed"


@dataclass(frozen=True)
class Finding:
    """One thing seen."""

    state: State
    sentence: str


@dataclass(frozen=True)
class Check:
    """One question; `needs_installation` leaves it out before the first installation (`--pre`)."""

    id: str
    title: str
    fix: str
    run: Callable[[Platform], Awaitable[list[Finding]]]
    needs_installation: bool = True

    @property
    def link(self) -> str:
        """Where it is explained."""
        return f"{PAGE}#{self.id}"


@dataclass(frozen=True)
class Examined:
    """A check and what it found, at least one thing."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def state(self) -> State:
        """The worst one."""
        return max((finding.state for finding in self.findings), key=list(State).index)


def ok(sentence: str) -> Finding:
    """As it should be."""
    return Finding(State.ok, sentence)


def warning(sentence: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(State.warning, sentence)


def failed(sentence: str) -> Finding:
    """It does not work, or not as promised."""
    return Finding(State.failed, sentence)


def told(error: BaseException) -> str:
    """An error in one line."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__

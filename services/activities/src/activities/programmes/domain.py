"""Rules of programmes: from draft to closed, and what an activity promises about waiting and cancelling."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ProgrammeState(StrEnum):
    """How far a programme has come; only a published one is seen by the public."""

    draft = "draft"
    approved = "approved"
    published = "published"
    closed = "closed"


class WaitingRule(StrEnum):
    """The order in which a waiting list is served; stated to everybody who joins it."""

    arrival = "arrival"
    own_participants_first = "own_participants_first"
    arrival_if_it_fits = "arrival_if_it_fits"


class WrongProgrammeStep(Exception):
    """A programme goes from draft to approved to published to closed, one step at a time."""


class UnknownProgramme(Exception):
    """There is no such programme, or the caller may not see it."""


class UnknownActivity(Exception):
    """There is no such activity, or the caller may not see it."""


class EndsBeforeItStarts(Exception):
    """The last day lies before the first."""


class ProgrammeClosed(Exception):
    """A closed programme takes no new activities or sessions."""


class ObjectiveWithoutIndicator(Exception):
    """An objective needs an indicator, or nobody will know whether it was reached."""


class NoDraftAnyMore(Exception):
    """What was approved is not rewritten."""


class TermsArePublished(Exception):
    """People have booked under the waiting rule and the cancellation terms that were published."""


PROMISES = frozenset({"waiting_rule", "offer_hours", "cancellation_terms"})
"""What an activity promises to those who book it."""

NEXT_STATE = {
    ProgrammeState.draft: ProgrammeState.approved,
    ProgrammeState.approved: ProgrammeState.published,
    ProgrammeState.published: ProgrammeState.closed,
}


@dataclass(frozen=True)
class RefundStep:
    """Who cancels at least `hours_before` the start gets `percent` of the price back."""

    hours_before: int
    percent: int


@dataclass(frozen=True)
class CancellationTerms:
    """What is given back when; no step reached means nothing. An excused absence has its own percentage."""

    steps: tuple[RefundStep, ...]
    excused_percent: int

    def percent_at(self, hours_before_start: float) -> int:
        """The percentage given back to somebody who cancels this many hours before the start."""
        reached = [step.percent for step in self.steps if hours_before_start >= step.hours_before]
        return max(reached, default=0)


def check_step(current: ProgrammeState, wanted: ProgrammeState) -> None:
    """Raise WrongProgrammeStep unless `wanted` is the next state."""
    if NEXT_STATE.get(current) is not wanted:
        raise WrongProgrammeStep(f"A {current} programme cannot become {wanted}.")


def check_draft(state: ProgrammeState) -> None:
    """Raise NoDraftAnyMore once the programme was approved."""
    if state is not ProgrammeState.draft:
        raise NoDraftAnyMore(f"This programme is {state}.")


def check_not_closed(state: ProgrammeState) -> None:
    """Raise ProgrammeClosed when nothing may be added any more; what is planned already goes on."""
    if state is ProgrammeState.closed:
        raise ProgrammeClosed("This programme is closed.")


def check_objectives(indicators: Iterable[str]) -> None:
    """Raise ObjectiveWithoutIndicator when an indicator is blank."""
    if not all(indicator.strip() for indicator in indicators):
        raise ObjectiveWithoutIndicator("Every objective needs an indicator.")


def check_terms_change(published: bool, changed: Collection[str]) -> None:
    """Raise TermsArePublished when one of the promised fields shall change after publication."""
    promised = PROMISES.intersection(changed)
    if published and promised:
        raise TermsArePublished(f"Published, and so fixed: {', '.join(sorted(promised))}.")


def check_season(starts_on: date, ends_on: date) -> None:
    """Raise EndsBeforeItStarts unless the season has at least one day."""
    if ends_on < starts_on:
        raise EndsBeforeItStarts(f"The season ends on {ends_on} and starts on {starts_on}.")

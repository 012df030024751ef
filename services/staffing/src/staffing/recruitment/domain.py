"""Vacancies and calls for volunteers, and what becomes of those who apply."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

KEPT_AFTER_DECISION = timedelta(days=180)
"""How long the data of applicants stay, to answer for the choice among them; set by this platform, not by a law."""


class VacancyState(StrEnum):
    """Who sees a vacancy, and whether one may apply."""

    draft = "draft"
    published = "published"
    closed = "closed"


class ApplicationState(StrEnum):
    """How far an application has come."""

    received = "received"
    interview = "interview"
    accepted = "accepted"
    refused = "refused"
    withdrawn = "withdrawn"


FOLLOWING: Mapping[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.received: frozenset(
        {
            ApplicationState.interview,
            ApplicationState.accepted,
            ApplicationState.refused,
            ApplicationState.withdrawn,
        }
    ),
    ApplicationState.interview: frozenset(
        {ApplicationState.accepted, ApplicationState.refused, ApplicationState.withdrawn}
    ),
    ApplicationState.accepted: frozenset(),
    ApplicationState.refused: frozenset(),
    ApplicationState.withdrawn: frozenset(),
}


class VacancyNotFound(Exception):
    """No vacancy with this id is known to the caller."""


class ApplicationNotFound(Exception):
    """No application with this id is known to the caller."""


class VacancyIsNotOpen(Exception):
    """Nobody applies for what is not published, or not any more."""


class HasApplied(Exception):
    """One applies once for the same vacancy."""


class ApplicationIsDecided(Exception):
    """An application does not go from its state to that one."""


class VacancyIsFilled(Exception):
    """Every place of the vacancy is taken."""


def check_open(state: VacancyState, apply_until: date | None, day: date) -> None:
    """The last day counts. Raises VacancyIsNotOpen."""
    if state is not VacancyState.published or (apply_until is not None and apply_until < day):
        raise VacancyIsNotOpen("Applications are not taken any more.")


def check_step(state: ApplicationState, following: ApplicationState) -> None:
    """Raises ApplicationIsDecided."""
    if following not in FOLLOWING[state]:
        raise ApplicationIsDecided(f"An application that is {state} does not become {following}.")


def forget_on(state: ApplicationState, decided_on: date) -> date | None:
    """When the data of an applicant are deleted; who was taken on has a record of his own by then."""
    return decided_on + KEPT_AFTER_DECISION if not FOLLOWING[state] else None

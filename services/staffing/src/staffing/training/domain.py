"""Training: who takes part, who was there, and until when the paper that it gives is valid."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from uuid import UUID

from dateutil.relativedelta import relativedelta


class TrainingState(StrEnum):
    """Whether a training takes place; attendance is recorded once, when it is over."""

    planned = "planned"
    held = "held"
    cancelled = "cancelled"


class TraineeState(StrEnum):
    """What became of somebody who enrolled."""

    enrolled = "enrolled"
    attended = "attended"
    missed = "missed"
    withdrawn = "withdrawn"


class TrainingNotFound(Exception):
    """No training with this id is known to the caller."""


class TrainingIsFull(Exception):
    """Every place of the training is taken."""


class TrainingIsNotPlanned(Exception):
    """A training that was held or cancelled changes no more."""


class TrainingIsNotOver(Exception):
    """Attendance is recorded when the training is over."""


class NotEnrolled(Exception):
    """Only who enrolled can have been there, or withdraw."""


class OtherAssociation(Exception):
    """People of another association do not enrol by this one's planners."""


def expiry(last_day: date, valid_months: int | None) -> date | None:
    """The last day of a paper that is given on a day; none when it does not expire. The 31st becomes a month's last."""
    return None if valid_months is None else last_day + relativedelta(months=valid_months)


def check_enrolled(attended: Collection[UUID], enrolled: Collection[UUID]) -> None:
    """Raises NotEnrolled."""
    strangers = set(attended) - set(enrolled)
    if strangers:
        raise NotEnrolled(f"{len(strangers)} of these people did not enrol: enrol them first.")

"""Rules of consents: what is asked of whom, and which wording an answer may be given to."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What is asked: of a participant's family, or, for the newsletter, of a household."""

    photo = "photo"
    leaving_alone = "leaving_alone"
    health_notes = "health_notes"
    newsletter = "newsletter"


OF_HOUSEHOLDS = frozenset({Purpose.newsletter})


class WrongSubject(Exception):
    """This is asked about a participant, or about a household, and not about what was named."""


class WordingChanged(Exception):
    """The wording that was read does not hold: there is a newer one, or none."""


def check_subject(purpose: Purpose, *, is_household: bool) -> None:
    """Raise WrongSubject unless the purpose is asked about such a subject."""
    if (purpose in OF_HOUSEHOLDS) is not is_household:
        wanted = "a household" if purpose in OF_HOUSEHOLDS else "a participant"
        raise WrongSubject(f"{purpose} is asked about {wanted}: name one.")


def check_wording(read_version: int, version_in_force: int | None, *, is_given: bool) -> None:
    """Raise WordingChanged unless the wording that was read is in force; whoever withdraws may have read an older."""
    if version_in_force is None:
        raise WordingChanged("Nothing is asked for this purpose today.")
    if read_version > version_in_force or (is_given and read_version != version_in_force):
        raise WordingChanged(f"Wording {version_in_force} is in force: read it, then answer again.")

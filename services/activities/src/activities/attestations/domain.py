"""What an attestation of attendance says, and when one can be given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

LANGUAGES = ("fr", "nl", "de", "en")


class UnknownAttestation(Exception):
    """There is no such attestation, or the caller may not see it."""


class AttestationNotMade(Exception):
    """The file is still being made."""


class NothingToAttest(Exception):
    """Nobody has written down that this person was there in that year."""


@dataclass(frozen=True)
class Attended:
    """One time that somebody was there: the day on the clock of the place, and what was agreed for it, minor units."""

    title: str
    on: date
    price_minor: int
    currency: str


@dataclass(frozen=True)
class Facts:
    """Everything that an attestation says, frozen when it is asked for."""

    association: str
    name: str
    born_on: date | None
    year: int
    attended: Sequence[Attended]
    made_on: date
    reference: str

    def frozen(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            **asdict(self),
            "born_on": self.born_on.isoformat() if self.born_on else None,
            "made_on": self.made_on.isoformat(),
            "attended": [{**asdict(one), "on": one.on.isoformat()} for one in self.attended],
        }


def facts_of(frozen: Mapping[str, Any]) -> Facts:
    """What was frozen."""
    attended = [Attended(**{**one, "on": date.fromisoformat(one["on"])}) for one in frozen["attended"]]
    born_on = date.fromisoformat(frozen["born_on"]) if frozen["born_on"] else None
    made_on = date.fromisoformat(frozen["made_on"])
    return Facts(**{**frozen, "born_on": born_on, "made_on": made_on, "attended": attended})


@dataclass(frozen=True)
class Attestable:
    """A year in which somebody was at an association's sessions on so many days."""

    participant_id: UUID
    organiser_id: UUID
    year: int
    days: int


def check_attended(attended: Sequence[Attended]) -> None:
    """Raise NothingToAttest when there is not one day."""
    if not attended:
        raise NothingToAttest("Nobody has written down that this person was there in that year.")


@dataclass(frozen=True)
class Sheet:
    """An attestation in words: what the typesetter is given."""

    language: str
    title: str
    said: str
    headings: tuple[str, str, str]
    rows: tuple[tuple[str, str, str], ...]
    totals: tuple[str, ...]
    note: str
    foot: str


def compose(language: str, texts: Mapping[str, Any], facts: Facts) -> Sheet:
    """The attestation in the words of `texts`, one row for each time, the earliest first."""
    separator = texts["decimal_separator"]
    rows = tuple(
        (_day(texts, one.on), one.title, _money(one.price_minor, one.currency, separator))
        for one in sorted(facts.attended, key=lambda one: (one.on, one.title))
    )
    words = {
        "association": facts.association,
        "name": facts.name,
        "year": facts.year,
        "days": len({one.on for one in facts.attended}),
        "made_on": _day(texts, facts.made_on),
        "reference": facts.reference,
    }
    born = texts["born"].format(day=_day(texts, facts.born_on)) if facts.born_on else ""
    sums: dict[str, int] = {}
    for one in facts.attended:
        sums[one.currency] = sums.get(one.currency, 0) + one.price_minor
    return Sheet(
        language=language,
        title=texts["title"],
        said=texts["said"].format(**words, born=born),
        headings=(texts["day"], texts["activity"], texts["price"]),
        rows=rows,
        totals=tuple(texts["total"].format(sum=_money(minor, code, separator)) for code, minor in sums.items()),
        note=texts["note"],
        foot=texts["foot"].format(**words),
    )


def _day(texts: Mapping[str, Any], day: date) -> str:
    return day.strftime(texts["date"])


def _money(minor: int, currency: str, separator: str) -> str:
    """No-break space before the currency, as in all four languages of the texts."""
    return f"{Decimal(minor) / 100:.2f}".replace(".", separator) + f"\u00a0{currency}"

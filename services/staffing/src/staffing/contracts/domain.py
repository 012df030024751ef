"""Contracts with people, and the documents that go with them: which fits whom, how far it is, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from staffing.people.domain import PersonKind

LANGUAGES = ("fr", "nl", "de", "en")


class DocumentKind(StrEnum):
    """What a document is.

    The volunteer note is the information that the Belgian law of 3 July 2005 on the rights of volunteers (article 4)
    has given before the work begins: purpose and legal form, insurance, allowances, confidentiality.
    """

    volunteer_note = "volunteer_note"
    insurance_certificate = "insurance_certificate"
    employment_summary = "employment_summary"
    student_summary = "student_summary"


FITS: Mapping[DocumentKind, frozenset[PersonKind]] = {
    DocumentKind.volunteer_note: frozenset({PersonKind.volunteer}),
    DocumentKind.insurance_certificate: frozenset(PersonKind),
    DocumentKind.employment_summary: frozenset({PersonKind.employee, PersonKind.contractor}),
    DocumentKind.student_summary: frozenset({PersonKind.student}),
}


class DocumentState(StrEnum):
    """How far a document is."""

    asked = "asked"
    made = "made"
    handed_over = "handed_over"
    signed = "signed"
    void = "void"


FOLLOWING: Mapping[DocumentState, frozenset[DocumentState]] = {
    DocumentState.asked: frozenset({DocumentState.void}),
    DocumentState.made: frozenset({DocumentState.handed_over, DocumentState.signed, DocumentState.void}),
    DocumentState.handed_over: frozenset({DocumentState.signed, DocumentState.void}),
    DocumentState.signed: frozenset({DocumentState.void}),
    DocumentState.void: frozenset(),
}


class DocumentNotFound(Exception):
    """No document with this id is known to the caller."""


class DocumentIsNotMade(Exception):
    """The document is still being made."""


class DocumentDoesNotFit(Exception):
    """This kind of document is for people on another footing."""


class StepIsNotPossible(Exception):
    """A document does not go from its state to that one."""


class EmployerIsNotDescribed(Exception):
    """The association has not said who it is and how it is insured."""


@dataclass(frozen=True)
class Employer:
    """Who the association is before the law and how it is insured."""

    legal_name: str
    legal_form: str
    enterprise_number: str
    address: str
    social_purpose: str
    contact_name: str
    contact_role: str
    insurer_name: str
    policy_number: str
    accident_insurer_name: str | None
    accident_policy_number: str | None
    is_confidential: bool


@dataclass(frozen=True)
class Task:
    """What somebody is taken on for; money in minor units, `pay_minor` by the hour."""

    person_name: str
    task: str
    starts_on: date
    ends_on: date | None
    weekly_minutes: int | None
    pay_minor: int | None
    day_allowance_minor: int | None
    currency: str


@dataclass(frozen=True)
class Sheet:
    """A document as it is set: paragraphs under headings, in one language."""

    language: str
    title: str
    sections: tuple[tuple[str, str], ...]
    signatures: tuple[str, str] | None
    foot: str

    def as_input(self) -> dict[str, Any]:
        """What the typesetter is given."""
        return asdict(self)


@dataclass(frozen=True)
class Facts:
    """Everything that a document says, frozen when it is asked for."""

    employer: Employer
    task: Task
    made_on: date
    reference: str


def check_fits(kind: DocumentKind, footing: PersonKind) -> None:
    """Raises DocumentDoesNotFit."""
    if footing not in FITS[kind]:
        raise DocumentDoesNotFit(f"A {kind.replace('_', ' ')} is not for a {footing}.")


def check_step(state: DocumentState, following: DocumentState) -> None:
    """Raises StepIsNotPossible, or DocumentIsNotMade while there is nothing to hand over."""
    if following in FOLLOWING[state]:
        return
    if state is DocumentState.asked:
        raise DocumentIsNotMade("The document is being made: try again in a moment.")
    raise StepIsNotPossible(f"A document that is {state} does not become {following}.")


def language_for(asked: str | None, spoken: str) -> str:
    """The language of a document: the one asked for, else the person's, else French."""
    return next((one for one in (asked, spoken) if one in LANGUAGES), LANGUAGES[0])


def compose(kind: DocumentKind, language: str, texts: Mapping[str, Any], facts: Facts) -> Sheet:
    """The document in the words of `texts`; a section that needs what is not there is left out."""
    said = _words(texts, facts)
    of_kind = texts[kind]
    sections = tuple(
        (str(section["heading"]), str(section["body"]).format_map(said))
        for section in of_kind["sections"]
        if all(said[name] for name in section.get("needs", ())) and not any(said[n] for n in section.get("without", ()))
    )
    signatures = (texts["for_us"], texts["for_you"]) if of_kind["is_signed"] else None
    return Sheet(language, of_kind["title"], sections, signatures, texts["foot"].format_map(said))


def _words(texts: Mapping[str, Any], facts: Facts) -> dict[str, str]:
    """What stands for each placeholder; empty where there is nothing to say."""
    task, employer = facts.task, facts.employer
    separator = texts["decimal_separator"]
    words = {name: "" if value is None else str(value) for name, value in asdict(employer).items()}
    words["is_confidential"] = "yes" if employer.is_confidential else ""
    return {
        **words,
        "person_name": task.person_name,
        "task": task.task,
        "starts_on": _day(texts, task.starts_on),
        "ends_on": _day(texts, task.ends_on),
        "weekly_hours": _number(Decimal(task.weekly_minutes) / 60, separator) if task.weekly_minutes else "",
        "pay": _money(task.pay_minor, task.currency, separator),
        "day_allowance": _money(task.day_allowance_minor, task.currency, separator),
        "made_on": _day(texts, facts.made_on),
        "reference": facts.reference,
    }


def _day(texts: Mapping[str, Any], day: date | None) -> str:
    return "" if day is None else day.strftime(texts["date"])


def _money(minor: int | None, currency: str, separator: str) -> str:
    """No-break space before the currency, as in all four languages of the texts."""
    return "" if not minor else f"{_number(Decimal(minor) / 100, separator)}\u00a0{currency}"


def _number(value: Decimal, separator: str) -> str:
    return f"{value:.2f}".replace(".", separator)

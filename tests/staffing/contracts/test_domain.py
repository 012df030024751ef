"""Which documents fit whom, how they go on, and what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from staffing.contracts.domain import (
    FITS,
    DocumentDoesNotFit,
    DocumentIsNotMade,
    DocumentKind,
    DocumentState,
    Employer,
    Facts,
    StepIsNotPossible,
    Task,
    check_fits,
    check_step,
    compose,
    language_for,
)
from staffing.people.domain import PersonKind

EMPLOYER = Employer(
    "Le Tremplin", "ASBL", "BE 0123.456.749", "Rue du Midi 1, 1000 Bruxelles", "offrir des loisirs {créatifs}",
    "Amélie Dupont", "coordinatrice", "Assurances du Midi", "RC-1", None, None, is_confidential=False,
)  # fmt: skip
TASK = Task("Aïcha Benali", "cirque", date(2026, 9, 1), None, 630, 1420, 3000, "EUR")
FACTS = Facts(EMPLOYER, TASK, date(2026, 8, 31), "0190")
TEXTS = {
    "date": "%d.%m.%Y",
    "decimal_separator": ",",
    "for_us": "us",
    "for_you": "you",
    "foot": "{legal_name}, {made_on}",
    "volunteer_note": {
        "title": "Note",
        "is_signed": True,
        "sections": [
            {"heading": "Purpose", "body": "{social_purpose}"},
            {"heading": "Accidents", "needs": ["accident_insurer_name"], "body": "{accident_insurer_name}"},
            {"heading": "Accidents", "without": ["accident_insurer_name"], "body": "none"},
            {"heading": "Allowance", "needs": ["day_allowance"], "body": "{day_allowance}"},
            {"heading": "Hours", "needs": ["weekly_hours"], "body": "{weekly_hours}"},
            {"heading": "Secrecy", "needs": ["is_confidential"], "body": "secret"},
            {"heading": "End", "needs": ["ends_on"], "body": "{ends_on}"},
        ],
    },
}


def said(facts: Facts) -> dict[str, str]:
    return dict(compose(DocumentKind.volunteer_note, "de", TEXTS, facts).sections)


def test_what_is_not_there_is_not_said() -> None:
    assert said(FACTS) == {
        "Purpose": "offrir des loisirs {créatifs}",
        "Accidents": "none",
        "Allowance": "30,00\u00a0EUR",
        "Hours": "10,50",
    }


def test_what_is_there_is_said() -> None:
    insured = replace(EMPLOYER, accident_insurer_name="Midi", accident_policy_number="A-1", is_confidential=True)
    ending = replace(TASK, ends_on=date(2026, 12, 31), day_allowance_minor=None, weekly_minutes=None)
    found = said(replace(FACTS, employer=insured, task=ending))
    assert (found["Accidents"], found["Secrecy"], found["End"]) == ("Midi", "secret", "31.12.2026")
    assert found.keys().isdisjoint({"Allowance", "Hours"})


def test_a_sheet_says_who_signs_and_where_it_comes_from() -> None:
    sheet = compose(DocumentKind.volunteer_note, "de", TEXTS, FACTS)
    assert (sheet.signatures, sheet.foot) == (("us", "you"), "Le Tremplin, 31.08.2026")


@pytest.mark.parametrize(
    ("kind", "footing"),
    [
        (DocumentKind.volunteer_note, PersonKind.employee),
        (DocumentKind.student_summary, PersonKind.volunteer),
        (DocumentKind.employment_summary, PersonKind.student),
    ],
)
def test_a_document_for_another_footing_is_refused(kind: DocumentKind, footing: PersonKind) -> None:
    with pytest.raises(DocumentDoesNotFit):
        check_fits(kind, footing)


def test_there_is_a_document_for_everybody() -> None:
    for footing in PersonKind:
        assert [kind for kind, fits in FITS.items() if footing in fits]


@pytest.mark.parametrize(
    ("state", "following"),
    [("made", "handed_over"), ("made", "signed"), ("handed_over", "signed"), ("asked", "void"), ("signed", "void")],
)
def test_a_document_goes_on(state: str, following: str) -> None:
    check_step(DocumentState(state), DocumentState(following))


@pytest.mark.parametrize(
    ("state", "following", "error"),
    [
        ("asked", "handed_over", DocumentIsNotMade),
        ("signed", "handed_over", StepIsNotPossible),
        ("void", "signed", StepIsNotPossible),
        ("handed_over", "handed_over", StepIsNotPossible),
    ],
)
def test_a_document_does_not_go_back(state: str, following: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        check_step(DocumentState(state), DocumentState(following))


@pytest.mark.parametrize(("asked", "spoken", "taken"), [("de", "fr", "de"), (None, "nl", "nl"), (None, "ar", "fr")])
def test_the_language_is_the_one_asked_for_then_the_persons(asked: str | None, spoken: str, taken: str) -> None:
    assert language_for(asked, spoken) == taken

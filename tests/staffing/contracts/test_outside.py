"""Documents as PDF, from the texts of the four languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from staffing.contracts.domain import LANGUAGES, DocumentKind, compose
from staffing.contracts.outside import render, texts_in
from tests.staffing.contracts.test_domain import EMPLOYER, FACTS

INSURED = replace(EMPLOYER, accident_insurer_name="Midi", accident_policy_number="A-1", is_confidential=True)
WHOLE = replace(FACTS, employer=INSURED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DocumentKind)
def test_every_document_is_made_in_every_language(kind: DocumentKind, language: str) -> None:
    pdf = render(kind, language, FACTS)
    assert pdf.startswith(b"%PDF-")
    assert f"/Lang({language})".encode() in pdf
    assert render(kind, language, FACTS) == pdf, "the same facts give the same file"
    assert render(kind, language, replace(FACTS, reference="0191")) != pdf


@pytest.mark.parametrize("kind", DocumentKind)
def test_all_languages_say_the_same(kind: DocumentKind) -> None:
    shapes = [shape(texts_in(language)[kind]) for language in LANGUAGES]
    assert shapes.count(shapes[0]) == len(LANGUAGES)


def shape(texts: dict[str, Any]) -> list[object]:
    """Under which conditions which placeholders stand in each section."""
    sections = texts["sections"]
    conditions = [(section.get("needs"), section.get("without")) for section in sections]
    held = [sorted(part.split("}")[0] for part in section["body"].split("{")[1:]) for section in sections]
    return [texts["is_signed"], conditions, held]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_volunteer_note_says_what_the_law_of_2005_asks_for(language: str) -> None:
    sheet = compose(DocumentKind.volunteer_note, language, texts_in(language), WHOLE)
    told = " ".join(body for _, body in sheet.sections)
    for fact in (EMPLOYER.legal_form, EMPLOYER.social_purpose, EMPLOYER.insurer_name, "A-1", "EUR", "2005"):
        assert fact in told
    assert sheet.signatures is not None


def test_markup_in_what_people_wrote_stays_text() -> None:
    hostile = replace(EMPLOYER, social_purpose='#panic("x") *a* $x$ {legal_name} \\')
    facts = replace(FACTS, employer=hostile)
    sheet = compose(DocumentKind.volunteer_note, "en", texts_in("en"), facts)
    assert any('#panic("x") *a* $x$ {legal_name} \\' in body for _, body in sheet.sections)
    assert render(DocumentKind.volunteer_note, "en", facts).startswith(b"%PDF-")

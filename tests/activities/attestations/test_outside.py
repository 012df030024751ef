"""Attestations as PDF, from the texts of the four languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from activities.attestations.domain import LANGUAGES, Attended
from activities.attestations.outside import render, texts_in
from tests.activities.attestations.test_domain import FACTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_made_in_every_language_and_the_same_for_the_same_facts(language: str) -> None:
    pdf = render(language, FACTS)
    assert pdf.startswith(b"%PDF-")
    assert f"/Lang({language})".encode() in pdf
    assert render(language, FACTS) == pdf
    assert render(language, replace(FACTS, reference="0191")) != pdf


def test_all_languages_say_the_same() -> None:
    def shape(language: str) -> dict[str, list[str]]:
        said = texts_in(language)
        return {
            name: sorted(part.split("}")[0] for part in text.split("{")[1:])
            for name, text in said.items()
            if name not in ("date", "decimal_separator")
        }

    assert [shape(language) for language in LANGUAGES].count(shape("fr")) == len(LANGUAGES)


def test_what_people_wrote_is_text_and_no_markup() -> None:
    attended = [Attended('#panic("x") *$_@', FACTS.made_on, 0, "EUR")]
    assert render("en", replace(FACTS, name="#set page(fill: red) <a>", attended=attended)).startswith(b"%PDF-")

"""Nothing is missing in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import portal
from portal import languages
from portal.languages import LANGUAGES, SOURCE_LANGUAGE

SOURCE = Path(portal.__file__).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s|</?\w+>")
TRANSLATED = sorted(set(LANGUAGES) - {SOURCE_LANGUAGE})
KEYWORDS = {"gettext": None, "_": None, "ngettext": (1, 2), "for_later": None, "translate": None,
            "translate_count": (1, 2)}  # fmt: skip


def texts() -> set[str | tuple[str, ...]]:
    """Every text of the sources and templates."""
    with (SOURCE.parents[1] / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(SOURCE.parents[1]), methods, options, KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found}


def catalogue(language: str) -> Catalog:
    with (languages.CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def forms(text: object) -> list[str]:
    return [str(form) for form in text] if isinstance(text, (tuple, list)) else [str(text)]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_in_the_catalogue_and_no_other(language: str) -> None:
    assert {message.id for message in messages(language)} == texts(), "run `make messages`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str) -> None:
    empty = [message.id for message in messages(language) if not all(forms(message.string)) or message.fuzzy]
    assert empty == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_and_tags_are_kept(language: str) -> None:
    for message in messages(language):
        wanted = set(PLACEHOLDER.findall(forms(message.id)[-1]))
        for form in forms(message.string)[-1:]:
            assert set(PLACEHOLDER.findall(form)) == wanted, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_times_and_money_follow_the_language(language: str) -> None:
    languages.use_language(language)
    spoken = {
        "fr": ("mercredi 25 novembre", "1 234,50 €"),
        "nl": ("woensdag 25 november", "€ 1.234,50"),
        "de": ("Mittwoch, 25. November", "1.234,50 €"),
        "en": ("Wednesday 25 November", "€1,234.50"),
    }
    amount = re.sub(r"[\u00a0\u202f]", " ", languages.money(123_450))
    assert (languages.day(date(2026, 11, 25)), amount) == spoken[language]
    assert languages.clock_time(datetime(2026, 11, 25, 9, 5, tzinfo=UTC)) == "09:05"


@pytest.mark.parametrize(
    ("asked", "chosen", "accepted", "language"),
    [
        ("nl", "fr", "de", "nl"),
        ("xx", "fr", "de", "fr"),
        (None, None, "pt-BR,de-AT;q=0.8,fr;q=0.5", "de"),
        (None, None, "pt", "en"),
        (None, None, None, "en"),
    ],
)
def test_the_language_is_the_nearest_wish(asked: str, chosen: str, accepted: str, language: str) -> None:
    assert languages.choose_language(asked=asked, chosen=chosen, accepted=accepted) == language

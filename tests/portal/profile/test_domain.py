"""What an organisation says of itself, as its form shows and reads it."""

from __future__ import annotations

import pytest

from portal.profile.domain import fields_of, is_colour, languages_of, site_slug, time_zones, with_chosen
from tests.portal import answers


def test_the_form_shows_what_was_said() -> None:
    said = answers.details(answers.DIRECTORY[1], languages=["nl", "fr"], latitude=50.467412, longitude=-4.0)
    shown = fields_of(said, "#7a5ea8")
    assert (shown["language"], shown["also-fr"], shown["latitude"], shown["longitude"]) == (
        "nl", "on", "50.467412", "-4.0",
    )  # fmt: skip
    assert (shown["colour"], shown["version"]) == ("#7a5ea8", "1")
    assert fields_of({**said, "colour": "#c2410c"}, "#7a5ea8")["colour"] == "#c2410c"


def test_the_language_of_its_texts_comes_first_and_once() -> None:
    assert languages_of("nl", ["fr", "nl"]) == ["nl", "fr"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Grande salle", "tremplin-grande-salle"),
        ("Straße & Café n°2", "tremplin-strae-cafe-n2"),
        ("Ελλάς", "tremplin-site"),
        ("x" * 80, "tremplin-" + "x" * 51),
        ("y" * 50 + " z", "tremplin-" + "y" * 50),
    ],
)
def test_a_site_gets_an_address_from_its_name(name: str, slug: str) -> None:
    assert site_slug("tremplin", name) == slug
    assert len(slug) <= 60


@pytest.mark.parametrize(("text", "expected"), [("#c2410c", True), ("#C2410C", False), ("red", False), ("", False)])
def test_colours_are_those_of_browsers(text: str, expected: bool) -> None:
    assert is_colour(text) is expected


def test_what_was_chosen_once_can_be_kept() -> None:
    assert with_chosen(("a", "b"), "c") == ["a", "b", "c"]
    assert with_chosen(("a", "b"), "b") == ["a", "b"]
    assert with_chosen(("a",), "") == ["a"]
    assert {"Europe/Brussels", "Indian/Reunion"} <= set(time_zones())

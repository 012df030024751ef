"""Every colour of an association becomes readable ones."""

from __future__ import annotations

import itertools

import pytest

from portal.colours import contrast, palette_of, style_sheet
from portal.directory.domain import DEFAULT_COLOURS, default_colour

LIGHT_SURFACES, DARK_SURFACES = ("#ffffff", "#faf8f4"), ("#201e1b", "#161513")
STEPS = ("00", "33", "66", "99", "cc", "ff")
COLOURS = [f"#{red}{green}{blue}" for red, green, blue in itertools.product(STEPS, repeat=3)]


@pytest.mark.parametrize("colour", COLOURS)
def test_text_and_lines_are_readable_in_both_themes(colour: str) -> None:
    palette = palette_of(colour)
    for theme, surfaces in enumerate((LIGHT_SURFACES, DARK_SURFACES)):
        for surface in (*surfaces, palette.tint[theme]):
            assert contrast(palette.strong[theme], surface) >= 4.5, (theme, surface)
        assert contrast(palette.on[theme], palette.strong[theme]) >= 4.5
        assert contrast(palette.line[theme], surfaces[0]) >= 3


def test_a_slug_keeps_its_colour() -> None:
    assert default_colour("tremplin") == default_colour("tremplin")
    assert default_colour("tremplin") in DEFAULT_COLOURS


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_the_style_sheet_has_both_themes() -> None:
    assert "--brand-strong: light-dark(#" in style_sheet(palette_of("#b4472a"))

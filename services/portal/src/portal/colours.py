"""One colour of an association in, readable colours out: for both themes, whatever the colour.

Lightness is set in OKLCH and chroma is reduced until sRGB can show it; browsers would clip, and lose the contrast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

Oklch = tuple[float, float, float]


@dataclass(frozen=True)
class Palette:
    """The brand tokens as pairs of a light and a dark value."""

    raw: str
    strong: tuple[str, str]
    on: tuple[str, str]
    tint: tuple[str, str]
    line: tuple[str, str]


@cache
def palette_of(colour: str) -> Palette:
    """The tokens for a colour `#rrggbb`; text in `strong` has a contrast of at least 4.5 on every surface."""
    lightness, chroma, hue = to_oklch(colour)
    strong = (to_hex((min(lightness, 0.5), chroma, hue)), to_hex((max(lightness, 0.74), min(chroma, 0.16), hue)))
    tint = (to_hex((0.96, min(chroma, 0.03), hue)), to_hex((0.30, min(chroma, 0.05), hue)))
    line = (to_hex((min(lightness, 0.62), chroma, hue)), to_hex((max(lightness, 0.66), min(chroma, 0.14), hue)))
    return Palette(colour, strong, ("#ffffff", "#111111"), tint, line)


def style_sheet(palette: Palette) -> str:
    """The palette as a style sheet that overrides the portal's own tokens."""
    pairs = {"strong": palette.strong, "on": palette.on, "tint": palette.tint, "line": palette.line}
    tokens = [f"--brand-{name}: light-dark({light}, {dark});" for name, (light, dark) in pairs.items()]
    return f"@layer tokens {{ :root {{ --brand-raw: {palette.raw}; {' '.join(tokens)} }} }}\n"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG counts it, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> tuple[float, float, float]:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def to_oklch(colour: str) -> Oklch:
    """Lightness, chroma and hue (radians) of `#rrggbb`."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def to_hex(colour: Oklch) -> str:
    """`#rrggbb` of the colour, or of the nearest with less chroma that sRGB can show."""
    lightness, chroma, hue = colour
    while chroma > 0:
        linear = _to_linear((lightness, chroma, hue))
        if all(-0.0005 <= part <= 1.0005 for part in linear):
            break
        chroma = max(0.0, chroma - 0.004)
    return "#" + "".join(f"{_encoded(part):02x}" for part in _to_linear((lightness, chroma, hue)))


def _to_linear(colour: Oklch) -> tuple[float, float, float]:
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _encoded(part: float) -> int:
    clipped = min(1.0, max(0.0, part))
    encoded = 12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055
    return round(encoded * 255)

"""Draws the picture that messages and social media show beside a link, as PNG by typst."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import typst

WIDTH, HEIGHT = 1200, 630
PICTURES_KEPT_MAX = 200
# Everything that people wrote comes in by `sys.inputs`, as text and never as markup.
DRAWING = b"""
#let told = sys.inputs
#set page(width: 1200pt, height: 630pt, margin: 0pt, fill: rgb("#faf8f4"))
#set text(font: "Libertinus Serif", fill: rgb("#211e1a"), lang: told.language)
#set par(leading: 0.55em, spacing: 0.9em)
#rect(width: 100%, height: 28pt, fill: rgb(told.colour))
#pad(x: 72pt, top: 64pt)[
  #text(size: 36pt, fill: rgb(told.strong), weight: "bold", told.organiser)
  #block(height: 240pt, clip: true, inset: (top: 24pt), text(size: 80pt, weight: "bold", told.title))
  #text(size: 44pt, told.when)

  #text(size: 44pt, fill: rgb("#5b554c"), told.place)
]
"""


@dataclass(frozen=True)
class Picture:
    """What is on the picture; colours are `#rrggbb`."""

    organiser: str
    title: str
    when: str
    place: str
    language: str
    colour: str
    strong: str


_drawn: OrderedDict[Picture, bytes] = OrderedDict()


def draw(picture: Picture) -> bytes:
    """The PNG, 1200 by 630; takes a fifth of a second the first time, so call it in a thread."""
    if picture not in _drawn:
        _drawn[picture] = bytes(typst.compile(DRAWING, format="png", ppi=72.0, sys_inputs=dict(vars(picture))))
        while len(_drawn) > PICTURES_KEPT_MAX:
            _drawn.popitem(last=False)
    return _drawn[picture]

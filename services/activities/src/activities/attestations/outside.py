"""Sets an attestation as PDF by typst, in the words of `texts/<language>.toml`."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from activities.attestations.domain import Facts, compose

TEXTS = Path(__file__).parent / "texts"
# What people wrote comes in by `sys.inputs`, as text and never as markup. The date of the file is that of the document,
# and only the fonts inside typst are used, so that the same facts always give the same bytes.
SHEET = b"""
#let sheet = json(bytes(sys.inputs.sheet))
#let made = sheet.made_on
#set document(title: sheet.title, date: datetime(year: made.at(0), month: made.at(1), day: made.at(2)))
#set page(paper: "a4", margin: (x: 25mm, y: 22mm), footer: text(size: 8pt, sheet.foot))
#set text(font: "Libertinus Serif", size: 11pt, lang: sheet.language)
#set par(leading: 0.65em)
#show heading.where(level: 1): set text(size: 18pt)
#heading(level: 1, sheet.title)
#v(4mm)
#text(sheet.said)
#v(4mm)
#table(
  columns: (auto, 1fr, auto),
  align: (left, left, right),
  stroke: (x: none, y: 0.4pt),
  table.header(..sheet.headings.map(one => strong(text(one)))),
  ..sheet.rows.flatten().map(one => text(one)),
)
#for total in sheet.totals [
  #align(right, strong(text(total)))
]
#v(8mm)
#text(size: 9pt, sheet.note)
"""


@cache
def texts_in(language: str) -> dict[str, Any]:
    """The words in one of the four languages."""
    return tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))


def render(language: str, facts: Facts) -> bytes:
    """The PDF, tagged for screen readers (PDF/UA-1); takes a fifth of a second, so call it in a thread."""
    import typst  # noqa: PLC0415  Only a process with a document to set needs it

    day = facts.made_on
    told = {**asdict(compose(language, texts_in(language), facts)), "made_on": [day.year, day.month, day.day]}
    return bytes(
        typst.compile(
            SHEET,
            format="pdf",
            sys_inputs={"sheet": json.dumps(told)},
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
    )

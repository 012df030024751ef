"""Sets a document as PDF by typst, in the words of `texts/<language>.toml`."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from staffing.contracts.domain import DocumentKind, Facts, Sheet, compose

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
#show heading.where(level: 2): set text(size: 11pt)
#heading(level: 1, sheet.title)
#v(4mm)
#for (title, body) in sheet.sections [
  #heading(level: 2, title)
  #text(body)
]
#if sheet.signatures != none [
  #v(14mm)
  #grid(columns: (1fr, 1fr), gutter: 10mm, ..sheet.signatures.map(who => [#text(who) #v(18mm) #line(length: 100%)]))
]
"""


@cache
def texts_in(language: str) -> dict[str, Any]:
    """The words of all kinds of documents in one of the four languages."""
    return tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))


def render(kind: DocumentKind, language: str, facts: Facts) -> bytes:
    """The PDF, tagged for screen readers (PDF/UA-1); takes a fifth of a second, so call it in a thread."""
    return typeset(compose(kind, language, texts_in(language), facts), facts)


def typeset(sheet: Sheet, facts: Facts) -> bytes:
    """The PDF of a sheet; the same one for the same facts."""
    import typst  # noqa: PLC0415  Only a process with a document to set needs it

    day = facts.made_on
    told = {**sheet.as_input(), "made_on": [day.year, day.month, day.day]}
    inputs = {"sheet": json.dumps(told)}
    return bytes(
        typst.compile(SHEET, format="pdf", sys_inputs=inputs, ignore_system_fonts=True, pdf_standards=["ua-1"])
    )

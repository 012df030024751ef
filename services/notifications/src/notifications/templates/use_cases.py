"""Texts in the reader's language: every kind is in `texts/<language>.txt`; dates, money and plurals follow it too.

A file is a list of sections `== kind`, each a line with the subject, an empty line and the text, with the placeholders
of Jinja. Sections that are no kind are parts which others include; `letter` is put around every text but in-app ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time, get_timezone
from babel.lists import format_list
from babel.numbers import format_currency, get_currency_precision
from jinja2 import DictLoader, Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from notifications.templates.domain import Kind

LOCALES = {"fr": "fr_BE", "nl": "nl_BE", "de": "de", "en": "en_GB"}
TEXTS = Path(__file__).parent / "texts"


_ALWAYS = {"public_url": ""}


@dataclass(frozen=True)
class RenderedText:
    """A message as its reader sees it."""

    subject: str
    body: str


def name_sign_in_address(public_url: str) -> None:
    """Set, once per process, the web address that the texts send their readers to; empty leaves it out."""
    _ALWAYS["public_url"] = public_url


def render(kind: Kind, language: str, fields: Mapping[str, Any], *, as_letter: bool) -> RenderedText:
    """The text of a kind; a letter is greeted and signed. Raises jinja2.UndefinedError when a field is missing."""
    environment = environment_of(language)
    fields = {**_ALWAYS, **fields}
    subject = " ".join(environment.get_template(f"{kind}/subject").render(fields).split())
    body = environment.get_template(kind.value).render(fields).strip()
    if as_letter:
        body = environment.get_template("letter").render({**fields, "text": body}).strip()
    return RenderedText(subject, body + "\n")


@cache
def environment_of(language: str) -> Environment:
    """The compiled texts of one language."""
    environment = Environment(
        loader=DictLoader(read_texts(language)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  The texts are plain text, not HTML.
    )
    words = _Words(Locale.parse(LOCALES[language]))
    environment.filters.update(
        day=words.day, date=words.date, hour=words.hour, money=words.money, count=words.count, all_of=words.all_of
    )
    return environment


def read_texts(language: str) -> dict[str, str]:
    """The sections of a language's file; a kind gives two, its text and `<kind>/subject`."""
    sections: dict[str, str] = {}
    for section in (TEXTS / f"{language}.txt").read_text(encoding="utf-8").split("\n== ")[1:]:
        name, _, content = section.partition("\n")
        if name in Kind.__members__:
            sections[f"{name}/subject"], _, content = content.partition("\n")
        sections[name] = content.strip() + "\n"
    return sections


class _Words:
    """The filters of one language's texts."""

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        self._count_forms = lru_cache(maxsize=256)(locale.plural_form)

    @pass_context
    def day(self, context: Context, instant: str) -> str:
        """The day of an ISO instant where the session takes place."""
        return format_date(_local(instant, context), "full", locale=self._locale)

    def date(self, day: str) -> str:
        """A day that is the same everywhere, from its ISO form."""
        return format_date(date.fromisoformat(day), "full", locale=self._locale)

    @pass_context
    def hour(self, context: Context, instant: str) -> str:
        """The time of day of an ISO instant where the session takes place."""
        return format_time(_local(instant, context), "short", locale=self._locale)

    @pass_context
    def money(self, context: Context, amount_minor: int) -> str:
        """An amount in the text's currency."""
        currency = context["currency"]
        amount = Decimal(int(amount_minor)).scaleb(-get_currency_precision(currency))
        return format_currency(amount, currency, locale=self._locale)

    def count(self, number: int, one: str, other: str) -> str:
        """The number with the word in the right form."""
        return f"{number} {one if self._count_forms(number) == 'one' else other}"

    def all_of(self, names: list[str]) -> str:
        """The names as a list in words."""
        return format_list(names, locale=self._locale)


def _local(instant: str, context: Context) -> datetime:
    return datetime.fromisoformat(str(instant)).astimezone(get_timezone(context["time_zone"]))

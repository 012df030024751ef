"""What people read: texts in four languages from the catalogues; days, times and money as each language writes them.

The language of a request is set once, when it comes in; everything here follows it.
"""

from __future__ import annotations

import gettext as standard_gettext
import io
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel.core import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent

LANGUAGES = {"fr": "Français", "nl": "Nederlands", "de": "Deutsch", "en": "English"}
SOURCE_LANGUAGE = "en"
LOCALES = {"fr": "fr_BE", "nl": "nl_BE", "de": "de_BE", "en": "en_GB"}
CATALOGUES = Path(__file__).parent / "locales"

LONG_DAY = dict.fromkeys(LANGUAGES, "EEEE d MMMM") | {"de": "EEEE, d. MMMM"}
MEDIUM_DAY = dict.fromkeys(LANGUAGES, "EEE d MMM") | {"de": "EEE, d. MMM"}
FULL_DAY = {language: f"{pattern} y" for language, pattern in LONG_DAY.items()}

_language: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)


def use_language(language: str) -> None:
    """Answer the rest of this request in a language."""
    _language.set(language)


def current_language() -> str:
    """The language of this request."""
    return _language.get()


def for_later(text: str) -> str:
    """Mark a text for the catalogues that is translated when it is shown."""
    return text


def translate(text: str) -> str:
    """The text in the language of this request."""
    return _catalogue(_language.get()).gettext(text) if text else ""


def translate_count(one: str, many: str, count: int) -> str:
    """The form that the count asks for, in the language of this request."""
    return _catalogue(_language.get()).ngettext(one, many, count)


@cache
def _catalogue(language: str) -> standard_gettext.NullTranslations:
    if language == SOURCE_LANGUAGE:
        return standard_gettext.NullTranslations()
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return standard_gettext.GNUTranslations(compiled)


def choose_language(*, asked: str | None, chosen: str | None, accepted: str | None) -> str:
    """What the address asks for, else what was chosen before, else the first that the browser accepts and we have."""
    for wish in (asked, chosen):
        if wish in LANGUAGES:
            return wish
    wishes = [item.partition(";")[0].strip().lower() for item in (accepted or "").split(",")]
    known = (wish.partition("-")[0] for wish in wishes)
    return next((language for language in known if language in LANGUAGES), SOURCE_LANGUAGE)


def locale() -> Locale:
    """Babel's locale for the language of this request."""
    return Locale.parse(LOCALES[_language.get()])


def day(value: date) -> str:
    """Wednesday 25 November."""
    return format_date(value, LONG_DAY[_language.get()], locale=locale())


def day_medium(value: date) -> str:
    """Wed 25 Nov."""
    return format_date(value, MEDIUM_DAY[_language.get()], locale=locale())


def day_full(value: date) -> str:
    """Wednesday 25 November 2026."""
    return format_date(value, FULL_DAY[_language.get()], locale=locale())


def weekday(value: date) -> str:
    """Wednesday."""
    return format_date(value, "EEEE", locale=locale())


def day_of_month(value: date) -> str:
    """25 November."""
    return format_date(value, "d. MMMM" if _language.get() == "de" else "d MMMM", locale=locale())


def month_name(value: date) -> str:
    """November 2026, of the month of a day."""
    return format_date(value, "LLLL y", locale=locale())


def days_between(first: date, last: date) -> str:
    """22 – 28 November; the month is said once when it is the same."""
    if first.month != last.month:
        return f"{day_of_month(first)} – {day_of_month(last)}"
    start = f"{first.day}." if _language.get() == "de" else str(first.day)
    return f"{start} – {day_of_month(last)}"


def clock_time(value: datetime) -> str:
    """14:05, in the zone of the moment given."""
    return format_datetime(value, "HH:mm", tzinfo=value.tzinfo, locale=locale())


def sentence(text: str) -> str:
    """The text with a capital at its beginning; the rest stays."""
    return text[:1].upper() + text[1:]


def money(minor: int, currency: str = "EUR") -> str:
    """An amount in minor units; without cents when there are none is not done: prices are read in columns."""
    return format_currency(minor / 100, currency, locale=locale())


def number(value: float) -> str:
    """1,234."""
    return format_decimal(value, locale=locale())


def percent(value: float) -> str:
    """72 %, from 72."""
    return format_percent(value / 100, "#,##0\u00a0%" if _language.get() != "en" else "#,##0%", locale=locale())

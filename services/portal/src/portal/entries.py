"""The fields of a form as values; what makes no sense is noted beside its field, and what was entered is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal, InvalidOperation

from portal.languages import translate
from portal.protection import Form

TEXT_CHARACTERS_MAX = 200
AMOUNT_MINOR_MAX = 100_000_000


class Entries:
    """Reads a form once; `errors` says by field what to change, in the language of the request."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.errors: dict[str, str] = {}

    def refuse(self, name: str, text: str) -> None:
        """Note what to change; the first thing said about a field stays."""
        self.errors.setdefault(name, text)

    def text(self, name: str, *, required: bool = True, characters_max: int = TEXT_CHARACTERS_MAX) -> str:
        """Without spaces around it; empty when refused."""
        value = self.form.get(name).strip().replace("\x00", "")
        if required and not value:
            self.refuse(name, translate("Fill this in."))
        if len(value) > characters_max:
            self.refuse(name, translate("This is too long."))
        return value

    def number(self, name: str, low: int, high: int, *, otherwise: int | None = None) -> int | None:
        """A whole number from `low` to `high`; `otherwise` when nothing was entered."""
        value = self.form.get(name).strip()
        if not value and otherwise is not None:
            return otherwise
        if not value.isascii() or not value.isdigit() or len(value) > 9 or not low <= int(value) <= high:
            self.refuse(name, translate("Enter a whole number from {low} to {high}.").format(low=low, high=high))
            return None
        return int(value)

    def number_or_none(self, name: str, low: int, high: int) -> int | None:
        """The same for a field that may stay empty."""
        return self.number(name, low, high) if self.form.get(name).strip() else None

    def amount_minor(self, name: str) -> int | None:
        """An amount with comma or point, in minor units; None when nothing was entered."""
        value = self.form.get(name).strip().replace(" ", "").replace("\u00a0", "").replace(",", ".")
        if not value:
            return None
        try:
            minor = Decimal(value) * 100
        except InvalidOperation:
            minor = Decimal(-1)
        if not minor.is_finite() or minor != minor.to_integral_value() or not 0 <= minor <= AMOUNT_MINOR_MAX:
            self.refuse(name, translate("Enter an amount such as 12.50."))
            return None
        return int(minor)

    def degrees(self, name: str, reach: int) -> float | None:
        """Degrees from -reach to reach, with comma or point; None when nothing was entered."""
        value = self.form.get(name).strip().replace(",", ".")
        if not value:
            return None
        try:
            degrees = Decimal(value)
        except InvalidOperation:
            degrees = Decimal("NaN")
        if not degrees.is_finite() or abs(degrees) > reach:
            example = translate("Enter degrees from {low} to {high}, such as 4.87.")
            self.refuse(name, example.format(low=-reach, high=reach))
            return None
        return float(degrees)

    def day(self, name: str) -> date | None:
        """A date as browsers send it."""
        try:
            return date.fromisoformat(self.form.get(name).strip())
        except ValueError:
            self.refuse(name, translate("Enter a day."))
            return None

    def clock_time(self, name: str) -> time | None:
        """14:30."""
        try:
            return time.fromisoformat(self.form.get(name).strip()).replace(tzinfo=None, second=0, microsecond=0)
        except ValueError:
            self.refuse(name, translate("Enter a time such as 14:30."))
            return None

    def choice(self, name: str, allowed: Iterable[str]) -> str:
        """One of the allowed words; empty when refused."""
        value = self.form.get(name)
        if value not in set(allowed):
            self.refuse(name, translate("Choose one."))
            return ""
        return value

"""What a household has to pay, to whom, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

EURO = "EUR"


@dataclass(frozen=True)
class Bill:
    """What one payer owes one association in one currency; without an IBAN it is paid at the association."""

    due_id: str
    creditor_id: str
    payer_id: str
    currency: str
    amount_minor: int
    reference: str
    iban: str

    @property
    def can_be_scanned(self) -> bool:
        """True when bank apps can read it from a code, which knows euro only."""
        return bool(self.iban) and self.currency == EURO and self.amount_minor > 0

    @property
    def iban_in_fours(self) -> str:
        """BE89 0068 2003 0085."""
        return " ".join(self.iban[start : start + 4] for start in range(0, len(self.iban), 4))

    @property
    def reference_shown(self) -> str:
        """+++123/4567/89012+++, as banks write a structured reference."""
        digits = self.reference
        return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"


def bills_of(dues: Sequence[Mapping[str, Any]], ibans: Mapping[str, str]) -> list[Bill]:
    """What is still to be paid; `ibans` are by association."""
    return [
        Bill(due["id"], due["organisation_id"], due["payer_id"], currency, amount, due["reference"],
             ibans.get(due["organisation_id"], ""))
        for due in dues
        for currency, amount in sorted(due["amounts"].items())
        if amount > 0
    ]  # fmt: skip

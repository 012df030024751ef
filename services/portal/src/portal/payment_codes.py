"""Draws the QR code that bank apps read (EPC069-12): account, amount and reference, so that nothing is typed."""

from __future__ import annotations

import io
from decimal import Decimal

from segno import helpers

NAME_CHARACTERS_MAX = 70


def draw_payment_code(name: str, iban: str, amount_minor: int, reference: str) -> bytes:
    """The code as SVG, dark on white in both themes, because cameras expect it so; `amount_minor` is in euro cents."""
    amount = Decimal(amount_minor) / 100
    code = helpers.make_epc_qr(name=name[:NAME_CHARACTERS_MAX], iban=iban, amount=amount, text=reference)
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
    return drawn.getvalue()

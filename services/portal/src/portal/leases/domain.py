"""A lease as a form has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SIDES = ("tenant", "landlord")
RENT_PERIODS = ("month", "quarter", "year")


def fields_of(lease: Mapping[str, Any]) -> dict[str, str]:
    """What is written of a lease, as the form has it."""
    texts = ("side", "other_side", "reference", "starts_on", "ends_on", "notice_months", "rent_period", "version")
    amounts = {"rent": lease["rent_minor"], "deposit": lease["deposit_minor"]}
    return {
        **{name: "" if lease[name] is None else str(lease[name]) for name in texts},
        **{name: f"{minor // 100}.{minor % 100:02d}" if minor else "" for name, minor in amounts.items()},
    }

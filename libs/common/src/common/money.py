"""Arithmetic on integer minor units (cents)."""

from __future__ import annotations

from collections.abc import Sequence


def split_by_largest_remainder(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weights so that the parts sum to it exactly; ties go to the earlier part.

    Raises ValueError when a weight is negative or all are zero.
    """
    total = sum(weights)
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative and must not all be zero")
    sign = -1 if amount_minor < 0 else 1
    shares = [divmod(abs(amount_minor) * weight, total) for weight in weights]
    parts = [whole for whole, _ in shares]
    missing = abs(amount_minor) - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda index: (-shares[index][1], index))
    for index in by_remainder[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]


def share_of(amount_minor: int, percent: int) -> int:
    """`percent` of an amount, rounded half up to a whole minor unit."""
    return (amount_minor * percent + 50) // 100

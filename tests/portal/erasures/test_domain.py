"""A receipt adds up what the services told."""

from __future__ import annotations

from portal.erasures.domain import receipt_of
from tests.portal import answers


def test_kinds_are_added_up_over_services() -> None:
    receipt = receipt_of(answers.erasure())
    assert receipt.erased == (("participants", 2), ("traces", 6))
    assert [(item.record, item.until.year if item.until else None) for item in receipt.kept] == [("charges", 2097)]
    assert (receipt.is_complete, receipt.awaited) == (True, 0)


def test_who_only_set_the_address_aside_is_still_awaited() -> None:
    receipt = receipt_of(answers.erasure(state="records"))
    assert (receipt.is_complete, receipt.awaited) == (False, 3)

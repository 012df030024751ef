"""Events of the notifications service."""

from __future__ import annotations

from contracts.erasures import ErasureAnswer


class RecipientsErased(
    ErasureAnswer, wire_type="notifications.recipients_erased.v1", topic="notifications.erasures", key="erasure_id"
):
    """An address is set aside for the receipt; or messages are erased, and the receipt and its address are gone."""

"""What somebody must be told by hand, because no e-mail reaches them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class MessageToTell:
    """A message to print or to read out, with its text; or an e-mail that did not arrive, whose text is private."""

    id: str
    recipient_id: str
    recipient_name: str
    language: str
    subject: str
    body: str | None
    error: str | None
    is_failed: bool
    written_at: datetime


def message_to_tell_of(answer: Mapping[str, Any], zone: ZoneInfo) -> MessageToTell:
    """The message that the notifications service tells of, on the association's clock."""
    plain = ("id", "recipient_id", "language", "subject", "body")
    return MessageToTell(
        **{name: answer[name] for name in plain},
        recipient_name=answer["recipient_name"] or "–",
        error=answer["last_error"],
        is_failed=answer["state"] == "failed",
        written_at=datetime.fromisoformat(answer["created_at"]).astimezone(zone),
    )


def oldest_first(messages: Iterable[MessageToTell]) -> list[MessageToTell]:
    """What waits longest first."""
    return sorted(messages, key=lambda message: (message.written_at, message.id))

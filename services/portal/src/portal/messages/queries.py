"""Questions about what somebody was told."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.visits import Visitor

MESSAGES_SHOWN = 100
HOME_ZONE = ZoneInfo("Europe/Brussels")


async def list_messages(visitor: Visitor) -> list[dict[str, Any]]:
    """The newest messages of the visitor on every channel."""
    page = await visitor.asking.get("notifications", "/messages/mine", limit=MESSAGES_SHOWN)
    return [
        {**message, "told_at": datetime.fromisoformat(message["created_at"]).astimezone(HOME_ZONE)}
        for message in page["items"]
    ]

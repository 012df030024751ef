"""Reads the mail that the embedded stack captured, as the people it was sent to would."""

import asyncio
import re
import time

import httpx

from maillage.embedded.mail import CapturedMessage
from maillage.running import RunningStack

FRESH_SECONDS = 0.15
CODE = re.compile(r"^ {4}([A-Za-z0-9_-]{20,})$", re.MULTILINE)


class CapturedMail:
    """The whole mailbox, read again at most every 0.15 s however many ask."""

    def __init__(self, stack: RunningStack) -> None:
        self._url = f"{stack.mail_page_url}/messages.json"
        self._reading = asyncio.Lock()
        self._read_at = float("-inf")
        self._messages: list[CapturedMessage] = []

    async def messages_to(self, address: str) -> list[CapturedMessage]:
        """Newest first."""
        return [message for message in await self.messages() if address in message.to]

    async def codes_for(self, address: str) -> list[str]:
        """One-time codes, newest first."""
        found = [CODE.search(message.body) for message in await self.messages_to(address)]
        return [code.group(1) for code in found if code is not None]

    async def messages(self) -> list[CapturedMessage]:
        """Newest first."""
        async with self._reading:
            if time.monotonic() - self._read_at > FRESH_SECONDS:
                async with httpx.AsyncClient(timeout=20) as client:
                    answer = await client.get(self._url)
                answer.raise_for_status()
                self._messages = [CapturedMessage.model_validate(item) for item in answer.json()]
                self._read_at = time.monotonic()
            return self._messages

"""Mail for the embedded default: every message is captured in a Maildir and shown on a page, none leaves."""

import sys
from pathlib import Path

import httpx
from pydantic import AwareDatetime, BaseModel

from maillage.embedded.part import Part


class CapturedMessage(BaseModel):
    """What `/messages.json` tells of one message; `key` is its name in the Maildir."""

    key: str
    to: str
    subject: str
    language: str
    message_id: str
    date: AwareDatetime
    body: str


class MailCapture(Part):
    """The SMTP server and its page, in one process."""

    def __init__(self, directory: Path, smtp_port: int, page_port: int) -> None:
        super().__init__("mail", directory)
        self.smtp_port = smtp_port
        self.page_port = page_port

    @property
    def page_url(self) -> str:
        return f"http://127.0.0.1:{self.page_port}"

    def command(self) -> list[str]:
        ports = [str(self.smtp_port), str(self.page_port)]
        return [sys.executable, "-m", "maillage.embedded.mail_server", str(self.directory / "mail"), *ports]

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.page_url}/messages.json", timeout=5).is_success
        except httpx.HTTPError:
            return False

"""What every part of the loading shares: who asks, what is described, what has been made so far."""

from collections.abc import Callable
from dataclasses import dataclass

from maillage.captured_mail import CapturedMail
from maillage.demo.generator import SEED
from maillage.demo.model import Demo
from maillage.demo.state import DemoState
from maillage.signed_in import Json, Platform

NEWS_SECONDS = 15.0
MAIL_SECONDS = 30.0


@dataclass(frozen=True)
class Loading:
    """`advance` is called once for everything that exists now, made or found."""

    platform: Platform
    mail: CapturedMail
    demo: Demo
    state: DemoState
    advance: Callable[[str], None]

    async def create(self, user_name: str, service: str, path: str, body: Json, key: str) -> Json:
        """Waits for news of a new role or site to reach the service; raises Refused."""
        person = await self.platform.person(user_name)
        return await person.create(service, path, body, f"demo-{SEED}-{key}", patience_seconds=NEWS_SECONDS)


def staff_of(organisation: str) -> str:
    """Who records households and participants for an association."""
    return {"tremplin": "amelie", "tilleuls": "pieter", "grange": "hanna", "elan": "marta"}[organisation]

"""Who is told: a member of staff, a household's contact or somebody who works, and when two records are one human."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class RecipientKind(StrEnum):
    """Which record a recipient stands for."""

    member = "member"
    contact = "contact"
    worker = "worker"


@dataclass(frozen=True)
class Recipient:
    """One membership, contact or worker, as the service that owns it told us last.

    `person_ids` are the persons whose account may read the recipient's messages; `given_names` the participants that a
    contact answers for.
    """

    recipient_id: UUID
    organisation_id: UUID
    version: int
    kind: RecipientKind
    display_name: str
    email: str | None
    language: str
    role: str | None = None
    state: str = "active"
    account_issuer: str | None = None
    account_subject: str | None = None
    prefers_phone: bool = False
    person_ids: frozenset[UUID] = frozenset()
    given_names: Mapping[UUID, str] = field(default_factory=dict)


def human_key(recipient_id: UUID, email: str | None, account_issuer: str | None, account_subject: str | None) -> str:
    """What two records of one human have in common: the account, else the address, else nothing but the record."""
    if account_issuer and account_subject:
        return f"account:{account_issuer}|{account_subject}"
    if email:
        return f"email:{email.strip().lower()}"
    return f"recipient:{recipient_id}"


@dataclass(frozen=True)
class Listener:
    """A recipient whom a fact concerns; `given_names` are the participants concerned for whom he answers."""

    recipient_id: UUID
    organisation_id: UUID
    kind: RecipientKind
    role: str | None
    display_name: str
    email: str | None
    language: str
    association_languages: tuple[str, ...]
    account_issuer: str | None
    account_subject: str | None
    person_ids: tuple[UUID, ...]
    prefers_phone: bool
    given_names: tuple[str, ...]

    @property
    def human(self) -> str:
        """The human as far as this record tells."""
        return human_key(self.recipient_id, self.email, self.account_issuer, self.account_subject)


@dataclass(frozen=True)
class Concerned:
    """Those whom a fact concerns, the organiser as he signs, and where it is; empty texts while that is not known."""

    organiser_name: str
    organiser_time_zone: str
    site_name: str
    listeners: tuple[Listener, ...]

    @property
    def ids(self) -> frozenset[UUID]:
        """The recipients that are known."""
        return frozenset(listener.recipient_id for listener in self.listeners)

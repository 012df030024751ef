"""The person behind a request: an account, the organisations it acts for, and the persons it answers for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from common.database import ACTOR_SETTING, ORGANISATIONS_SETTING, REQUEST_SETTING, Context, uuid_array
from common.problems import FORBIDDEN, ProblemError
from common.tracing import current_trace_id
from contracts.partners import Role

PERSONS_SETTING = "app.persons"


@dataclass(frozen=True)
class Account:
    """A sign-in: who issued it and the name it has there."""

    issuer: str
    subject: str

    def __str__(self) -> str:
        return f"{self.issuer}|{self.subject}"


@dataclass(frozen=True)
class Principal:
    """An account with its rights as this service knows them now."""

    account: Account
    roles: Mapping[UUID, frozenset[Role]] = field(default_factory=dict)
    persons: frozenset[UUID] = frozenset()

    def organisations(self, roles: Iterable[Role]) -> frozenset[UUID]:
        """The organisations for which the account has at least one of the roles."""
        wanted = frozenset(roles)
        return frozenset(organisation for organisation, held in self.roles.items() if held & wanted)

    def may(self, organisation_id: UUID, roles: Iterable[Role]) -> bool:
        """True when the account has one of the roles there."""
        return organisation_id in self.organisations(roles)

    def require(self, organisation_id: UUID, roles: Iterable[Role]) -> None:
        """Raise ProblemError (403) unless the account has one of the roles there."""
        if not self.may(organisation_id, roles):
            raise ProblemError(FORBIDDEN)

    def context(self, roles: Iterable[Role] = ()) -> Context:
        """The context of a transaction: rows of organisations where one of the roles is held, and of own persons."""
        return {
            ORGANISATIONS_SETTING: uuid_array(self.organisations(roles)),
            PERSONS_SETTING: uuid_array(self.persons),
            ACTOR_SETTING: str(self.account),
            REQUEST_SETTING: current_trace_id() or "",
        }

    @property
    def key(self) -> str:
        """The account as one text, to scope idempotency keys."""
        return str(self.account)

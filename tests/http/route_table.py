"""What a table of routes is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from uuid import UUID

from contracts.partners import Role
from tests.factories.accounts import Person

Ids = Mapping[str, str]
"""Names of path parameters and of what bodies mention, with an id (or another text) for each."""


class OpenTo(Enum):
    """Who gets an answer at all; what is in it is still only what the asker may see."""

    STAFF = auto()
    """People with one of the roles; others are refused, or shown an empty list."""
    SIGNED_IN = auto()
    """Everybody with a token: the answer is about the asker, or about what all members share."""
    PUBLIC = auto()
    """Nobody in particular too; what is not published is not found."""


@dataclass(frozen=True)
class Route:
    """A route and who of an association may use it; `roles` see or change what is the association's."""

    method: str
    path: str
    roles: frozenset[Role] = frozenset()
    parent: bool = False
    open_to: OpenTo = OpenTo.STAFF
    body: Callable[[Ids], object] | None = None
    query: Callable[[Ids], Mapping[str, str]] | None = None
    if_match: str | None = None
    shows: bool = True
    """Whether an allowed GET shows something of the scene: proof that the others' empty answers mean something."""
    consumes: bool = False
    """Whether it can be done once only, so that every allowed caller needs a scene of their own."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Scene:
    """An association with data of every kind: `ids` are of hidden things, `shown` of published ones."""

    organisation_id: UUID
    ids: dict[str, str]
    parent: Person
    other_parent: Person
    secrets: tuple[str, ...]
    """Texts and ids that nobody outside may ever read."""
    shown: dict[str, str] = field(default_factory=dict)


def roles(*members: Role | tuple[Role, ...]) -> frozenset[Role]:
    """A set of roles from roles and groups of them."""
    return frozenset(role for member in members for role in (member if isinstance(member, tuple) else (member,)))

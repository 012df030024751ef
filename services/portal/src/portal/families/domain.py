"""A family as its association's team sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from portal.consents.domain import Sheet

MEMBER_ROWS = tuple(f"-{number}" for number in range(1, 7))
"""How the names of the fields of each member end where a whole family is entered."""


@dataclass(frozen=True)
class Family:
    """A household with its people, or somebody without one; `path` is its address below that of the team."""

    name: str
    path: str
    household: Mapping[str, Any] | None
    members: Sequence[Mapping[str, Any]]
    contacts: Sequence[Mapping[str, Any]]
    sheets: Sequence[Sheet]


@dataclass(frozen=True)
class NewFamily:
    """A family that called for the first time."""

    name: str
    contact: Mapping[str, Any]
    members: Sequence[Mapping[str, Any]]


def used_rows(fields: Mapping[str, str]) -> list[str]:
    """The rows of a form in which somebody was entered; the first one always counts."""
    names = ("given_name", "family_name", "born_on")
    return [
        row for row in MEMBER_ROWS
        if row == MEMBER_ROWS[0] or any(fields.get(f"{name}{row}", "").strip() for name in names)
    ]  # fmt: skip


def key_of(form_key: str, step: str, body: Mapping[str, Any]) -> str:
    """The key of one step of a form: the same when it is sent twice, another once the step says something else."""
    return str(uuid5(UUID(form_key), f"{step} {json.dumps(body, sort_keys=True)}"))

"""A family as its association's team sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.consents.domain import Sheet


@dataclass(frozen=True)
class Family:
    """A household with its people, or somebody without one; `path` is its address below that of the team."""

    name: str
    path: str
    household: Mapping[str, Any] | None
    members: Sequence[Mapping[str, Any]]
    contacts: Sequence[Mapping[str, Any]]
    sheets: Sequence[Sheet]

"""Who works for an association, who is invited, and who worked there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROLES = ("director", "coordinator", "animator", "treasurer", "volunteer", "funder")
LEADER_ROLES = frozenset({"director", "federation_admin"})
CODE_CHARACTERS_MAX = 100

Member = Mapping[str, Any]


@dataclass(frozen=True)
class Members:
    """Memberships by what has become of them, each by name."""

    active: Sequence[Member]
    invited: Sequence[Member]
    ended: Sequence[Member]


def members_of(answers: Sequence[Member]) -> Members:
    """Sort the memberships that the partners service tells of."""
    ordered = sorted(answers, key=lambda one: (str(one["display_name"]).casefold(), one["role"]))
    return Members(*([one for one in ordered if one["state"] == state] for state in ("active", "invited", "ended")))


def is_invitation_code(text: str) -> bool:
    """True for what may be the code of an invitation: one word of the signs that every keyboard has."""
    return 0 < len(text) <= CODE_CHARACTERS_MAX and text.isascii() and text.isprintable() and " " not in text

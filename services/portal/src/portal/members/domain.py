"""Who works for an association, who is invited, and who worked there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.directory.domain import Organisation, Post

ROLES = {
    "association": ("director", "coordinator", "animator", "treasurer", "funder", "volunteer"),
    "outside_partner": ("director", "funder"),
    "federation": ("federation_admin", "treasurer", "operator"),
}
"""Which roles are given in each kind of organisation; the last is offered first."""
LEADER_ROLES = frozenset({"director", "federation_admin"})
OFFICE_ROLE = "federation_admin"
CODE_CHARACTERS_MAX = 100
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
EMAIL_CHARACTERS_MAX = 254

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


def roles_in(kind: str) -> tuple[str, ...]:
    """The roles that people can have in an organisation of this kind."""
    return ROLES[kind]


def leading_post(posts: Sequence[Post], organisation: Organisation) -> Post | None:
    """As what somebody leads an organisation: by a role there, or for the office of a federation of it."""
    for post in posts:
        if post.organisation.id == organisation.id and post.roles & LEADER_ROLES:
            return post
    if any(post.organisation.id in organisation.federation_ids and OFFICE_ROLE in post.roles for post in posts):
        return Post(organisation, frozenset({OFFICE_ROLE}))
    return None


def is_email(text: str) -> bool:
    """True for what the partners service takes as an address."""
    return EMAIL.fullmatch(text) is not None


def is_invitation_code(text: str) -> bool:
    """True for what may be the code of an invitation: one word of the signs that every keyboard has."""
    return 0 < len(text) <= CODE_CHARACTERS_MAX and text.isascii() and text.isprintable() and " " not in text

"""Who there is in the federation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from zlib import crc32

STAFF_ROLES = frozenset({"director", "coordinator", "animator"})
MONEY_ROLES = frozenset({"director", "coordinator", "treasurer"})
DEFAULT_COLOURS = ("#b4472a", "#7a5ea8", "#2e7d4f", "#1f6fa8", "#a63d6e", "#8a6a12", "#47708a", "#5b7a1f")
BOOK_KEEPER_ROLES = frozenset({"director", "treasurer"})
PLANNER_ROLES = frozenset({"director", "coordinator"})


@dataclass(frozen=True)
class Organisation:
    """An entry of the directory."""

    id: str
    kind: str
    name: str
    slug: str
    parent_id: str | None
    languages: tuple[str, ...]
    is_ended: bool
    colour: str
    """`#rrggbb`: what it chose, else one that is always the same for its slug."""
    federation_ids: tuple[str, ...] = ()
    position: tuple[float, float] | None = None
    """Latitude and longitude in degrees."""
    logo: str = ""
    """What tells its logo from others; an empty text when it has none."""

    @property
    def initials(self) -> str:
        """Its first and last capital: what stands where others have a logo."""
        capitals = [word[0] for word in re.split(r"[\s'’-]+", self.name) if word[:1].isupper()]
        return (capitals[0] + capitals[-1] if len(capitals) > 1 else self.name[:2]).upper()


def default_colour(slug: str) -> str:
    """A colour for an association that has chosen none: always the same for a slug."""
    return DEFAULT_COLOURS[crc32(slug.encode()) % len(DEFAULT_COLOURS)]


def _position_of(entry: Mapping[str, Any]) -> tuple[float, float] | None:
    latitude, longitude = entry.get("latitude"), entry.get("longitude")
    return None if latitude is None or longitude is None else (latitude, longitude)


class Placed(Protocol):
    """What takes place at a site, in rooms of which the names are known."""

    @property
    def site_id(self) -> str: ...

    @property
    def rooms(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Directory:
    """Every organisation, ended ones too, by id and by slug."""

    by_id: Mapping[str, Organisation]
    by_slug: Mapping[str, Organisation]

    @classmethod
    def of(cls, entries: Sequence[Mapping[str, Any]], logos: Mapping[str, str] | None = None) -> Directory:
        """The directory from its entries, and the digests of logos by organisation; a site has its association's."""
        digests = logos or {}
        organisations = [
            Organisation(
                entry["id"],
                entry["kind"],
                entry["name"],
                entry["slug"],
                entry["parent_id"],
                tuple(entry["languages"]),
                entry["ended_at"] is not None,
                entry.get("colour") or default_colour(entry["slug"]),
                tuple(entry["federation_ids"]),
                _position_of(entry),
                digests.get(entry["parent_id"] or entry["id"], ""),
            )
            for entry in entries
        ]
        return cls({one.id: one for one in organisations}, {one.slug: one for one in organisations})

    @property
    def associations(self) -> list[Organisation]:
        """Those that have not ended, by name."""
        found = [one for one in self.by_id.values() if one.kind == "association" and not one.is_ended]
        return sorted(found, key=lambda one: one.name)

    @property
    def federation(self) -> Organisation | None:
        """The first federation, whose agenda the start page shows."""
        found = [one for one in self.by_id.values() if one.kind == "federation" and not one.is_ended]
        return min(found, key=lambda one: one.id, default=None)

    def sites_of(self, association_id: str) -> list[Organisation]:
        """The sites of an association that have not ended, by name."""
        found = [one for one in self.by_id.values() if one.parent_id == association_id and not one.is_ended]
        return sorted(found, key=lambda one: one.name)

    def name_of(self, organisation_id: str | None) -> str:
        """The name, or a dash for an organisation that is not known."""
        found = self.by_id.get(organisation_id or "")
        return found.name if found else "–"

    def place_of(self, happening: Placed) -> str:
        """The site, and the rooms that are held; a site that is one room is named once."""
        return ", ".join(dict.fromkeys((self.name_of(happening.site_id), *happening.rooms)))

    def slug_of(self, organisation_id: str) -> str:
        """The slug; a dash, which no organisation has, when it is not known."""
        found = self.by_id.get(organisation_id)
        return found.slug if found else "-"


@dataclass(frozen=True)
class Post:
    """An association for which somebody works, and what they may do there."""

    organisation: Organisation
    roles: frozenset[str]

    @property
    def is_field_staff(self) -> bool:
        """True for those who run sessions and book for people."""
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_planner(self) -> bool:
        """True for those who plan sessions."""
        return bool(self.roles & PLANNER_ROLES)

    @property
    def reads_money(self) -> bool:
        """True for those who may read the books."""
        return bool(self.roles & MONEY_ROLES)

    @property
    def keeps_books(self) -> bool:
        """True for those who may write in the books."""
        return bool(self.roles & BOOK_KEEPER_ROLES)


def posts_of(memberships: Sequence[Mapping[str, Any]], directory: Directory) -> list[Post]:
    """Where somebody works, by name of the association."""
    roles: dict[str, set[str]] = {}
    for membership in memberships:
        if membership["state"] == "active":
            roles.setdefault(membership["organisation_id"], set()).add(membership["role"])
    known = [(directory.by_id[key], held) for key, held in roles.items() if key in directory.by_id]
    return sorted((Post(one, frozenset(held)) for one, held in known), key=lambda post: post.organisation.name)

"""What an organisation says of itself, and its sites."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from portal.directory.domain import Directory, Organisation

JURISDICTIONS = ("BE-FWB", "BE-VG", "BE-DG", "FR")
LATITUDE_MAX, LONGITUDE_MAX = 90, 180
SLUG_CHARACTERS_MIN, SLUG_CHARACTERS_MAX = 2, 60
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COLOUR = re.compile(r"#[0-9a-f]{6}")
TEXTS = ("name", "address", "accessibility", "jurisdiction", "time_zone")
OWN_TEXTS = ("enterprise_number", "iban")
OVERSEAS = (
    "America/Cayenne", "America/Guadeloupe", "America/Martinique", "America/Miquelon", "Indian/Mayotte",
    "Indian/Reunion", "Pacific/Noumea", "Pacific/Tahiti",
)  # fmt: skip
FIELDS_OF_PROBLEMS = {
    "invalid-iban": "iban", "invalid-enterprise-number": "enterprise_number", "unknown-time-zone": "time_zone",
    "half-a-position": "longitude", "slug-taken": "name",
}  # fmt: skip
"""Beside which field the refusal of the partners service stands."""


@cache
def time_zones() -> tuple[str, ...]:
    """Those of Europe, and of France overseas."""
    return (*sorted(zone for zone in available_timezones() if zone.startswith("Europe/")), *OVERSEAS)


def federations_to_join(directory: Directory, organisation: Organisation) -> list[Organisation]:
    """The federations on the platform that an association or outside partner does not belong to, by name."""
    if organisation.kind == "federation":
        return []
    living = [one for one in directory.by_id.values() if one.kind == "federation" and not one.is_ended]
    others = [one for one in living if one.id not in organisation.federation_ids]
    return sorted(others, key=lambda one: one.name.casefold())


def with_chosen(options: Iterable[str], chosen: str) -> list[str]:
    """What can be chosen, and what was chosen once when it is none of these."""
    return [one for one in dict.fromkeys([*options, chosen]) if one]


def fields_of(answer: Mapping[str, Any], colour: str) -> dict[str, str]:
    """What the partners service tells of an organisation, as its form shows it; `colour` where it chose none."""
    main, *others = answer["languages"]
    return {
        **{name: answer[name] for name in (*TEXTS, *OWN_TEXTS)},
        "version": str(answer["version"]),
        "colour": answer["colour"] or colour,
        "language": main,
        **{f"also-{language}": "on" for language in others},
        **{name: "" if answer[name] is None else str(answer[name]) for name in ("latitude", "longitude")},
    }


def languages_of(main: str, others: Iterable[str]) -> list[str]:
    """The language of its texts first, then the others that it speaks."""
    return list(dict.fromkeys([main, *others]))


def is_colour(text: str) -> bool:
    """True for `#rrggbb`, which is how browsers send one."""
    return COLOUR.fullmatch(text) is not None


def slug_of(text: str, otherwise: str) -> str:
    """A name for addresses, made of the letters and digits of a text; `otherwise` when it has none."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain) or [otherwise])[:SLUG_CHARACTERS_MAX].strip("-")


def site_slug(association_slug: str, name: str) -> str:
    """A name for addresses that tells whose site it is; nobody has to think of one."""
    return slug_of(f"{association_slug}-{slug_of(name, 'site')}", association_slug)


def is_slug(text: str) -> bool:
    """True for what may stand in addresses."""
    return SLUG_CHARACTERS_MIN <= len(text) <= SLUG_CHARACTERS_MAX and SLUG.fullmatch(text) is not None

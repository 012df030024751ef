"""The remarks on lists of people, in words for the team that reads them."""

from __future__ import annotations

from portal.languages import for_later, translate

TEXTS = {
    "no-photo": for_later("No photos"),
    "photo-not-asked": for_later("No photos: not asked yet"),
    "leaves-alone": for_later("May leave alone"),
    "health-not-shared": for_later("Health notes not shared"),
}


def text_of_flag(name: str) -> str:
    """The remark in the language of the request."""
    return translate(TEXTS[name])

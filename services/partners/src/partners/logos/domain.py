"""Which pictures are taken as logos."""

from __future__ import annotations

import hashlib

from partners.photos.domain import NotAPhoto, is_webp

BYTES_MAX = 40_000
DIGEST_CHARACTERS = 16


class LogoNotFound(Exception):
    """The organisation has no logo."""


class LogoTooLarge(Exception):
    """The picture has more bytes than are kept."""


def check_logo(content: bytes) -> None:
    """Raises NotAPhoto unless it is WebP, LogoTooLarge beyond `BYTES_MAX`."""
    if len(content) > BYTES_MAX:
        raise LogoTooLarge(f"A logo has at most {BYTES_MAX} bytes: make it smaller.")
    if not is_webp(content):
        raise NotAPhoto("Send a picture in the format WebP.")


def digest_of(content: bytes) -> str:
    """What tells one logo from another, for addresses that may be kept for ever."""
    return hashlib.sha256(content).hexdigest()[:DIGEST_CHARACTERS]

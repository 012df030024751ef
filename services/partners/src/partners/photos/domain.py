"""Which pictures of a resource are taken."""

from __future__ import annotations

BYTES_MAX = 180_000
PHOTOS_MAX = 8


class PhotoNotFound(Exception):
    """The caller sees no photo with this id."""


class NotAPhoto(Exception):
    """The content is no WebP picture."""


class PhotoTooLarge(Exception):
    """The picture has more bytes than are kept."""


class TooManyPhotos(Exception):
    """The resource has as many photos as are kept."""


def is_webp(content: bytes) -> bool:
    """True when it begins as WebP does (RFC 9649) and is as long as it says."""
    size = int.from_bytes(content[4:8], "little")
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP" and size + 8 <= len(content)


def check_photo(content: bytes) -> None:
    """Raises NotAPhoto unless it is WebP, PhotoTooLarge beyond `BYTES_MAX`."""
    if len(content) > BYTES_MAX:
        raise PhotoTooLarge(f"A photo has at most {BYTES_MAX} bytes: make it smaller.")
    if not is_webp(content):
        raise NotAPhoto("Send a picture in the format WebP.")


def check_count(present: int) -> None:
    """Raises TooManyPhotos when `PHOTOS_MAX` are there already."""
    if present >= PHOTOS_MAX:
        raise TooManyPhotos(f"A resource has at most {PHOTOS_MAX} photos: remove one first.")

"""Which pictures are taken."""

from __future__ import annotations

from base64 import b64decode

import pytest

from partners.photos.domain import (
    BYTES_MAX,
    PHOTOS_MAX,
    NotAPhoto,
    PhotoTooLarge,
    TooManyPhotos,
    check_count,
    check_photo,
)
from tests.partners.resources.conftest import PICTURE

SMALLEST = b64decode(PICTURE)


def test_a_webp_picture_is_taken() -> None:
    check_photo(SMALLEST)
    check_count(PHOTOS_MAX - 1)


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF", b"\x89PNG\r\n\x1a\n" + bytes(40), b"<svg xmlns='http://www.w3.org/2000/svg'/>", SMALLEST[:-1]],
)
def test_anything_else_is_not(content: bytes) -> None:
    with pytest.raises(NotAPhoto, match="WebP"):
        check_photo(content)


def test_there_is_an_end_to_size_and_number() -> None:
    with pytest.raises(PhotoTooLarge, match=str(BYTES_MAX)):
        check_photo(SMALLEST + bytes(BYTES_MAX))
    with pytest.raises(TooManyPhotos, match=str(PHOTOS_MAX)):
        check_count(PHOTOS_MAX)

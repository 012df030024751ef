"""Makes what people upload small and plain: WebP without what phones write into theirs, such as the place."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
SIDE_PIXELS_MAX = 1_280
PIXELS_MAX = 50_000_000
PICTURE_BYTES_MAX = 170_000
QUALITIES = (80, 65, 50, 35)


class NotAPicture(Exception):
    """What was uploaded is no picture that we read, or one beyond all measure."""


def small_picture(uploaded: bytes) -> bytes:
    """The picture as WebP, at most 1,280 pixels a side and 170 kB; takes half a second, so call it in a thread.

    Raises NotAPicture.
    """
    try:
        with Image.open(BytesIO(uploaded), formats=FORMATS) as opened:
            if opened.width * opened.height > PIXELS_MAX:
                raise NotAPicture
            opened.draft("RGB", (SIDE_PIXELS_MAX, SIDE_PIXELS_MAX))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((SIDE_PIXELS_MAX, SIDE_PIXELS_MAX))
            picture = upright.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPicture from error
    for quality in QUALITIES:
        written = BytesIO()
        picture.save(written, "WEBP", quality=quality)
        if written.tell() <= PICTURE_BYTES_MAX:
            break
        picture.thumbnail((picture.width * 4 // 5, picture.height * 4 // 5))
    return written.getvalue()

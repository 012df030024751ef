"""Makes what people upload small and plain: WebP without what phones write into theirs, such as the place."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
SIDE_PIXELS_MAX = 1_280
PIXELS_MAX = 50_000_000
PICTURE_BYTES_MAX = 170_000
LOGO_PIXELS_MAX = 256
LOGO_BYTES_MAX = 40_000
QUALITIES = (80, 65, 50, 35)


class NotAPicture(Exception):
    """What was uploaded is no picture that we read, or one beyond all measure."""


def small_picture(uploaded: bytes) -> bytes:
    """The picture as WebP, at most 1,280 pixels a side and 170 kB; takes half a second, so call it in a thread.

    Raises NotAPicture.
    """
    return _written(_read(uploaded, SIDE_PIXELS_MAX).convert("RGB"), PICTURE_BYTES_MAX)


def small_logo(uploaded: bytes) -> bytes:
    """The logo as WebP, at most 256 pixels a side and 40 kB, see-through where it was; call it in a thread.

    Raises NotAPicture.
    """
    return _written(_read(uploaded, LOGO_PIXELS_MAX).convert("RGBA"), LOGO_BYTES_MAX)


def _read(uploaded: bytes, side_pixels_max: int) -> Image.Image:
    """The picture, upright and no larger than this."""
    try:
        with Image.open(BytesIO(uploaded), formats=FORMATS) as opened:
            if opened.width * opened.height > PIXELS_MAX:
                raise NotAPicture
            opened.draft("RGB", (side_pixels_max, side_pixels_max))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((side_pixels_max, side_pixels_max))
            return upright
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPicture from error


def _written(picture: Image.Image, bytes_max: int) -> bytes:
    """As WebP, worse and smaller until it has few enough bytes."""
    for quality in QUALITIES:
        written = BytesIO()
        picture.save(written, "WEBP", quality=quality)
        if written.tell() <= bytes_max:
            break
        picture.thumbnail((picture.width * 4 // 5, picture.height * 4 // 5))
    return written.getvalue()

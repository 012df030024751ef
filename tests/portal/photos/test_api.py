"""Photos are made small, freed of what phones write into them, and shown by themselves without any power."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import httpx
import pytest
from PIL import Image

from portal.browser_sessions import BrowserSession
from portal.pictures import PICTURE_BYTES_MAX, SIDE_PIXELS_MAX, NotAPicture, small_picture
from portal.protection import UPLOAD_BYTES_MAX
from tests.portal import answers
from tests.portal.conftest import ADDRESS, Neighbours, Portal

PATH = f"/manage/tremplin/resources/{answers.HALL}/photos"
GPS, ORIENTATION = 0x8825, 0x0112


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


def from_a_phone(width: int = 4_000, height: int = 3_000) -> bytes:
    """A picture that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[2] = (50.6, 4.8, 0.0)
    written = BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(written, "JPEG", exif=exif, quality=90)
    return written.getvalue()


async def upload(portal: Portal, session: BrowserSession, content: bytes, **fields: str) -> httpx.Response:
    """The form as a browser sends it."""
    return await portal.client.post(
        PATH,
        data={"csrf_token": session.csrf_token, "key": "k", "description": "La scène", **fields},
        files={"photo": ("photo.jpg", content, "image/jpeg")},
        headers={"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"},
    )


def test_a_photo_is_small_upright_and_says_nothing_of_its_place() -> None:
    taken = from_a_phone()
    assert len(taken) > 10 * PICTURE_BYTES_MAX
    made = small_picture(taken)
    assert len(made) <= PICTURE_BYTES_MAX
    with Image.open(BytesIO(made)) as picture:
        assert (picture.format, max(picture.size) <= SIDE_PIXELS_MAX) == ("WEBP", True)
        assert picture.height > picture.width, "it was turned as the phone says"
        assert not dict(picture.getexif())


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", from_a_phone()[:99]])
def test_what_is_no_photo_is_none(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        small_picture(content)


async def test_a_photo_is_added_and_removed(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"POST /resources/{answers.HALL}/photos"] = {}
    assert (await upload(portal, coordinator, from_a_phone(800, 600))).status_code == 303
    (sent,) = neighbours.bodies("POST", "/photos")
    assert (sent["description"], b64decode(sent["content"])[8:12]) == ("La scène", b"WEBP")
    neighbours.answers[f"DELETE /photos/{answers.BUDGET}"] = {}
    assert (await portal.post(f"{PATH}/{answers.BUDGET}/removal", coordinator)).status_code == 303


async def test_what_cannot_be_taken_is_said_beside_its_field(portal: Portal, coordinator: BrowserSession) -> None:
    wrong = await upload(portal, coordinator, b"not a photo")
    assert (wrong.status_code, "JPEG, PNG or WebP" in wrong.text) == (422, True)
    assert (await upload(portal, coordinator, b"")).status_code == 422
    assert (await upload(portal, coordinator, b"x" * UPLOAD_BYTES_MAX)).status_code == 413


async def test_another_site_cannot_send_a_photo(portal: Portal, coordinator: BrowserSession) -> None:
    assert (await upload(portal, coordinator, b"x", csrf_token="guessed")).status_code == 403


async def test_a_photo_opened_by_itself_runs_nothing(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"GET /photos/{answers.BUDGET}/content"] = lambda _: httpx.Response(200, content=b"RIFF")
    answer = await portal.get(f"/photos/{answers.BUDGET}.webp")
    assert (answer.content, answer.headers["content-type"]) == (b"RIFF", "image/webp")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"

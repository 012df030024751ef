"""Logos stand beside the name on every page, and are set and removed by those who lead."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import httpx
import pytest
from PIL import Image

from portal.browser_sessions import BrowserSession
from portal.pictures import LOGO_BYTES_MAX, LOGO_PIXELS_MAX, small_logo
from tests.portal import answers
from tests.portal.conftest import ADDRESS, Neighbours, Portal

HERE = "/manage/tremplin/logo"
DIGEST = "0123456789abcdef"
LOGO = f"/organisations/{answers.HOUSE}/logo"
PICTURE = f"/logos/{answers.HOUSE}/{DIGEST}.webp"


@pytest.fixture
def director(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "director", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


@pytest.fixture
def with_logo(neighbours: Neighbours) -> None:
    neighbours.answers["GET /logos"] = [{"organisation_id": answers.HOUSE, "digest": DIGEST}]
    neighbours.answers[f"GET {LOGO}"] = lambda _request: httpx.Response(200, content=b"RIFF")


def drawn(width: int = 900, height: int = 600) -> bytes:
    """A logo that is see-through at its edges."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    picture.paste((200, 30, 30, 255), (100, 100, width - 100, height - 100))
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


async def upload(portal: Portal, session: BrowserSession, content: bytes) -> httpx.Response:
    """The form as a browser sends it."""
    return await portal.client.post(
        HERE,
        data={"csrf_token": session.csrf_token},
        files={"photo": ("logo.png", content, "image/png")},
        headers={"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"},
    )


def test_a_logo_is_small_and_stays_see_through() -> None:
    made = small_logo(drawn())
    assert len(made) <= LOGO_BYTES_MAX
    with Image.open(BytesIO(made)) as picture:
        assert (picture.format, max(picture.size)) == ("WEBP", LOGO_PIXELS_MAX)
        assert picture.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


@pytest.mark.usefixtures("with_logo")
@pytest.mark.parametrize("path", ["/", "/o/tremplin", "/embed/tremplin"])
async def test_everybody_sees_the_logo_beside_the_name(portal: Portal, path: str) -> None:
    assert f'src="{PICTURE}"' in (await portal.get(path)).text
    picture = await portal.get(PICTURE)
    assert (picture.content, picture.headers["content-type"]) == (b"RIFF", "image/webp")
    assert "immutable" in picture.headers["cache-control"]
    assert "sandbox" in picture.headers["content-security-policy"]
    assert (await portal.get(PICTURE.replace("0123", "9999"))).status_code == 404


async def test_without_a_logo_the_initials_stand_there(portal: Portal) -> None:
    text = (await portal.get("/o/tremplin")).text
    assert "/logos/" not in text
    assert '<svg class="emblem"' in text


async def test_a_logo_is_set_and_removed(portal: Portal, neighbours: Neighbours, director: BrowserSession) -> None:
    neighbours.answers[f"PUT {LOGO}"] = {"organisation_id": answers.HOUSE, "digest": DIGEST}
    assert (await upload(portal, director, drawn())).headers["location"] == HERE
    (sent,) = neighbours.bodies("PUT", "/logo")
    assert b64decode(sent["content"])[8:12] == b"WEBP"
    neighbours.answers["GET /logos"] = [{"organisation_id": answers.HOUSE, "digest": DIGEST}]
    assert "Remove the logo" in (await portal.get(HERE)).text, "the directory is asked again at once"
    neighbours.answers[f"DELETE {LOGO}"] = {}
    assert (await portal.post(f"{HERE}/removal", director)).status_code == 303


async def test_what_is_no_picture_is_said_beside_the_field(portal: Portal, director: BrowserSession) -> None:
    wrong = await upload(portal, director, b"not a picture")
    assert (wrong.status_code, "PNG, JPEG or WebP" in wrong.text) == (422, True)
    assert (await upload(portal, director, b"")).status_code == 422


async def test_a_refused_logo_is_told(portal: Portal, neighbours: Neighbours, director: BrowserSession) -> None:
    problem = {"type": "/problems/forbidden", "title": "No", "status": 403}
    neighbours.answers[f"PUT {LOGO}"] = lambda _request: httpx.Response(403, json=problem)
    assert (await upload(portal, director, drawn())).status_code == 403


async def test_it_is_for_those_who_lead(portal: Portal, neighbours: Neighbours) -> None:
    assert (await portal.get(HERE)).status_code == 303
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    portal.sign_in()
    assert (await portal.get(HERE)).status_code == 403

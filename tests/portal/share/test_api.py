"""The picture beside a shared link."""

from __future__ import annotations

import re

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

SESSION = f"/o/tremplin/sessions/{answers.SESSION}"


async def image_path(portal: Portal) -> str:
    text = (await portal.get(SESSION)).text
    found = re.search(r'og:image" content="[^"]*?(/o/[^"]+\.png)"', text)
    assert found is not None
    return found.group(1)


async def test_the_picture_is_drawn(portal: Portal) -> None:
    answer = await portal.get(await image_path(portal))
    assert answer.headers["content-type"] == "image/png"
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(answer.content[16:20]) == 1200


async def test_a_changed_session_has_another_picture(portal: Portal, neighbours: Neighbours) -> None:
    before = await image_path(portal)
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = answers.session(version=2, title='"#panic()" & <b>')
    after = await image_path(portal)
    assert after != before
    assert (await portal.get(before)).status_code == 404
    assert (await portal.get(after)).status_code == 200

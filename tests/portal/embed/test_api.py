"""The programme on another site."""

from __future__ import annotations

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal


async def test_the_widget_may_be_framed_and_knows_nobody(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers["GET /sessions"] = answers.page(answers.soon())
    portal.sign_in()
    answer = await portal.get("/embed/tremplin?language=nl")
    assert "frame-ancestors https:" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers
    assert '<html lang="nl"' in answer.text
    assert "Atelier cirque" in answer.text
    assert "<script" not in answer.text
    assert "<form" not in answer.text


async def test_other_pages_may_not_be_framed(portal: Portal) -> None:
    assert "frame-ancestors 'none'" in (await portal.get("/o/tremplin")).headers["content-security-policy"]

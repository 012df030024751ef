"""People of other associations, for those who plan."""

from __future__ import annotations

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

BASE = "/manage/tremplin/passports"


async def test_planners_see_what_the_consent_covers(portal: Portal, neighbours: Neighbours) -> None:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    portal.sign_in()
    assert "Lotte Maes" in (await portal.get(BASE)).text
    text = (await portal.get(f"{BASE}/{answers.LINA}")).text
    for expected in ("Les Tilleuls", "First aid", "Wednesday, 14:00–18:00: gladly", "2090: 1 h 30, Voluntary"):
        assert expected in text


async def test_nobody_else_does(portal: Portal, neighbours: Neighbours) -> None:
    membership = {"organisation_id": answers.HOUSE, "role": "animator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    portal.sign_in()
    assert (await portal.get(BASE)).status_code == 403
    assert (await portal.get(f"{BASE}/{answers.LINA}")).status_code == 403

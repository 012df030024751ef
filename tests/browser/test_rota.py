"""The rota in a real browser: somebody takes an open shift, a coordinator has others proposed and accepts."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import expect

from maillage.signed_in import Platform
from tests.browser.conftest import Stage
from tests.browser.test_offline import in_background
from tests.browser.visitor import Visitor, press_through

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("browser")]
PROPOSAL_MILLISECONDS_MAX = 30_000


async def day_of_open_shift(stage: Stage) -> str:
    """The day of the first open shift that nobody has taken."""
    async with Platform(stage.stack.describe()) as platform:
        amelie = await platform.person("amelie")
        shifts = await amelie.list_all("staffing", "/shifts", is_open=True)
    free = [shift for shift in shifts if not any(one["state"] != "released" for one in shift["assignments"])]
    return min(datetime.fromisoformat(shift["starts_at"]).date().isoformat() for shift in free)


def test_who_could_do_it_is_proposed_and_accepted(stage: Stage) -> None:
    window = Visitor(stage.browser, stage.address)
    window.sign_in("amelie")
    window.go(f"/manage/tremplin/rota?week={in_background(day_of_open_shift(stage))}")
    assert window.accessibility_faults() == []
    window.page.get_by_role("button", name="Propose who could do it").click()
    ready = window.page.get_by_role("button", name="Assign the ticked shifts")
    expect(ready).to_be_visible(timeout=PROPOSAL_MILLISECONDS_MAX)
    assert window.accessibility_faults() == []
    ready.click()
    expect(window.page.get_by_role("heading", name="Rota", exact=True)).to_be_visible()
    window.page.locator("li.shift.ok a").first.click()
    expect(window.page.get_by_role("heading", name="On it")).to_be_visible()
    assert window.accessibility_faults() == []
    window.page.get_by_role("button", name="Take off").first.click()
    expect(window.page.get_by_text("Nobody yet.")).to_be_visible()
    assert window.complaints == []


def test_an_open_shift_is_taken_by_keyboard_and_on_a_phone(stage: Stage) -> None:
    window = Visitor(stage.browser, stage.address, width=360)
    window.sign_in("noah")
    window.go("/shifts")
    assert window.accessibility_faults() == []
    assert not window.is_too_wide()
    offered = window.page.get_by_role("button", name="Take it")
    before = offered.count()
    press_through(window, "Take it")
    expect(offered).to_have_count(before - 1)
    assert window.complaints == []

"""Planning in a real browser: a series seen before it is saved, moved by keyboard and by mouse, undone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect

from common.clock import now
from common.ids import new_id
from tests.browser.conftest import Stage
from tests.browser.visitor import Visitor, press_through

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("browser")]
WEEKS_AHEAD = 20
TITLE = f"Trapèze volant {str(new_id())[-6:]}"
SHIFT = f"Accueil du matin {str(new_id())[-6:]}"


def far_wednesday() -> date:
    """A Wednesday that the demo federation has left free."""
    day = now().date() + timedelta(weeks=WEEKS_AHEAD)
    return day + timedelta(days=(2 - day.weekday()) % 7)


@pytest.fixture(scope="module")
def coordinator(stage: Stage) -> Visitor:
    window = Visitor(stage.browser, stage.address)
    window.sign_in("amelie")
    return window


def test_a_series_is_seen_before_it_is_saved(stage: Stage, coordinator: Visitor) -> None:
    page, first = coordinator.page, far_wednesday()
    coordinator.go(f"/manage/tremplin/plan?activity={stage.state.activities['cirque']}")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("First day").fill(first.isoformat())
    page.get_by_label("every week", exact=True).check()
    page.get_by_label("Last day of the series").fill((first + timedelta(weeks=2)).isoformat())
    press_through(coordinator, "Show every date")
    expect(page.get_by_role("heading", name="Every date")).to_be_visible()
    assert page.locator("input[name=kept]").count() == 3
    assert coordinator.accessibility_faults() == []
    for box in page.locator("input[name=kept]").all():
        box.check()
    page.locator("input[name=kept]").nth(1).uncheck()
    press_through(coordinator, "Plan the ticked dates")
    expect(page.get_by_role("link", name=TITLE).first).to_be_visible()
    coordinator.go(f"/manage/tremplin/calendar?week={first + timedelta(weeks=1)}")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(0)
    assert coordinator.complaints == []


def test_a_session_is_moved_by_keyboard_and_moved_back(coordinator: Visitor) -> None:
    page, first = coordinator.page, far_wednesday()
    coordinator.go(f"/manage/tremplin/calendar?week={first}")
    press_through(coordinator, f"Move {TITLE}")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert coordinator.accessibility_faults() == []
    assert page.evaluate("document.activeElement.name") == "on"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Enter")
    page.locator("#move-starts").fill("17:00")
    page.locator("#move-ends").fill("19:00")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="17:00")).to_be_visible()
    press_through(coordinator, "Undo")
    expect(page.get_by_text("14:00–16:00").first).to_be_visible()
    assert coordinator.complaints == []


def test_a_session_is_dragged_to_another_day(coordinator: Visitor) -> None:
    page, first = coordinator.page, far_wednesday()
    coordinator.go(f"/manage/tremplin/calendar?week={first}")
    block = page.locator(".block", has_text=TITLE).bounding_box()
    friday = page.locator(f"[data-day='{first + timedelta(days=2)}']").bounding_box()
    assert block is not None
    assert friday is not None
    page.mouse.move(block["x"] + 20, block["y"] + 10)
    page.mouse.down()
    page.mouse.move(friday["x"] + 30, block["y"] + 40, steps=8)
    page.mouse.move(friday["x"] + 30, block["y"] + 10, steps=4)
    page.mouse.up()
    told = page.get_by_role("status").filter(has_text="Friday")
    expect(told).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"[data-day='{first}'] .block", has_text=TITLE)).to_be_visible()
    assert coordinator.complaints == []


def drag(window: Visitor, block: Locator, target: Locator) -> None:
    """With the mouse, in steps, to the middle of the target."""
    taken, dropped = block.bounding_box(), target.bounding_box()
    assert taken is not None
    assert dropped is not None
    window.page.mouse.move(taken["x"] + 20, taken["y"] + 10)
    window.page.mouse.down()
    window.page.mouse.move(dropped["x"] + dropped["width"] / 2, dropped["y"] + min(20, dropped["height"] / 2), steps=10)
    window.page.mouse.up()


def test_among_the_places_a_session_is_dragged_to_another_day(coordinator: Visitor) -> None:
    page, first = coordinator.page, far_wednesday()
    coordinator.go(f"/manage/tremplin/calendar?week={first}&by=place")
    block, thursday = page.locator(".block", has_text=TITLE), first + timedelta(days=1)
    row = page.locator("tr", has=block)
    drag(coordinator, block, row.locator(f"td[data-day='{thursday}']"))
    expect(page.get_by_role("status").filter(has_text="Thursday")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"[data-day='{first}'] .block", has_text=TITLE)).to_be_visible()
    assert coordinator.complaints == []


def test_a_free_place_is_dragged_to_somebody_and_back(stage: Stage, coordinator: Visitor) -> None:
    page = coordinator.page
    coordinator.go(f"/manage/tremplin/rota?week={far_wednesday()}")
    page.get_by_text("Plan a shift beside sessions").click()
    page.get_by_label("What is to be done").fill(SHIFT)
    page.get_by_label("Day", exact=True).fill(far_wednesday().isoformat())
    page.get_by_label("From", exact=True).fill("09:00")
    page.get_by_label("Until").fill("11:00")
    press_through(coordinator, "Plan a shift")
    coordinator.go(f"/manage/tremplin/calendar/people?week={far_wednesday()}")
    block, row = page.locator(".block", has_text=SHIFT), page.locator("tr", has_text="Rosa Conti")
    drag(coordinator, block, row.locator("td").nth(2))
    expect(page.get_by_role("status").filter(has_text=f"Rosa Conti does {SHIFT}")).to_be_visible()
    expect(row.locator(".block", has_text=SHIFT)).to_be_visible()
    drag(
        coordinator, row.locator(".block", has_text=SHIFT), page.locator("tr", has_text="Pol Adam").locator("td").nth(2)
    )
    expect(page.get_by_role("status").filter(has_text=f"Pol Adam does {SHIFT}")).to_be_visible()
    press_through(coordinator, "Undo")
    expect(row.locator(".block", has_text=SHIFT)).to_be_visible()
    assert coordinator.complaints == []


def test_without_scripts_a_session_is_moved_on_a_page(stage: Stage, coordinator: Visitor) -> None:
    coordinator.go(f"/manage/tremplin/calendar?week={far_wednesday()}")
    address = coordinator.page.get_by_role("link", name=f"Move {TITLE}").get_attribute("href")
    coordinator.go(str(address))
    expect(coordinator.page.get_by_role("heading", name="Move or change")).to_be_visible()
    coordinator.page.get_by_label("Until").fill("16:30")
    press_through(coordinator, "Save")
    expect(coordinator.page.get_by_text("14:00–16:30").first).to_be_visible()

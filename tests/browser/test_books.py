"""What a treasurer does most, by keyboard alone: writes down what was spent, and takes back what was a mistake."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from common.ids import new_id
from maillage.demo.offers import season_of
from tests.browser.conftest import Stage
from tests.browser.visitor import Visitor, press_through

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("browser")]
LABEL = f"Balles de jonglage {str(new_id())[-6:]}"
TABS_MAX = 15


@pytest.fixture(scope="module")
def treasurer(stage: Stage) -> Visitor:
    window = Visitor(stage.browser, stage.address)
    window.sign_in("sofia")
    return window


def past_the_navigation(window: Visitor) -> int:
    """By the link that every page begins with; the number of tabs."""
    return press_through(window, "Skip to the contents")


def enter(window: Visitor, label: str, text: str) -> int:
    """Tab to a field and type; the number of tabs. The key End changes nothing in a field."""
    tabs = press_through(window, label, key="End")
    window.page.keyboard.type(text)
    return tabs


def row_of(window: Visitor, label: str) -> Locator:
    return window.page.get_by_role("row").filter(has_text=label)


def test_a_treasurer_writes_down_what_was_spent_by_keyboard_in_few_steps(stage: Stage, treasurer: Visitor) -> None:
    treasurer.go(f"/manage/tremplin/budgets?year={season_of(stage.state.day)[2].year}")
    past_the_navigation(treasurer)
    press_through(treasurer, "Atelier cirque")
    expect(treasurer.page.get_by_role("heading", name="What was spent", exact=True)).to_be_visible()
    tabs = past_the_navigation(treasurer) + enter(treasurer, "What for", LABEL)
    tabs += enter(treasurer, "Amount", "12,50") + press_through(treasurer, "Write it down")
    expect(row_of(treasurer, LABEL)).to_contain_text("€12.50")
    assert tabs <= TABS_MAX, "the day is filled in: today"
    assert treasurer.accessibility_faults() == []
    assert treasurer.complaints == []


def test_a_mistake_is_taken_back_by_keyboard_and_stays_visible(treasurer: Visitor) -> None:
    total = treasurer.page.locator("tfoot")
    before = total.inner_text()
    press_through(treasurer, f"Take back {LABEL}")
    expect(treasurer.page.get_by_role("button", name=f"Take it back {LABEL}")).to_be_visible()
    assert treasurer.accessibility_faults() == []
    enter(treasurer, "Why", "Facture reçue deux fois")
    press_through(treasurer, f"Take it back {LABEL}")
    expect(row_of(treasurer, LABEL)).to_contain_text("Taken back")
    expect(total).not_to_have_text(before)
    assert treasurer.complaints == []


def test_an_amount_that_makes_no_sense_is_told_where_it_stands(treasurer: Visitor) -> None:
    enter(treasurer, "What for", LABEL)
    enter(treasurer, "Amount", "about twelve")
    press_through(treasurer, "Write it down")
    expect(treasurer.page.get_by_role("alert")).to_contain_text("Enter an amount such as 12.50.")
    expect(treasurer.page.get_by_label("What for", exact=True)).to_have_value(LABEL)
    assert treasurer.accessibility_faults() == []
    assert [one for one in treasurer.complaints if "status of 422" not in one] == []

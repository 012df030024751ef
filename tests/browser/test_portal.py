"""The portal in a real browser on the running platform."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.acts import make_all
from tests.browser.conftest import Stage
from tests.browser.pages import NOBODY, pages_after_acts, pages_of
from tests.browser.test_offline import in_background
from tests.browser.visitor import Visitor, press_through

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("browser")]
EXPECTED_COMPLAINTS = ("status of 404", "status of 403", "status of 422")
LIVE_MILLISECONDS_MAX = 1_000
MAIL_SECONDS_MAX = 30
TABS_MAX = 25
GUEST_LINK = re.compile(r"/guest-bookings/[A-Za-z0-9_-]{20,}")


def readers(stage: Stage, theme: str) -> Iterator[tuple[str, Visitor, str]]:
    """Every page with a window of who reads it, each person signed in once."""
    windows: dict[str, Visitor] = {}
    for name, who, path in (*pages_of(stage), *pages_after_acts(in_background(make_all(stage)))):
        if who not in windows:
            windows[who] = Visitor(stage.browser, stage.address, theme=theme, width=360 if who == "amina" else 1440)
            if who != NOBODY:
                windows[who].sign_in(who)
        windows[who].go(path)
        yield name, windows[who], path
    for window in windows.values():
        window.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_no_page_is_too_wide_or_breaks_the_policy(stage: Stage, theme: str) -> None:
    faults: list[str] = []
    for name, window, _path in readers(stage, theme):
        faults += [f"{name}: {fault}" for fault in window.accessibility_faults()]
        window.page.set_viewport_size({"width": 360, "height": 780})
        faults += [f"{name}: too wide at 360"] if window.is_too_wide() else []
        window.page.set_viewport_size({"width": 1440, "height": 900})
        faults += [one for one in window.complaints if not any(known in one for known in EXPECTED_COMPLAINTS)]
        window.complaints.clear()
    assert not faults, "\n".join(faults)


def test_a_booking_in_one_window_moves_the_bar_in_another(stage: Stage) -> None:
    phone, desktop = Visitor(stage.browser, stage.address, width=360), Visitor(stage.browser, stage.address)
    phone.go(stage.workshop)
    before = phone.page.locator(".places strong").inner_text()
    desktop.sign_in("amina")
    desktop.go(stage.workshop)
    desktop.page.get_by_role("link", name="Book", exact=True).click()
    desktop.page.get_by_label("Yanis Haddad").first.check()
    desktop.page.get_by_role("button", name="Continue").click()
    desktop.page.get_by_role("button", name="Confirm for €12.00").click()
    expect(desktop.page.get_by_text("It is booked.")).to_be_visible()
    booked_at = time.monotonic()
    expect(phone.page.locator(".places strong")).to_have_text(str(int(before) - 1), timeout=LIVE_MILLISECONDS_MAX)
    assert time.monotonic() - booked_at < LIVE_MILLISECONDS_MAX / 1000
    desktop.page.get_by_role("link", name="Cancel places").click()
    desktop.page.get_by_role("button", name="Give up the chosen places").click()
    expect(desktop.page.get_by_text("This booking is cancelled.")).to_be_visible()
    expect(phone.page.locator(".places strong")).to_have_text(before)
    assert phone.complaints + desktop.complaints == []


@pytest.mark.parametrize(("names", "clicks_max"), [(["Lina Haddad"], 4), (["Lina Haddad", "Yanis Haddad"], 5)])
def test_a_booking_takes_few_clicks(stage: Stage, names: list[str], clicks_max: int) -> None:
    window = Visitor(stage.browser, stage.address)
    window.sign_in("amina")
    window.go(stage.workshop)
    page = window.page
    people = [page.get_by_label(name).first for name in names]
    buttons = [page.get_by_role("button", name=name) for name in ("Continue", "Confirm for")]
    to_click = [page.get_by_role("link", name="Book", exact=True), *people, *buttons]
    for target in to_click:
        target.click()
    expect(page.get_by_text("It is booked.")).to_be_visible()
    assert len(to_click) <= clicks_max
    give_up_all(window)


def give_up_all(window: Visitor) -> None:
    """Leave the session as it was, from the page of a booking."""
    window.page.get_by_role("link", name="Cancel places").click()
    for choice in window.page.locator("input[name=who]").all():
        choice.check()
    window.page.get_by_role("button", name="Give up the chosen places").click()
    expect(window.page.get_by_text("This booking is cancelled.")).to_be_visible()


def test_a_booking_by_keyboard_takes_few_steps(stage: Stage) -> None:
    window = Visitor(stage.browser, stage.address)
    window.sign_in("amina")
    window.go(stage.workshop)
    tabs = past_the_navigation(window) + press_through(window, "Book")
    expect(window.page.get_by_role("heading", name="Who takes part?")).to_be_visible()
    tabs += past_the_navigation(window) + press_through(window, "Lina Haddad", key="Space")
    tabs += press_through(window, "Continue")
    expect(window.page.get_by_role("heading", name="Check and confirm")).to_be_visible()
    tabs += past_the_navigation(window) + press_through(window, "Confirm for")
    expect(window.page.get_by_text("It is booked.")).to_be_visible()
    assert tabs <= TABS_MAX
    give_up_all(window)


def past_the_navigation(window: Visitor) -> int:
    """By the link that every page begins with; the number of tabs."""
    return press_through(window, "Skip to the contents")


def test_a_guest_books_by_the_link_in_the_mail(stage: Stage) -> None:
    window = Visitor(stage.browser, stage.address, width=360)
    window.go(stage.workshop)
    window.page.get_by_role("link", name="Book without an account").click()
    window.page.get_by_label("E-mail address").fill("ada@example.org")
    window.page.get_by_label("First name").first.fill("Ada")
    window.page.get_by_label("Family name").first.fill("Byron")
    assert window.accessibility_faults() == []
    window.page.get_by_role("button", name="Keep the places and send the link").click()
    expect(window.page.get_by_text("Your places are kept until")).to_be_visible()
    window.go(guest_link(stage, "ada@example.org"))
    assert window.accessibility_faults() == []
    window.page.get_by_role("button", name="Confirm for €12.00").click()
    expect(window.page.get_by_text("It is booked.")).to_be_visible()
    window.page.get_by_role("button", name="Give up the place").click()
    expect(window.page.get_by_text("This booking is cancelled.")).to_be_visible()
    assert window.complaints == []


def guest_link(stage: Stage, address: str) -> str:
    """The path in the newest captured e-mail to this address; waits for it."""
    deadline = time.monotonic() + MAIL_SECONDS_MAX
    while time.monotonic() < deadline:
        messages = httpx.get(f"{stage.stack.mail.page_url}/messages.json", timeout=20).json()
        for message in messages:
            link = GUEST_LINK.search(message["body"])
            if address in message["to"] and link is not None:
                return link.group()
        time.sleep(0.2)
    raise AssertionError(f"no link was sent to {address}")


def test_a_booking_by_keyboard_alone(stage: Stage) -> None:
    window = Visitor(stage.browser, stage.address)
    window.sign_in("amina")
    window.go(stage.workshop)
    press_through(window, "Book")
    expect(window.page.get_by_role("heading", name="Who takes part?")).to_be_visible()
    press_through(window, "Lina Haddad", key="Space")
    press_through(window, "Continue")
    expect(window.page.get_by_role("heading", name="Check and confirm")).to_be_visible()
    press_through(window, "Confirm for €12.00")
    expect(window.page.get_by_text("It is booked.")).to_be_visible()
    press_through(window, "Cancel places")
    expect(window.page.get_by_role("heading", name="Who cannot come?")).to_be_visible()
    press_through(window, "Give up the chosen places")
    expect(window.page.get_by_text("This booking is cancelled.")).to_be_visible()


def test_finding_and_choosing_work_without_scripts(stage: Stage) -> None:
    window = Visitor(stage.browser, stage.address, java_script_enabled=False)
    window.page.goto(f"{stage.address}/?q=cirque")  # None in this week: shows the first week that has one.
    window.page.get_by_role("link", name="Atelier cirque").first.click()
    expect(window.page.get_by_role("link", name="Book", exact=True)).to_be_visible()
    window.page.goto(f"{stage.address}/o/tremplin")
    window.page.get_by_label("Price").select_option("0")
    window.page.get_by_role("button", name="Show", exact=True).click()
    assert "price=0" in window.page.url


def test_a_guest_books_and_cancels_without_scripts(stage: Stage) -> None:
    window = Visitor(stage.browser, stage.address, java_script_enabled=False)
    window.page.goto(f"{stage.address}{stage.workshop}/guest")
    window.page.get_by_label("E-mail address").fill("grace@example.org")
    window.page.get_by_label("First name").first.fill("Grace")
    window.page.get_by_label("Family name").first.fill("Hopper")
    window.page.get_by_role("button", name="Keep the places and send the link").click()
    window.page.goto(stage.address + guest_link(stage, "grace@example.org"))
    window.page.get_by_role("button", name="Confirm for").click()
    expect(window.page.get_by_text("It is booked.")).to_be_visible()
    window.page.get_by_role("button", name="Give up the place").click()
    expect(window.page.get_by_text("This booking is cancelled.")).to_be_visible()


def test_filters_act_at_once_and_survive_back(stage: Stage) -> None:
    window = Visitor(stage.browser, stage.address)
    window.go("/")
    window.page.get_by_label("Price").select_option("0")
    expect(window.page.get_by_text("Nothing in this week fits what you look for.")).to_be_visible()
    assert "price=0" in window.page.url
    window.page.go_back()
    expect(window.page.locator(".sessions").first).to_be_visible()
    assert window.complaints == []

"""Each service stopped in turn, then one that hangs: the part concerned says so, everything else goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage
from tests.browser.visitor import Visitor
from tests.faults.record import Entry, entry

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("browser")]
BAR = "each service stopped in turn, and one frozen: no 5xx page, a notice on the part concerned, the other parts work"
NOTICES = {
    "partners": "The directory of associations cannot be shown just now.",
    "activities": "Sessions and bookings cannot be shown just now.",
    "staffing": "The supervision of sessions cannot be shown just now.",
    "finance": "Amounts cannot be shown just now.",
    "notifications": "Messages cannot be shown just now.",
}
FROZEN_PAGE_SECONDS_MAX = 4.0


def pages_and_parts(stage: Stage) -> dict[str, set[str]]:
    """The services whose absence each page must show; names of associations are remembered."""
    manage = "/manage/tremplin"
    session = f"{manage}/sessions/{stage.state.sessions['cirque'][0]}"
    return {
        "/": {"activities"}, "/o/tremplin": {"activities"}, stage.workshop: {"activities"},
        "/messages": {"notifications"},
        manage: {"activities", "staffing", "finance", "notifications"}, session: set(NOTICES),
        f"{session}/attendance": {"activities"}, f"{manage}/budgets": {"finance"}, f"{manage}/settlements": {"finance"},
    }  # fmt: skip


def test_service_down(stage: Stage) -> None:
    with entry("service_down", BAR) as shown:
        team, parent = Visitor(stage.browser, stage.address), Visitor(stage.browser, stage.address)
        team.sign_in("amelie")
        parent.sign_in("amina")
        look_at_pages(stage, team, None, shown)
        for service in NOTICES:
            with stopped(stage, service):
                look_at_pages(stage, team, service, shown)
                look(parent, "/household", service, {"activities", "finance"}, shown)
                if service != "activities":
                    book_and_cancel(stage, parent)
        look_at_pages(stage, team, None, shown)
        with frozen(stage, "finance"):
            slowest = look_at_pages(stage, team, "finance", shown)
        shown.require(f"no page waits longer than {FROZEN_PAGE_SECONDS_MAX} s", slowest < FROZEN_PAGE_SECONDS_MAX)
        shown.show(
            services=len(NOTICES),
            pages=len(pages_and_parts(stage)) + 1,
            bookings_made_meanwhile=len(NOTICES) - 1,
            slowest_page_while_one_hangs_seconds=round(slowest, 2),
        )


def look_at_pages(stage: Stage, window: Visitor, away: str | None, shown: Entry) -> float:
    """Open every page while a service is away; the seconds that the slowest took."""
    return max(look(window, path, away, parts, shown) for path, parts in pages_and_parts(stage).items())


def look(window: Visitor, path: str, away: str | None, parts: set[str], shown: Entry) -> float:
    """Open one page, which must tell when one of its parts is away; the seconds that it took."""
    started = time.monotonic()
    status = window.go(path)
    seconds = time.monotonic() - started
    text = window.page.locator("main").inner_text()
    told = {service for service, notice in NOTICES.items() if notice in text}
    shown.require(f"{path} answers 200 without {away}, not {status}", status == 200)
    shown.require(f"{path} without {away} tells of {told or 'nothing'}", told == ({away} & parts))
    shown.require(f"{path} has its heading without {away}", window.page.locator("h1").count() == 1)
    return seconds


def book_and_cancel(stage: Stage, window: Visitor) -> None:
    """What needs only the activities service is done as always."""
    window.go(f"{stage.workshop}/booking")
    window.page.get_by_label("Yanis Haddad").first.check()
    window.page.get_by_role("button", name="Continue").click()
    window.page.get_by_role("button", name="Confirm for €12.00").click()
    expect(window.page.get_by_text("It is booked.")).to_be_visible()
    window.page.get_by_role("link", name="Cancel places").click()
    window.page.get_by_role("button", name="Give up the chosen places").click()
    expect(window.page.get_by_text("This booking is cancelled.")).to_be_visible()


@contextmanager
def stopped(stage: Stage, service: str) -> Iterator[None]:
    """The process of the service ended; started again afterwards."""
    stage.stack.services[service].stop()
    try:
        yield
    finally:
        stage.stack.services[service].start()


@contextmanager
def frozen(stage: Stage, service: str) -> Iterator[None]:
    """The process takes connections and never answers."""
    pid = stage.stack.services[service].pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)

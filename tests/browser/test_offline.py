"""Attendance with the network cut, then restored, while somebody else writes on the same sheet: nothing is lost."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from common.ids import new_id
from maillage.signed_in import Platform, SignedIn
from tests.browser.conftest import Stage
from tests.browser.visitor import Visitor
from tests.faults.record import Entry, entry

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("browser")]
BAR = (
    "attendance tapped with the network cut, the page closed and opened again, then restored, while a second person"
    " writes on the same sheet: nothing lost, nothing doubled, no mark of somebody else overwritten, collisions shown"
)
CHILDREN = ("tremplin-01-1", "tremplin-01-2", "tremplin-02-1", "tremplin-03-1", "tremplin-04-1", "tremplin-05-1")
PHONE_WIDTH = 360


@dataclass(frozen=True)
class Afternoon:
    """A session that begins in half an hour, and the six children who are booked on it."""

    session_id: str
    children: tuple[str, ...]
    last_booking_id: str

    @property
    def path(self) -> str:
        return f"/manage/tremplin/sessions/{self.session_id}/attendance"


def test_offline(stage: Stage) -> None:
    with entry("offline", BAR) as shown:
        afternoon = in_background(plan_afternoon(stage))
        phone, desktop = Visitor(stage.browser, stage.address, width=PHONE_WIDTH), Visitor(stage.browser, stage.address)
        phone.sign_in("noah")
        desktop.sign_in("amelie")
        phone.go(afternoon.path)
        expect(phone.page.locator("form[data-kept]")).to_have_count(1)
        tap_without_network(stage, phone, desktop, afternoon, shown)
        decide_collisions(phone, desktop, afternoon, shown)
        lose_an_answer(phone, afternoon)
        sign_in_again(phone, afternoon, shown)
        expected = {"present": 2, "absent": 2, "excused": 1}
        marks = in_background(read_marks(stage, afternoon))
        states = [mark["state"] for mark in marks.values()]
        found = {state: states.count(state) for state in expected}
        shown.require(f"the sheet says in the end what people decided: {found}", found == expected)
        versions = [marks[child]["version"] for child in afternoon.children[:-1]]
        shown.require(f"every tap was written once: {versions}", versions == [1, 2, 3, 1, 2])
        shown.show(people=2, children=len(CHILDREN), marks=found, changes_per_child=versions)


def tap_without_network(stage: Stage, phone: Visitor, desktop: Visitor, afternoon: Afternoon, shown: Entry) -> None:
    """Five taps on the phone, two of them on one child; the page is loaded and opened again on the way."""
    first, second, third, fourth, _fifth, sixth = afternoon.children
    phone.context.set_offline(True)
    tap(phone.page, first, "present")
    tap(phone.page, second, "absent")
    tap(phone.page, third, "present")
    expect(phone.page.get_by_text("3 marks are not yet sent.")).to_be_visible()
    phone.page.reload()
    expect(phone.page.get_by_text("No network: your marks are safe on this device")).to_be_visible()
    tap(phone.page, third, "excused")
    tap(phone.page, sixth, "present")
    expect(phone.page.get_by_text("5 marks are not yet sent.")).to_be_visible()
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.page.goto(phone.address + afternoon.path)
    expect(phone.page.get_by_text("5 marks are not yet sent.")).to_be_visible()
    kept = [is_marked(phone.page, *one) for one in ((first, "present"), (second, "absent"), (third, "excused"))]
    shown.require("closed and opened without a network, the page shows every tap", all(kept))
    desktop.go(afternoon.path)
    tap(desktop.page, second, "present")
    tap(desktop.page, fourth, "absent")
    expect(desktop.page.get_by_text("Everything is saved.")).to_be_visible()
    shown.show(taps_without_network=5)
    in_background(cancel_booking(stage, afternoon.last_booking_id))
    phone.context.set_offline(False)
    expect(cell(phone.page, sixth).get_by_text("Somebody on the list has given up their place")).to_be_visible()
    cell(phone.page, sixth).get_by_role("button", name="Take my mark back").click()
    expect(cell(phone.page, second).get_by_text("You tapped: Absent.")).to_be_visible()
    expect(phone.page.get_by_text("One mark is not yet sent.")).to_be_visible()
    shown.require("what did not collide was written", is_marked(phone.page, fourth, "absent"))


def decide_collisions(phone: Visitor, desktop: Visitor, afternoon: Afternoon, shown: Entry) -> None:
    """The phone insists on its mark; then the desktop, which has seen the older one, keeps the phone's."""
    _first, second, third, *_ = afternoon.children
    faults = phone.accessibility_faults()
    shown.require(f"axe finds nothing on a collision: {faults}", not faults)
    cell(phone.page, second).get_by_role("button", name="Write: Absent").click()
    expect(phone.page.get_by_text("Everything is saved.")).to_be_visible()
    desktop.context.set_offline(True)
    tap(desktop.page, third, "absent")
    # The page says that everything is saved before the tap too: only the answer tells that it is written.
    with phone.page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/marks")):
        tap(phone.page, third, "present")
    desktop.context.set_offline(False)
    collided = cell(desktop.page, third)
    expect(collided.get_by_text("You tapped: Absent.")).to_be_visible()
    shown.show(collisions_shown=2)
    collided.get_by_role("button", name="Keep: Present").click()
    expect(desktop.page.get_by_text("Everything is saved.")).to_be_visible()
    tap(desktop.page, second, "absent")
    shown.require("the desktop shows the phone's mark", is_marked(desktop.page, third, "present"))


def lose_an_answer(phone: Visitor, afternoon: Afternoon) -> None:
    """The server writes, the answer gets lost: the tap is sent again and written once."""

    def write_and_lose(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        route.fetch()
        route.abort()

    pattern = "**/attendance/marks"
    phone.page.route(pattern, write_and_lose)
    tap(phone.page, afternoon.children[4], "present")
    expect(phone.page.get_by_text("One mark is not yet sent.")).to_be_visible()
    phone.page.unroute(pattern)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.get_by_text("Everything is saved.")).to_be_visible()


def sign_in_again(phone: Visitor, afternoon: Afternoon, shown: Entry) -> None:
    """A tap after the session of the browser has ended waits for the account that made it."""
    phone.context.clear_cookies()
    tap(phone.page, afternoon.children[4], "excused")
    expect(phone.page.get_by_text("You are no longer signed in")).to_be_visible()
    phone.sign_in("amelie")
    phone.page.goto(phone.address + afternoon.path)
    expect(phone.page.get_by_text("Everything is saved.")).to_be_visible()
    own = not is_marked(phone.page, afternoon.children[4], "excused")
    shown.require("a tap of one account is never sent by another", own)
    phone.context.clear_cookies()
    phone.sign_in("noah")
    phone.page.goto(phone.address + afternoon.path)
    expect(phone.page.get_by_text("Everything is saved.")).to_be_visible()
    expect(cell(phone.page, afternoon.children[4]).get_by_label("Excused")).to_be_checked()


def cell(page: Page, child: str) -> Locator:
    return page.locator(f"li[data-participant='{child}']")


def tap(page: Page, child: str, state: str) -> None:
    cell(page, child).locator(f"label.{state}").click()


def is_marked(page: Page, child: str, state: str) -> bool:
    return cell(page, child).locator(f"input[value={state}]").is_checked()


def in_background(asked: Any) -> Any:
    """The browser's client keeps this thread's event loop: others run in a thread of their own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asked).result()


def test_visitors_are_counted_without_a_network(stage: Stage) -> None:
    """On an open door where nobody is booked; another desk counts meanwhile, and one answer is lost."""
    afternoon = in_background(plan_open_door(stage))
    phone, desktop = Visitor(stage.browser, stage.address, width=PHONE_WIDTH), Visitor(stage.browser, stage.address)
    phone.sign_in("noah")
    desktop.sign_in("amelie")
    phone.go(afternoon.path)
    expect(phone.page.locator("form[data-kept]")).to_have_count(1)
    phone.context.set_offline(True)
    for band in ("6-11", "6-11", "12-17"):
        count(phone.page, band)
    expect(phone.page.get_by_text("3 of them are not yet sent.")).to_be_visible()
    phone.page.reload()
    expect(phone.page.get_by_text("3 of them are not yet sent.")).to_be_visible()
    expect(phone.page.locator("#count-6-11")).to_have_value("2")
    phone.page.get_by_role("button", name="Save the numbers").click()
    expect(phone.page.get_by_text("3 of them are not yet sent.")).to_be_visible()
    assert not phone.accessibility_faults()
    desktop.go(afternoon.path)
    count(desktop.page, "6-11")
    expect(desktop.page.get_by_text("One was counted without a name.", exact=True)).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.page.get_by_text("4 were counted without a name.", exact=True)).to_be_visible()
    expect(phone.page.locator("#count-6-11")).to_have_value("3")
    phone.page.route("**/attendance/visitors", lose_the_answer)
    count(phone.page, "12-17")
    expect(phone.page.get_by_text("One of them is not yet sent.")).to_be_visible()
    phone.page.unroute("**/attendance/visitors")
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.get_by_text("5 were counted without a name.", exact=True)).to_be_visible()
    phone.page.locator("#count-12-17").fill("7")
    phone.page.get_by_role("button", name="Save the numbers").click()
    expect(phone.page.get_by_text("10 were counted without a name.", exact=True)).to_be_visible()
    assert in_background(read_counts(stage, afternoon)) == {6: 3, 12: 7}


def lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def count(page: Page, band: str) -> None:
    page.locator(f"li[data-band='{band}'] button").click()


async def plan_session(stage: Stage, amelie: SignedIn, **fields: Any) -> Any:
    """A session that begins in half an hour."""
    starts_at = datetime.now(UTC) + timedelta(minutes=30)
    plan = {
        "activity_id": stage.state.activities["cirque"], "site_id": stage.state.organisations["tremplin-salle"],
        "title": "Jonglerie", "capacity": 12, "prices": {"standard": 100}, "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(), **fields,
    }  # fmt: skip
    return await amelie.create("activities", "/sessions", plan, str(new_id()))


async def plan_open_door(stage: Stage) -> Afternoon:
    async with Platform(stage.stack.describe()) as platform:
        session = await plan_session(stage, await platform.person("amelie"), open_door=True)
        return Afternoon(session["id"], (), "")


async def read_counts(stage: Stage, afternoon: Afternoon) -> dict[int, int]:
    async with Platform(stage.stack.describe()) as platform:
        amelie = await platform.person("amelie")
        sheet = await amelie.get("activities", f"/sessions/{afternoon.session_id}/attendance")
        return {band["from_age"]: band["count"] for band in sheet["anonymous_counts"] if band["count"]}


async def plan_afternoon(stage: Stage) -> Afternoon:
    async with Platform(stage.stack.describe()) as platform:
        amelie = await platform.person("amelie")
        session = await plan_session(stage, amelie)
        children = tuple(stage.state.participants[name] for name in CHILDREN)
        for child in children:
            body = {"session_id": session["id"], "places": [{"participant_id": child}]}
            booking = await amelie.create("activities", "/bookings", body, str(new_id()))
        return Afternoon(session["id"], children, booking["id"])


async def cancel_booking(stage: Stage, booking_id: str) -> None:
    async with Platform(stage.stack.describe()) as platform:
        amelie = await platform.person("amelie")
        await amelie.do("activities", f"/bookings/{booking_id}/cancellation", {})


async def read_marks(stage: Stage, afternoon: Afternoon) -> dict[str, Any]:
    async with Platform(stage.stack.describe()) as platform:
        amelie = await platform.person("amelie")
        sheet = await amelie.get("activities", f"/sessions/{afternoon.session_id}/attendance")
        return {mark["participant_id"]: mark for mark in sheet["marks"]}

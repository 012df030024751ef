"""The story of `make story` done by its people at the portal, by clicking on a phone and by keyboard at a desk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, expect

from common.ids import new_id
from maillage.signed_in import Platform
from tests.browser.browsers import ARGUMENTS
from tests.browser.conftest import Stage
from tests.browser.test_offline import in_background
from tests.browser.visitor import Visitor, press_through
from tests.faults.record import Entry, entry

pytestmark = [pytest.mark.timeout(1_200), pytest.mark.xdist_group("browser")]
BAR = (
    "the story done wholly at the portal by people of different roles, in two browsers at once (1440 px by keyboard,"
    " 360 px by clicking): booked, waited, cancelled, offered, moved, called off, replaced, attended, lent, told"
)
ZONE = ZoneInfo("Europe/Brussels")
DAYS_AHEAD = 43
NEWS_SECONDS = 30.0
LIVE_MILLISECONDS_MAX = 1_000
EXPECTED_COMPLAINTS = ("status of 404", "status of 409", "status of 422")


@dataclass
class Cast:
    """Everybody's window: at a desk in the first browser, on phones in the second; each is signed in once."""

    stage: Stage
    phones: Browser
    name: str = field(default_factory=lambda: str(new_id())[-6:])
    windows: dict[str, Visitor] = field(default_factory=dict)

    def desk(self, user_name: str) -> Visitor:
        return self._window(user_name, self.stage.browser, 1440)

    def phone(self, user_name: str) -> Visitor:
        return self._window(f"{user_name} on a phone", self.phones, 360)

    def _window(self, who: str, browser: Browser, width: int) -> Visitor:
        if who not in self.windows:
            self.windows[who] = Visitor(browser, self.stage.address, width=width)
            self.windows[who].sign_in(who.partition(" ")[0])
        return self.windows[who]

    def title(self, what: str) -> str:
        return f"{what} {self.name}"

    @property
    def day(self) -> date:
        """Of the workshop: one that the demo federation has left free."""
        return datetime.now(ZONE).date() + timedelta(days=DAYS_AHEAD)


@pytest.fixture
def cast(stage: Stage, browser_path: str) -> Iterator[Cast]:
    phones = stage.browser.browser_type.launch(executable_path=browser_path, args=list(ARGUMENTS))
    made = Cast(stage, phones)
    yield made
    for window in made.windows.values():
        window.close()
    phones.close()


def test_story_by_clicks(cast: Cast) -> None:
    started_at = time.monotonic()
    with entry("story_by_clicks", BAR) as shown:
        workshop = plan(cast, "Cirque", cast.day, "14:00", "16:00", places=4)
        books_on_a_phone_while_another_looks(cast, shown, workshop)
        fills_up_and_waits(cast, shown, workshop)
        gives_a_place_up_and_another_takes_it(cast, shown, workshop)
        moves_the_workshop(cast, shown, workshop)
        finds_a_substitute(cast, shown, workshop)
        takes_an_open_shift_that_is_called_off(cast, shown)
        follows_the_money(cast, shown)
        takes_attendance(cast, shown)
        lends_the_tent(cast, shown)
        complaints = [one for window in cast.windows.values() for one in window.complaints]
        unexpected = [one for one in complaints if not any(known in one for known in EXPECTED_COMPLAINTS)]
        shown.require(f"no browser complains: {unexpected[:3]}", not unexpected)
        shown.show(people=len(cast.windows), browsers=2, seconds=round(time.monotonic() - started_at))


def plan(cast: Cast, what: str, on: date, starts: str, ends: str, *, places: int) -> str:
    """Amélie plans a session by keyboard; its id."""
    amelie = cast.desk("amelie")
    page = amelie.page
    amelie.go("/manage/tremplin")
    press_through(amelie, "Calendar")
    press_through(amelie, "Plan sessions")
    page.get_by_label("Activity", exact=True).select_option(label="Atelier cirque")
    page.get_by_label("Place", exact=True).select_option(label="Salle du Tremplin")
    values = {
        "Title": cast.title(what), "First day": on.isoformat(), "From": starts, "Until": ends, "Places": str(places),
        "Price in euro": "12",
    }  # fmt: skip
    for label, value in values.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("From age").fill("6")
    press_through(amelie, "Show every date")
    press_through(amelie, "Plan this session")
    page.get_by_role("link", name=cast.title(what)).first.click()
    expect(page.get_by_role("heading", level=1, name=cast.title(what))).to_be_visible()
    return page.url.rpartition("/")[2]


@contextmanager
def step(shown: Entry, statement: str) -> Iterator[None]:
    """A part of the story; what breaks in it is noted under its statement, and ends the story."""
    try:
        yield
    except BaseException:
        shown.require(statement, holds=False)
        raise
    done = [*list(shown.figures.get("statements", [])), statement]  # type: ignore[call-overload]
    shown.show(statements=done)


def eventually(window: Visitor, wanted: Locator) -> None:
    """Load the page again until news have reached it."""
    deadline = time.monotonic() + NEWS_SECONDS
    while not wanted.first.is_visible() and time.monotonic() < deadline:
        window.page.wait_for_timeout(300)
        window.page.reload()
    expect(wanted.first).to_be_visible()


def public_page(session: str) -> str:
    return f"/o/tremplin/sessions/{session}"


def book_on_a_phone(window: Visitor, session: str, names: list[str], first: str, last: str) -> None:
    page = window.page
    window.go(public_page(session))
    page.get_by_role("link", name=first, exact=True).click()
    for name in names:
        page.get_by_label(name).first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name=last).click()


def books_on_a_phone_while_another_looks(cast: Cast, shown: Entry, workshop: str) -> None:
    with step(shown, "a mother books two children on her phone, and the places move on a desk that looks"):
        pieter, amina = cast.desk("pieter"), cast.phone("amina")
        pieter.go(public_page(workshop))
        expect(pieter.page.locator(".places strong")).to_have_text("4")
        book_on_a_phone(amina, workshop, ["Yanis Haddad", "Lina Haddad"], "Book", "Confirm for €24.00")
        expect(amina.page.get_by_text("It is booked.")).to_be_visible()
        expect(pieter.page.locator(".places strong")).to_have_text("2", timeout=LIVE_MILLISECONDS_MAX)


def fills_up_and_waits(cast: Cast, shown: Entry, workshop: str) -> None:
    pieter, greta = cast.desk("pieter"), cast.phone("greta")
    with step(shown, "a retirement home books two residents by keyboard"):
        press_through(pieter, "Book")
        expect(pieter.page.get_by_role("heading", name="Who takes part?")).to_be_visible()
        boxes = pieter.page.locator("input[name=who]:enabled")
        for number in range(2):
            boxes.nth(number).focus()
            pieter.page.keyboard.press("Space")
        press_through(pieter, "Continue")
        press_through(pieter, "Confirm for €24.00")
        expect(pieter.page.get_by_text("It is booked.")).to_be_visible()
    with step(shown, "the workshop is full: a child joins the waiting list"):
        book_on_a_phone(greta, workshop, ["Emil"], "Join the waiting list", "Join the waiting list")
        expect(greta.page.get_by_text("You joined the waiting list as number 1.")).to_be_visible()


def gives_a_place_up_and_another_takes_it(cast: Cast, shown: Entry, workshop: str) -> None:
    pieter, greta = cast.desk("pieter"), cast.phone("greta")
    with step(shown, "one resident's place is given up"):
        press_through(pieter, "Cancel places")
        pieter.page.locator("input[name=who]").first.focus()
        pieter.page.keyboard.press("Space")
        press_through(pieter, "Give up the chosen places")
        expect(pieter.page.get_by_role("table").locator("tfoot")).to_contain_text("€12.00")
    with step(shown, "who waits is offered the place and takes it on a phone"):
        greta.go("/household")
        offered = greta.page.locator("section", has_text="Waiting for your answer").get_by_role(
            "link", name=cast.title("Cirque")
        )
        eventually(greta, offered)
        offered.first.click()
        greta.page.get_by_role("button", name="Take it for €12.00").click()
        expect(greta.page.get_by_text("Confirmed", exact=True)).to_be_visible()


def moves_the_workshop(cast: Cast, shown: Entry, workshop: str) -> None:
    amelie, amina = cast.desk("amelie"), cast.phone("amina")
    with step(shown, "the coordinator moves the workshop by two hours"):
        amelie.go(f"/manage/tremplin/sessions/{workshop}")
        press_through(amelie, "Move or change")
        amelie.page.get_by_label("From", exact=True).fill("16:00")
        amelie.page.get_by_label("Until", exact=True).fill("18:00")
        press_through(amelie, "Save")
        expect(amelie.page.get_by_role("status").filter(has_text="16:00")).to_be_visible()
    with step(shown, "a mother reads of the new time and marks the message as read"):
        amina.go("/messages")
        told = amina.page.locator("details.message", has_text=cast.title("Cirque"))
        eventually_hidden(amina, told.nth(1))
        told.first.locator("summary").click()
        subject = told.first.locator(".subject strong").inner_text()
        told.first.get_by_role("button", name="Mark as read").click()
        expect(amina.page.locator("details.message:not(.unread)", has_text=subject).first).to_be_visible()


def eventually_hidden(window: Visitor, wanted: Locator) -> None:
    """The same as `eventually` for what is there once it is folded."""
    deadline = time.monotonic() + NEWS_SECONDS
    while wanted.count() == 0 and time.monotonic() < deadline:
        window.page.wait_for_timeout(300)
        window.page.reload()
    expect(wanted).to_be_attached()


def plan_shift(cast: Cast, session: str, role: str, *, is_open: bool) -> None:
    """On the page of the session, once the rota knows it."""
    amelie = cast.desk("amelie")
    amelie.go(f"/manage/tremplin/sessions/{session}")
    press_through(amelie, "Plan a shift")
    amelie.page.get_by_label("As", exact=True).select_option(label=role)
    if is_open:
        amelie.page.get_by_label("Volunteers may take it themselves").check()
    amelie.page.locator("form[action$='/shifts']").get_by_role("button").press("Enter")
    expect(amelie.page.get_by_role("heading", name="Rota", exact=True)).to_be_visible()


def finds_a_substitute(cast: Cast, shown: Entry, workshop: str) -> None:
    amelie, noah = cast.desk("amelie"), cast.phone("noah")
    title = cast.title("Cirque")
    with step(shown, "a qualified volunteer is assigned to a shift of the workshop"):
        plan_shift(cast, workshop, "Animator", is_open=False)
        press_through(amelie, title)
        press_through(amelie, "Assign Samir Diallo")
        expect(amelie.page.get_by_role("link", name="Samir Diallo")).to_be_visible()
        rota = amelie.page.url
    with step(shown, "he falls ill: one act frees the shift, and the coordinator sees whom to telephone"):
        press_through(amelie, "Samir Diallo")
        for label in ("First day", "Last day"):
            amelie.page.locator("section", has_text="Cannot come").get_by_label(label).fill(cast.day.isoformat())
        press_through(amelie, "Seek substitutes")
        expect(amelie.page.get_by_text("One shift is free again, and others are asked.")).to_be_visible()
        expect(amelie.page.get_by_role("link", name="+32 470 55 01 23")).to_be_visible()
    with step(shown, "a colleague steps in on his phone"):
        noah.go("/shifts")
        noah.page.get_by_role("button", name=f"I step in {title}").click()
        expect(noah.page.get_by_role("button", name=f"I cannot come {title}")).to_be_visible()
        amelie.page.goto(rota)
        expect(amelie.page.get_by_role("link", name="Noah Bennett")).to_be_visible()


def takes_an_open_shift_that_is_called_off(cast: Cast, shown: Entry) -> None:
    amelie, noah = cast.desk("amelie"), cast.phone("noah")
    title = cast.title("Spectacle")
    show = plan(cast, "Spectacle", cast.day + timedelta(days=1), "14:00", "15:00", places=5)
    with step(shown, "an open shift is taken on a phone"):
        plan_shift(cast, show, "Helper", is_open=True)
        noah.go("/shifts")
        noah.page.get_by_role("button", name=f"Take it {title}").click()
        expect(noah.page.get_by_role("button", name=f"I cannot come {title}")).to_be_visible()
    with step(shown, "the show is called off, and its shift with it"):
        amelie.go(f"/manage/tremplin/sessions/{show}")
        press_through(amelie, "Move or change")
        press_through(amelie, "Call off")
        amelie.page.get_by_label("Why").fill("Le chapiteau n'est pas arrivé")
        press_through(amelie, "Call off for")
        expect(amelie.page.get_by_text("This session was called off.")).to_be_visible()
        gone_from_the_list(noah, title)


def gone_from_the_list(window: Visitor, title: str) -> None:
    deadline = time.monotonic() + NEWS_SECONDS
    mine = window.page.get_by_role("button", name=f"I cannot come {title}")
    while mine.count() and time.monotonic() < deadline:
        window.page.wait_for_timeout(300)
        window.page.reload()
    expect(mine).to_have_count(0)


def follows_the_money(cast: Cast, shown: Entry) -> None:
    with step(shown, "the treasurer goes from a budget's line down to the booking behind it, by keyboard"):
        sofia = cast.desk("sofia")
        sofia.go("/manage/tremplin/budgets")
        if cast.day.year != datetime.now(ZONE).year:
            press_through(sofia, str(cast.day.year))
        press_through(sofia, "Atelier cirque")
        charged = sofia.page.locator("details.card", has_text=cast.title("Cirque"))
        eventually(sofia, charged)
        expect(charged.locator("summary .price")).to_have_text("€48.00")
        charged.locator("summary").press("Enter")
        charged.get_by_role("link", name="Résidence Les Tilleuls").press("Enter")
        expect(sofia.page.get_by_role("heading", name=cast.title("Cirque"))).to_be_visible()
        expect(sofia.page.locator("tfoot")).to_contain_text("€12.00")


def soon() -> tuple[date, str, str]:
    """Half an hour that begins within the hour and lies in one day."""
    starts_at = datetime.now(ZONE) + timedelta(minutes=20)
    if (starts_at + timedelta(minutes=30)).date() != starts_at.date():
        starts_at = datetime.combine(starts_at.date() + timedelta(days=1), datetime.min.time(), ZONE)
    ends_at = starts_at + timedelta(minutes=30)
    return starts_at.date(), f"{starts_at:%H:%M}", f"{ends_at:%H:%M}"


def takes_attendance(cast: Cast, shown: Entry) -> None:
    amelie, noah = cast.desk("amelie"), cast.phone("noah")
    title = cast.title("Répétition")
    rehearsal = plan(cast, "Répétition", *soon(), places=6)
    with step(shown, "the coordinator books for a family that telephones"):
        press_through(amelie, "Book for a family")
        amelie.page.get_by_label("Family name").fill("Haddad")
        press_through(amelie, "Search")
        press_through(amelie, "Choose Haddad")
        for name in ("Yanis Haddad", "Lina Haddad"):
            amelie.page.get_by_label(name).first.check()
        press_through(amelie, "Continue")
        press_through(amelie, "Confirm for €24.00")
        expect(amelie.page.get_by_text("It is booked.")).to_be_visible()
    with step(shown, "the animator takes attendance on his phone, and the desk sees it"):
        noah.go("/manage/tremplin")
        noah.page.get_by_role("link", name=title).first.click()
        noah.page.get_by_role("link", name="Attendance").first.click()
        children = noah.page.locator(".sheetlist > li")
        expect(children).to_have_count(2)
        children.nth(0).locator("input[value=present]").check()
        children.nth(1).locator("input[value=absent]").check()
        expect(noah.page.get_by_text("Everything is saved.")).to_be_visible()
        amelie.go(f"/manage/tremplin/sessions/{rehearsal}")
        expect(amelie.page.get_by_text("1 of 2 were there.")).to_be_visible()
    with step(shown, "at a desk the sheet is filled in by keyboard alone"):
        press_through(amelie, "Attendance")
        amelie.page.locator(".sheetlist > li").nth(1).locator("input[value=absent]").focus()
        with amelie.page.expect_response(
            lambda answer: answer.request.method == "POST" and answer.url.endswith("/marks")
        ) as written:
            amelie.page.keyboard.press("ArrowLeft")
        assert written.value.ok
        amelie.go(f"/manage/tremplin/sessions/{rehearsal}")
        expect(amelie.page.get_by_text("2 of 2 were there.")).to_be_visible()


async def enter_tent(stage: Stage, name: str) -> dict[str, Any]:
    """What is lent after a yes of its owner."""
    async with Platform(stage.stack.describe()) as platform:
        marta = await platform.person("marta")
        body = {
            "organisation_id": stage.state.organisations["elan"], "kind": "equipment", "name": name, "pooled": True,
            "approval": "owner",
        }  # fmt: skip
        return await marta.create("partners", "/resources", body, f"resource-{new_id()}")


def lends_the_tent(cast: Cast, shown: Entry) -> None:
    amelie, marta = cast.desk("amelie"), cast.desk("marta")
    tent = cast.title("Chapiteau")
    in_background(enter_tent(cast.stage, tent))
    week = f"week={cast.day}"
    with step(shown, "a tent of another association is asked for"):
        amelie.go(f"/manage/tremplin/resources?{week}")
        form = amelie.page.locator("form[action$='/reservations']")
        form.get_by_label("Room or equipment").select_option(label=tent)
        values = {"What for": cast.title("Cirque"), "Day": cast.day.isoformat(), "From": "14:00", "Until": "19:00"}
        for label, value in values.items():
            form.get_by_label(label, exact=True).fill(value)
        form.get_by_role("button", name="Reserve").press("Enter")
        expect(amelie.page.get_by_role("row", name=tent).get_by_text("not answered")).to_be_visible()
    with step(shown, "its owner lends it, by keyboard"):
        marta.go("/manage/elan")
        press_through(marta, "Rooms and equipment")
        press_through(marta, f"Lend it {cast.title('Cirque')}")
        expect(marta.page.get_by_role("button", name=f"Lend it {cast.title('Cirque')}")).to_have_count(0)
        amelie.page.reload()
        row = amelie.page.get_by_role("row", name=tent)
        expect(row.get_by_text(cast.title("Cirque"))).to_be_visible()
        expect(row.get_by_text("not answered")).to_have_count(0)


def test_a_director_invites_by_keyboard(cast: Cast) -> None:
    karim = cast.desk("karim")
    karim.go("/manage/tremplin")
    press_through(karim, "Association")
    name = cast.title("Ada Byron")
    karim.page.get_by_label("Name", exact=True).fill(name)
    karim.page.get_by_label("E-mail", exact=True).fill(f"ada-{cast.name}@example.org")
    press_through(karim, "Send the invitation")
    expect(karim.page.locator("section", has_text="Invited").get_by_text(name).first).to_be_visible()


def test_the_federation_looks_at_another_period_by_keyboard(cast: Cast) -> None:
    federica = cast.desk("federica")
    federica.go("/federation")
    press_through(federica, "The next twelve weeks")
    federica.page.wait_for_url("**/federation?period=ahead")
    expect(federica.page.get_by_role("heading", name="Associations side by side")).to_be_visible()


def test_an_operator_looks_at_the_processes_by_keyboard(cast: Cast) -> None:
    ines = cast.desk("ines")
    ines.go("/")
    press_through(ines, "Inès")
    press_through(ines, "Operations")
    expect(ines.page.get_by_role("heading", name="Operations", exact=True)).to_be_visible()

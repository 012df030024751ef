"""Somebody at the portal in a real browser: signs in, goes places, and notes what the browser complains of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page

from maillage.people import DEMO_PASSWORD

AXE = Path(__file__).parents[2] / "services/portal/web/node_modules/axe-core/axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (tags) => (await axe.run({runOnly: {type: 'tag', values: tags}})).violations
    .flatMap(found => found.nodes.map(node => found.id + ': ' + node.target + ': ' + node.failureSummary))"""
FOCUSED = "() => (document.activeElement?.labels?.[0] ?? document.activeElement)?.innerText ?? ''"
STOPS_MAX = 200
TOO_WIDE = """() => document.documentElement.scrollWidth > innerWidth"""


class Visitor:
    """One browser window."""

    def __init__(self, browser: Browser, address: str, *, width: int = 1440, **options: Any) -> None:
        height = 900 if width > 600 else 780
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height},
            locale=options.pop("language", "en"),
            color_scheme=options.pop("theme", "light"),
            reduced_motion="reduce",
            **options,
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.address = address
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and self.page.url.startswith(self.address):
            self.complaints.append(f"{self.page.url}: {text}")

    def go(self, path: str) -> int:
        """Open a page of the portal; its status."""
        answer = self.page.goto(self.address + path, wait_until="load")
        self.page.evaluate("document.fonts.ready")
        return answer.status if answer else 0

    def sign_in(self, user_name: str) -> None:
        """At the provider's own pages."""
        self.go("/sign-in?return_to=/")
        self.page.fill("input[name=login]", user_name)
        self.page.keyboard.press("Enter")
        self.page.fill("input[name=password]", DEMO_PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(self.address + "/**")

    def accessibility_faults(self) -> list[str]:
        """What axe finds on the page as it is now."""
        self.page.evaluate(AXE.read_text())
        found: list[str] = self.page.evaluate(RUN_AXE, STANDARDS)
        return found

    def is_too_wide(self) -> bool:
        """True when the page scrolls sideways."""
        return bool(self.page.evaluate(TOO_WIDE))

    def close(self) -> None:
        self.context.close()


def press_through(window: Visitor, name: str, key: str = "Enter") -> int:
    """Tab until the element of this name has the focus, then press; the number of tabs. Fails when out of reach."""
    for tabs in range(1, STOPS_MAX + 1):
        window.page.keyboard.press("Tab")
        if _focused_name(window).startswith(name):
            window.page.keyboard.press(key)
            window.page.wait_for_load_state("load")
            return tabs
    raise AssertionError(f"{name} is not reached by keyboard on:\n{window.page.inner_text('main')}")


def _focused_name(window: Visitor) -> str:
    """What the focused element is called; of the next page when this one is just being left."""
    try:
        text = window.page.evaluate(FOCUSED)
    except Error:
        window.page.wait_for_load_state("load")
        text = window.page.evaluate(FOCUSED)
    return " ".join(str(text).split())

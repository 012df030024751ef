"""`python -m tests.browser.screenshots`: the pictures under docs/screenshots, from a demo federation of their own."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.browser.browsers import NoBrowser, find_browser
from tests.browser.conftest import Stage, running_stage
from tests.browser.pages import NOBODY, pages_of
from tests.browser.visitor import Visitor

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
SHOWN = {
    "agenda", "month", "programme", "session", "widget", "guest", "who", "check", "household", "messages", "account",
    "today", "calendar", "people-calendar", "plan", "programme-edit", "team-session", "attendance", "rota", "budgets",
    "federation", "family", "resource", "people", "shifts", "profile", "settlements",
}  # fmt: skip
LOOKS = ((1440, "light"), (360, "dark"))
QUALITY = 60


def take(stage: Stage) -> int:
    """Every shown page in every look; how many."""
    taken = 0
    for width, theme in LOOKS:
        windows: dict[str, Visitor] = {}
        for name, who, path in pages_of(stage):
            if name not in SHOWN:
                continue
            if who not in windows:
                windows[who] = Visitor(stage.browser, stage.address, width=width, theme=theme)
                if who != NOBODY:
                    windows[who].sign_in(who)
            windows[who].go(path)
            picture = FOLDER / f"{name}-{width}-{theme}.jpg"
            windows[who].page.screenshot(path=picture, type="jpeg", quality=QUALITY)
            taken += 1
    return taken


def main() -> int:
    """Exit code: 1 when there is no browser."""
    try:
        path = find_browser()
    except NoBrowser as reason:
        sys.stderr.write(f"No pictures: {reason}\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="maillage-pictures-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        directory.chmod(0o755)
        with running_stage(directory, path) as stage:
            taken = take(stage)
    sys.stdout.write(f"{taken} pictures are in {FOLDER}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

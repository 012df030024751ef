"""Which browser the tests of a run have met, and why none when there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
INSTALL_SECONDS = 120


class NoBrowser(Exception):
    """There is none, and none could be had; the text says why."""


def find_browser() -> str:
    """The path of a Chromium: $CHROMIUM, the system's, else Playwright's own, which is fetched when it can be.

    Raises NoBrowser.
    """
    named = os.environ.get("CHROMIUM")
    found = named or next((path for path in map(shutil.which, NAMES) if path), None)
    return found or _playwrights_own()


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_SECONDS)
        except (subprocess.SubprocessError, OSError) as error:
            wanted = "install Chromium (Debian: apt-get install chromium) or name one in CHROMIUM"
            raise NoBrowser(f"no Chromium here, and `playwright install` failed ({error}): {wanted}") from error
    return path


@contextmanager
def running_browser(path: str) -> Iterator[Browser]:
    """Headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()

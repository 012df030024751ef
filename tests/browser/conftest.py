"""A running embedded platform with the demo federation and its story, and a browser; once for all tests here."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from maillage.demo.loader import load_demo
from maillage.demo.state import DemoState
from maillage.signed_in import Platform
from maillage.stack import Stack, running_stack
from maillage.story.play import play_story
from tests.browser.browsers import NoBrowser, find_browser, running_browser
from tests.factories.brokers import remember_broker

PAGE_CHARACTERS_MAX = 1_500


@dataclass(frozen=True)
class Stage:
    """Where the portal is, what is in it, and a browser to look with."""

    stack: Stack
    address: str
    state: DemoState
    browser: Browser

    @property
    def workshop(self) -> str:
        """The page of a circus workshop that is still to come, on the public site."""
        return f"/o/tremplin/sessions/{self.state.sessions['cirque'][0]}"


@pytest.fixture(scope="package")
def browser_path() -> str:
    try:
        path = find_browser()
    except NoBrowser as reason:
        remember_broker(f"Browser for this run: none, so the tests of tests/browser are skipped: {reason}")
        pytest.skip(str(reason))
    remember_broker(f"Browser for this run: {path}")
    return path


@pytest.fixture(scope="package")
def stage(browser_path: str) -> Iterator[Stage]:
    directory = Path(tempfile.mkdtemp(prefix="maillage-test-"))
    directory.chmod(0o755)
    with running_stage(directory, browser_path) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Beside a failure, what every open window showed."""
    report = yield
    if report.when == "call" and report.failed:
        browsers = {getattr(one, name, None) for one in item.funcargs.values() for name in ("browser", "phones")}
        pages = [page for one in browsers if one for context in one.contexts for page in context.pages]
        report.sections += [(page.url, page.locator("body").inner_text()[:PAGE_CHARACTERS_MAX]) for page in pages]
    return report


@pytest.fixture(scope="module", autouse=True)
def closed_windows(stage: Stage) -> Iterator[None]:
    """No window outlives the tests of its module: it would go on asking the portal."""
    yield
    for context in stage.browser.contexts:
        context.close()


@contextmanager
def running_stage(directory: Path, browser_path: str) -> Iterator[Stage]:
    """The platform first: while the browser's client runs, nothing else can use an event loop in this thread."""
    with running_stack(directory, portal=True, durable=False) as stack:
        state = asyncio.run(load_and_play(stack))
        with running_browser(browser_path) as browser:
            yield Stage(stack, stack.portal_urls[0], state, browser)


async def load_and_play(stack: Stack) -> DemoState:
    """The demo federation, in which the story has happened."""
    async with Platform(stack.describe()) as platform:
        state = await load_demo(platform, stack.directory)
        await play_story(platform, state, stack.directory)
        return state

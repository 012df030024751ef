"""How long the portal takes for its pages and how much a first visit transfers."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx

from benchmarks.large_federation import grow
from benchmarks.results import Entry, percentile
from benchmarks.scene import lift_limits
from maillage.demo.loader import load_demo
from maillage.demo.state import DemoState
from maillage.people import DEMO_PASSWORD
from maillage.signed_in import Platform
from maillage.stack import Stack, running_stack
from tests.browser.pages import pages_of

VISITS, WARM_VISITS = 30, 2
P95_MILLISECONDS_MAX, P95_MILLISECONDS_MAX_LARGE = 150.0, 300.0
FIRST_VISIT_BYTES_MAX = 100_000
STEPS_MAX = 12
SIZE_BAR = "a first visit at most 100 kB"
DURATION = re.compile(r"dur=([0-9.]+)")
ASSET = re.compile(r'(?:href|src)="(/(?:static|o)/[^"#]+\.(?:css|js|woff2|svg))')
HIDDEN_FIELD = re.compile(r'<input[^>]*name="csrf_token"[^>]*value="([^"]+)"')


def measure(directory: Path, *, large: bool = False) -> Entry:
    """Each page many times, one after the other, as its reader; `large`: of the federation grown large."""
    limit = P95_MILLISECONDS_MAX_LARGE if large else P95_MILLISECONDS_MAX
    lift_limits()
    with running_stack(directory, portal=True, durable=False) as stack:
        state = asyncio.run(_load(stack, large=large))
        address = stack.portal_urls[0]
        pages = list(pages_of(Looked(state)))
        readers = {who: _signed_in(address, who) if who else {} for _, who, _ in pages}
        with httpx.Client(base_url=address, timeout=20) as client:
            times = {name: _times(client, path, readers[who]) for name, who, path in pages}
            sizes = {path: _first_visit_bytes(client, path) for path in ("/", "/o/tremplin")}
    p95 = {name: round(percentile(values, 95), 1) for name, values in times.items()}
    slowest_first = dict(sorted(p95.items(), key=lambda item: -item[1]))
    figures = {"pages": len(p95), "p95_ms": slowest_first, "first_visit_bytes": sizes}
    is_ok = max(p95.values()) <= limit and max(sizes.values()) <= FIRST_VISIT_BYTES_MAX
    return Entry(figures, f"p95 of every page at most {limit:.0f} ms in the portal; {SIZE_BAR}", is_ok)


@dataclass(frozen=True)
class Looked:
    """What the addresses of the pages need to know."""

    state: DemoState

    @property
    def workshop(self) -> str:
        return f"/o/tremplin/sessions/{self.state.sessions['cirque'][0]}"


async def _load(stack: Stack, *, large: bool) -> DemoState:
    async with Platform(stack.describe()) as platform:
        state = await load_demo(platform, stack.directory)
        if large:
            await grow(platform, state)
        return state


def _times(client: httpx.Client, path: str, cookies: dict[str, str]) -> list[float]:
    """Milliseconds in the portal, as its answer says."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    times = []
    for _ in range(WARM_VISITS):
        client.get(path, headers=headers)
    for _ in range(VISITS):
        answer = client.get(path, headers=headers)
        assert answer.status_code < 500, (path, answer.status_code)
        assert answer.status_code != httpx.codes.TOO_MANY_REQUESTS, path
        found = DURATION.search(answer.headers["server-timing"])
        assert found is not None
        times.append(float(found.group(1)))
    return times


def _first_visit_bytes(client: httpx.Client, path: str) -> int:
    """The page and everything that it names, compressed as it is sent."""
    page = client.get(path)
    named = sorted(set(ASSET.findall(page.text)))
    return sum(_sent_bytes(client, address) for address in (path, *named))


def _sent_bytes(client: httpx.Client, path: str) -> int:
    with client.stream("GET", path) as answer:
        return sum(len(chunk) for chunk in answer.iter_raw())


def _signed_in(address: str, user_name: str) -> dict[str, str]:
    """The cookies of a browser after the sign-in; a jar would not send Secure ones to a plain address."""
    cookies: dict[str, str] = {}
    answers = [{"password": DEMO_PASSWORD}, {"login": user_name}]
    with httpx.Client(timeout=20) as provider:
        page = _at_portal(f"{address}/sign-in?return_to=/", cookies)
        for _ in range(STEPS_MAX):
            if page.is_redirect:
                target = urljoin(str(page.url), page.headers["location"])
                if target == f"{address}/":
                    return cookies
                page = _at_portal(target, cookies) if target.startswith(address) else provider.get(target)
            else:
                token = HIDDEN_FIELD.search(page.text)
                assert token is not None, page.url
                form = answers.pop() | {"csrf_token": html.unescape(token.group(1))}
                page = provider.post(str(page.url), data=form)
    raise AssertionError(f"{user_name} was not signed in")


def _at_portal(url: str, cookies: dict[str, str]) -> httpx.Response:
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    answer = httpx.get(url, headers=headers, timeout=20)
    for line in answer.headers.get_list("set-cookie"):
        name, _, value = line.partition(";")[0].partition("=")
        cookies[name] = value
    return answer

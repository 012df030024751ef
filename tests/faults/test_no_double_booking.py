"""Many sessions want the same few things and people at once, while relays and consumers are killed with -9."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from benchmarks.scene import Scene, scene, seed_association
from tests.faults.checkers.conservation import ask
from tests.faults.checkers.holds import find_overlaps, find_problems
from tests.faults.plants import plant_in, planted
from tests.faults.record import Entry, entry
from tests.faults.scene import LATE_SECONDS_MAX, PATIENCE_SECONDS, TEST_TIMINGS

BAR = (
    "200 concurrent holds over 20 resources and 30 people of three associations, random releases, relays and consumers"
    " killed with -9: 0 overlaps at any moment, 0 orphans 30 s after the end, every saga confirmed or released"
)
HOLDS, ROOMS, STOCKS, PEOPLE = 200, 16, 4, 30
STOCK_PIECES, STOCK_WISH_MAX = 3, 2
ANSWER_WITHIN_SECONDS = 20
SETTLES_WITHIN_SECONDS = 30
CLIENTS = 16
KILLS = 24
KILLED = tuple(
    f"{service}-{part}" for service in ("partners", "staffing", "activities") for part in ("consumer", "relay")
)
FIRST_DAY = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=60)
DAYS = 3
CONFIRMED_MIN, REFUSED_MIN = 10, 10


@dataclass
class Pool:
    """Who asks, and for what: the activity of each association, and resources and people with their owners."""

    here: Scene
    activities: list[UUID] = field(default_factory=list)
    site_id: UUID = field(default_factory=uuid4)
    resources: list[tuple[UUID, str, int]] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        return self.here.stack.superuser_url.rsplit("/", 1)[0]

    async def post(self, client: httpx.AsyncClient, service: str, path: str, body: object) -> dict[str, Any]:
        """What a POST has made."""
        url = f"{self.here.stack.base_urls[service]}/api/{service}/v1{path}"
        return await sent(client, "POST", url, body, {"Idempotency-Key": uuid4().hex})


async def sent(
    client: httpx.AsyncClient, method: str, url: str, body: object, headers: dict[str, str]
) -> dict[str, Any]:
    """The answer; while the service is busy it is asked again, as a good client does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = await client.request(method, url, json=body, headers=headers)
        if answer.status_code != 503 or time.monotonic() > deadline:
            assert answer.is_success, answer.text
            return dict(answer.json())
        await asyncio.sleep(0.25)


@pytest.mark.timeout(900)
def test_no_double_booking(run_directory: Path, fault_seconds: float) -> None:
    with entry("no_double_booking", BAR) as shown:
        directory = run_directory / "no-double-booking"
        directory.mkdir(parents=True)
        directory.chmod(0o755)
        options = {"broker": "kafka", "split": True, "durable": True, "portal": False, "log_level": "WARNING"}
        with scene(directory, kafka_settings=TEST_TIMINGS, kafka_session_timeout_ms=2_000, **options) as here:
            asyncio.run(plant_in(here.stack.superuser_url.rsplit("/", 1)[0]))
            asyncio.run(play(here, fault_seconds, shown))


async def play(here: Scene, seconds: float, shown: Entry) -> None:
    """Ask, release and kill at the same time, look for overlaps all the while, and judge the end."""
    pool = await make_pool(here)
    overlaps: set[str] = set()
    looking = asyncio.create_task(look_for_overlaps(pool.base_url, overlaps))
    killing = asyncio.create_task(kill_in_turn(here, seconds))
    acts = await ask_and_release(pool, seconds)
    kills = await killing
    problems, settled = await settle(pool.base_url)
    looking.cancel()
    states = await ask(pool.base_url, "activities", "select state, count(*) as count from holds group by 1")
    found = {row["state"]: row["count"] for row in states}
    shown.show(holds=found, acts=acts, kills=kills, settled_seconds=settled, seconds=seconds)
    shown.require(f"{HOLDS} sessions asked, there were {sum(found.values())}", sum(found.values()) == HOLDS)
    shown.require(f"at least {CONFIRMED_MIN} holds confirmed: {found}", found.get("confirmed", 0) >= CONFIRMED_MIN)
    shown.require(f"at least {REFUSED_MIN} holds refused: {found}", found.get("refused", 0) >= REFUSED_MIN)
    is_settled = settled is not None and settled <= SETTLES_WITHIN_SECONDS
    shown.require(f"everything given back within {SETTLES_WITHIN_SECONDS} s of the end", is_settled)
    shown.require_none({"overlaps_meanwhile": sorted(overlaps), **problems})


async def make_pool(here: Scene) -> Pool:
    """Three associations of one federation, each with a share of the resources and of the people."""
    pool, federation = Pool(here), uuid4()
    pool.site_id = await here.add_site()
    # All of them before the first request: a service remembers for a second which rights somebody has.
    seeded = [await seed_association(here.stack, f"pool-{turn}", [federation]) for turn in range(3)]
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {here.token}"}, timeout=30) as client:
        for turn, (owner, activity, _) in enumerate(seeded):
            pool.activities.append(activity)
            for number in range(turn, ROOMS + STOCKS, 3):
                pieces = 1 if number < ROOMS else STOCK_PIECES
                body = {"organisation_id": str(owner), "kind": "room" if pieces == 1 else "equipment",
                        "name": f"Thing {number}", "quantity": pieces, "pooled": True}  # fmt: skip
                made = await pool.post(client, "partners", "/resources", body)
                pool.resources.append((owner, made["id"], pieces))
            for number in range(turn, PEOPLE, 3):
                body = {"organisation_id": str(owner), "kind": "volunteer", "display_name": f"Person {number}",
                        "started_on": "2026-01-01"}  # fmt: skip
                await pool.post(client, "staffing", "/people", body)
    return pool


async def ask_and_release(pool: Pool, seconds: float) -> dict[str, int]:
    """All sessions ask at once; afterwards half of them move, give up their wishes or are cancelled."""
    chance, acts, gate = random.Random(7), Counter[str](), asyncio.Semaphore(CLIENTS)
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {pool.here.token}"}, timeout=30) as client:

        async def one(number: int, later: float, act: str | None) -> None:
            async with gate:
                session = await pool.post(client, "activities", "/sessions", plan(pool, number))
            acts["asked"] += 1
            if act is not None:
                await asyncio.sleep(later)
                async with gate:
                    await change(pool, client, session, act)
                acts[act] += 1

        choices = [chance.choice(["cancelled", "moved", "wishes_gone", None, None, None]) for _ in range(HOLDS)]
        delays = [chance.uniform(0, seconds * 0.6) for _ in range(HOLDS)]
        await asyncio.gather(*(one(number, delays[number], choices[number]) for number in range(HOLDS)))
    return dict(acts)


def plan(pool: Pool, number: int) -> dict[str, Any]:
    """A session at some hour of a few crowded days, with one to three resources and up to two people."""
    chance = random.Random(number)
    starts_at = FIRST_DAY + timedelta(days=chance.randrange(DAYS), minutes=30 * chance.randrange(20))
    resources = [
        {"resource_id": resource, "owner_organisation_id": str(owner),
         "quantity": 1 if pieces == 1 else chance.randint(1, STOCK_WISH_MAX)}
        for owner, resource, pieces in chance.sample(pool.resources, chance.randint(1, 3))
    ]  # fmt: skip
    people = [{"role": "animator", "count": chance.randint(1, 2)}] if chance.random() < 0.6 else []
    return {
        "activity_id": str(chance.choice(pool.activities)),
        "site_id": str(pool.site_id),
        "title": f"Session {number}",
        "capacity": 10,
        "prices": {"standard": 0},
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(minutes=30 * chance.randint(2, 5))).isoformat(),
        "wishes": {"resources": resources, "people": people, "answer_within_seconds": ANSWER_WITHIN_SECONDS},
    }


async def change(pool: Pool, client: httpx.AsyncClient, session: dict[str, Any], act: str) -> None:
    """Cancel the session, move it by an hour, or let it want nothing any more."""
    url = f"{pool.here.stack.base_urls['activities']}/api/activities/v1/sessions/{session['id']}"
    version = {"If-Match": f'"{session["version"]}"'}
    if act == "cancelled":
        await sent(client, "POST", f"{url}/cancellation", {"reason": "rain"}, version)
    elif act == "moved":
        times = {
            name: (datetime.fromisoformat(session[name]) + timedelta(hours=1)).isoformat()
            for name in ("starts_at", "ends_at")
        }
        await sent(client, "PATCH", url, times, version)
    else:
        await sent(client, "PATCH", url, {"wishes": {}}, version)


async def kill_in_turn(here: Scene, seconds: float) -> dict[str, int]:
    """Kill relays and consumers one after the other, evenly over the time; each starts again a moment later."""
    killed = Counter[str]()
    turns = max(len(KILLED), round(KILLS * seconds / 60))
    for _, name in zip(range(turns), cycle(KILLED), strict=False):
        await asyncio.sleep(seconds / turns)
        process = here.stack.services[name]
        process.kill()
        process.launch()
        killed[name] += 1
    return dict(killed)


async def look_for_overlaps(base_url: str, found: set[str]) -> None:
    """Look every half second, until cancelled."""
    while True:
        found.update(await find_overlaps(base_url))
        await asyncio.sleep(0.5)


async def settle(base_url: str) -> tuple[dict[str, list[str]], float | None]:
    """The problems that stay, and after how many seconds there were none; None when some stayed."""
    started = time.monotonic()
    while True:
        problems = await find_problems(base_url)
        passed = time.monotonic() - started
        if not any(problems.values()):
            return problems, round(passed, 1)
        if passed > (SETTLES_WITHIN_SECONDS if planted() else LATE_SECONDS_MAX):
            return problems, None
        await asyncio.sleep(0.5)

"""People are erased in every service while its processes are killed with -9, each in the middle of its part of it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from access.erasing import account_digest
from access.principals import Account
from benchmarks.scene import Scene, scene
from maillage.places import ERASURES_JOURNAL
from maillage.recovery.reapplying import ask_for_each, read_journal
from tests.faults.checkers.conservation import ask
from tests.faults.checkers.erased import (
    count_kept,
    count_open_erasures,
    find_problems,
    rows_about,
    tables_that_say,
)
from tests.faults.plants import plant_in
from tests.faults.record import Entry, entry
from tests.faults.scene import TEST_TIMINGS
from tests.faults.test_crashes import DUE, RESTART_SECONDS, UNPUBLISHED

BAR = (
    "workers, consumers and relays of all services killed twice each in the middle of erasures: every receipt complete,"
    " the person named in no table of any service, no row of anybody else changed, counts and amounts as before"
)
ERASED, OTHER = "Zylberman", "Bystander"
OTHERS = 4
ROUNDS = 2
SETTLED_SECONDS = 120.0
REQUESTED = "activities.erasure_requested.v1"
ANSWER_OF = {
    "staffing": "staffing.workers_erased.v1",
    "finance": "finance.payers_erased.v1",
    "partners": "partners.members_erased.v1",
    "notifications": "notifications.recipients_erased.v1",
}
TARGETS = (
    "activities-worker", "activities-relay", "staffing-consumer", "activities-consumer", "finance-consumer",
    "partners-consumer", "notifications-consumer", "staffing-relay", "finance-relay", "partners-relay",
    "notifications-relay", "notifications-worker",
)  # fmt: skip
ANNOUNCED = "select count(*) as count from outbox_events where wire_type = $1"
HANDLED = "select count(*) as count from handled_events where consumer_group = $1"
UNSETTLED = {
    "notifications": "select count(*) as count from messages where state not in ('sent', 'failed', 'to_print')",
    "activities": "select count(*) as count from due_rows where due_at <= now()",
}


@dataclass(frozen=True)
class Somebody:
    """One human as every service knows him: a family, a helper, and a member who left."""

    household: UUID
    participant: UUID
    contact: UUID
    worker: UUID
    account: Account

    def entry(self, organisation_id: UUID) -> dict[str, Any]:
        """His erasure as the journal has it."""
        return {
            "id": str(uuid4()),
            "organisation_id": str(organisation_id),
            "household_ids": [str(self.household)],
            "participant_ids": [str(self.participant)],
            "contact_ids": [str(self.contact)],
            "worker_ids": [str(self.worker)],
            "account_digests": [account_digest(self.account)],
            "subject": "own_account",
            "is_whole_account": True,
            "code": uuid4().hex,
            "asked_at": datetime.now(UTC).isoformat(),
        }


@dataclass
class Played:
    """What was asked for, and what was killed with how much work in its hands."""

    asked: set[str] = field(default_factory=set)
    killed: dict[str, list[int]] = field(default_factory=dict)
    last_at: float = 0.0


@pytest.mark.timeout(900)
def test_erasure_under_kills(run_directory: Path, fault_seconds: float) -> None:
    rounds = max(1, round(ROUNDS * fault_seconds / 60))
    directory = run_directory / "erasure"
    options: dict[str, Any] = {"broker": "kafka", "split": True, "durable": True, "log_level": "WARNING"}
    run_directory.chmod(0o755)
    with (
        entry("erasure_under_kills", BAR) as shown,
        scene(directory, kafka_settings=TEST_TIMINGS, kafka_session_timeout_ms=2_000, **options) as here,
    ):
        asyncio.run(plant_in(base_of(here)))
        asyncio.run(play(here, rounds, shown))


async def play(here: Scene, rounds: int, shown: Entry) -> None:
    """People, kills in the middle of their erasures, and the judgement."""
    base = base_of(here)
    people = await make_people(here, ERASED, 2 * rounds * len(TARGETS))
    await make_people(here, OTHER, OTHERS)
    await until_nothing_is_under_way(base)
    for service in ("activities", "staffing", "partners", "notifications"):
        shown.require(f"{service} knows who is to be erased", await tables_that_say(base, service, ERASED))
    others, kept = await rows_about(base, OTHER), await count_kept(base)
    played = await kill_in_turn(here, people, rounds)
    settled = await seconds_until_complete(base, played)
    noted = {one["id"] for one in read_journal(here.stack.directory / ERASURES_JOURNAL)}
    shown.show(
        people=len(people),
        erasures=len(played.asked),
        kills={name: len(works) for name, works in played.killed.items()},
        work_in_flight=played.killed,
        settled_seconds_after_last_kill=settled,
        rows_of_others_compared=len(others),
    )
    shown.require(f"{rounds} kills of each process", all(len(played.killed.get(one, ())) == rounds for one in TARGETS))
    shown.require(f"complete within {SETTLED_SECONDS:.0f} s of the last kill", settled is not None)
    shown.require_none(await find_problems(base, played.asked, noted, ERASED, others, kept, OTHER))


def base_of(here: Scene) -> str:
    return here.stack.superuser_url.rsplit("/", 1)[0]


async def make_people(here: Scene, name: str, count: int) -> list[Somebody]:
    """Through the API where there is one: each was booked for, told of it and cancelled, helps, and was a member."""
    (session,) = await here.add_sessions(1, 2 * count)
    made = []
    headers = {"Authorization": f"Bearer {here.token}"}
    own = {"organisation_id": str(here.organisation_id)}
    async with httpx.AsyncClient(headers=headers, timeout=30) as client:

        async def post(service: str, path: str, **body: object) -> UUID:
            url = f"{here.stack.base_urls[service]}/api/{service}/v1{path}"
            answer = await client.post(url, json=body, headers={"Idempotency-Key": uuid4().hex})
            assert answer.is_success, answer.text
            return UUID(answer.json()["id"])

        for number in range(count):
            household = await post("activities", "/households", **own, name=name)
            child = {"given_name": "Ada", "family_name": name, "born_on": "2016-05-01"}
            participant = await post("activities", "/participants", **own, household_id=str(household), **child)
            told = {"display_name": f"Rosa {name}", "email": f"rosa{number}@{name}.example", "language": "fr"}
            contact = await post("activities", f"/households/{household}/contacts", **told)
            places = [{"participant_id": str(participant)}]
            booking = await post("activities", "/bookings", session_id=str(session), places=places)
            await post("activities", f"/bookings/{booking}/cancellation")
            worker = await post("staffing", "/people", **own, **told, kind="volunteer", started_on="2026-01-01")
            account = Account("https://sign-in.example.org", f"rosa.{name}.{number}")
            made.append(Somebody(household, participant, contact, worker, account))
    await make_members(here, name, [somebody.account for somebody in made])
    return made


async def make_members(here: Scene, name: str, accounts: list[Account]) -> None:
    """Members who left; one of them promised something in a meeting where all the others were named."""
    connection: Any = await asyncpg.connect(f"{base_of(here)}/partners")
    ids = [uuid4() for _ in accounts]
    await connection.executemany(
        """insert into memberships (id, organisation_id, version, role, state, display_name, email, language,
                                    account_issuer, account_subject, invited_at, accepted_at, ended_at)
           values ($1, $2, 3, 'animator', 'ended', $3, $4, 'fr', $5, $6, now(), now(), now())""",
        [
            (id_, here.organisation_id, f"Rosa {name} {number}", f"{number}@{name}.example", one.issuer, one.subject)
            for number, (id_, one) in enumerate(zip(ids, accounts, strict=True))
        ],
    )
    meeting, own = uuid4(), here.organisation_id
    await connection.execute(
        """insert into meetings (id, organisation_id, version, kind, title, place, starts_at, ends_at, partner_ids,
                                 agenda, minutes, decisions)
           values ($1, $2, 1, 'meeting', 'Coordination', '', now(), now() + interval '1 hour', '{}', '', $3, '{}')""",
        meeting,
        own,
        ", ".join(f"Rosa {name} {number}" for number in range(len(ids))),
    )
    await connection.executemany(
        "insert into meeting_attendances values ($1, $2, $3, $4, $5, $2)",
        [(uuid4(), own, meeting, number, f"Rosa {name} {number}") for number in range(len(ids))],
    )
    await connection.executemany(
        """insert into tasks (id, organisation_id, version, title, owner_membership_id, due_on)
           values ($1, $2, 1, 'Call', $3, '2030-01-01')""",
        [(uuid4(), own, id_) for id_ in ids],
    )
    await connection.close()


async def until_nothing_is_under_way(base: str) -> None:
    """Whatever follows from making people has arrived, three times in a row."""
    deadline, quiet = time.monotonic() + SETTLED_SECONDS, 0
    while quiet < 3:
        counts = [row["count"] for service, asked in UNSETTLED.items() for row in await ask(base, service, asked)]
        counts += [row["count"] for service in ANSWER_OF for row in await ask(base, service, UNPUBLISHED)]
        counts += [row["count"] for row in await ask(base, "activities", UNPUBLISHED)]
        quiet = 0 if any(counts) else quiet + 1
        assert time.monotonic() < deadline, counts
        await asyncio.sleep(1)


async def kill_in_turn(here: Scene, people: list[Somebody], rounds: int) -> Played:
    """Each process in turn: held still, given two people to erase, let go for a moment with the work, and killed."""
    played, waiting, moments = Played(), iter(people), random.Random(5)
    for target in TARGETS * rounds:
        process = here.stack.services[target]
        os.kill(process.pid, signal.SIGSTOP)
        for somebody in islice(waiting, 2):
            await ask_for(here, played, somebody)
        work = await until_it_has_work(base_of(here), target)
        os.kill(process.pid, signal.SIGCONT)
        await asyncio.sleep(moments.uniform(0, 0.08))
        process.kill()
        played.killed.setdefault(target, []).append(work)
        played.last_at = time.monotonic()
        await asyncio.sleep(RESTART_SECONDS)
        process.launch()
    return played


async def ask_for(here: Scene, played: Played, somebody: Somebody) -> None:
    """By the journal, which names everything that is known of somebody at once."""
    asked = somebody.entry(here.organisation_id)
    assert await ask_for_each([asked], here.stack.directory) == 1
    played.asked.add(asked["id"])


async def until_it_has_work(base: str, target: str) -> int:
    """How much waits for a process that is held still, as soon as anything does."""
    deadline = time.monotonic() + 30
    while (work := await work_in_flight(base, target)) == 0:
        assert time.monotonic() < deadline, f"no work for {target}"
        await asyncio.sleep(0.05)
    return work


async def work_in_flight(base: str, target: str) -> int:
    """Rows and events that the process has still to finish at this moment."""
    service, _, command = target.partition("-")
    if command in ("relay", "worker"):
        [row] = await ask(base, service, UNPUBLISHED if command == "relay" else DUE)
        return int(row["count"])
    sources: Mapping[str, str] = ANSWER_OF if service == "activities" else {"activities": REQUESTED}
    announced = [row["count"] for one, kind in sources.items() for row in await ask(base, one, ANNOUNCED, kind)]
    [handled] = await ask(base, service, HANDLED, f"{service}.erasures")
    return sum(announced) - int(handled["count"])


async def seconds_until_complete(base: str, played: Played) -> float | None:
    """Seconds from the last kill until every erasure is complete; None when one never is."""
    while time.monotonic() - played.last_at < SETTLED_SECONDS:
        if await count_open_erasures(base) == 0:
            return round(time.monotonic() - played.last_at, 2)
        await asyncio.sleep(0.25)
    return None

"""Somebody is erased in every service, and again after a restore to a moment before: no database says the name."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from benchmarks.restore import keep_addresses
from benchmarks.scene import Scene, scene
from maillage.captured_mail import CapturedMail
from maillage.doctor.platform import platform_of
from maillage.places import ERASURES_JOURNAL
from maillage.recovery.backup import back_up
from maillage.recovery.commands import restore_stack
from maillage.recovery.reapplying import ask_for_each, read_journal
from maillage.stack import Stack, running_stack
from maillage.stack_options import SERVICES
from tests.faults.checkers.erased import tables_that_say

pytestmark = pytest.mark.timeout(600)
NAME = "Zylberman"
EMAIL = "rosa@zylberman.example"
SECONDS_MAX = 120.0
PEOPLE_OF = {"activities": {"households", "participants", "contacts"}, "notifications": {"messages", "recipients"}}


def test_no_database_says_the_name_of_who_was_erased(tmp_path: Path) -> None:
    home, folder = tmp_path / "stack", tmp_path / "backup"
    keep_addresses(home)
    with scene(home, keeps_ports=True) as made:
        code = asyncio.run(erase_a_family(made, folder))
    shutil.rmtree(home / "postgres")
    restore_stack(folder, home)
    with running_stack(home, keeps_ports=True) as stack:
        asyncio.run(erase_again(stack, read_journal(home / ERASURES_JOURNAL), code))


async def erase_a_family(made: Scene, folder: Path) -> str:
    """Record a family that is told something, back up, and erase it; the code of its receipt."""
    base = made.stack.base_urls["activities"] + "/api/activities/v1"
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {made.token}"}, timeout=30) as client:

        async def post(path: str, **body: object) -> dict[str, Any]:
            answer = await client.post(base + path, json=body, headers={"Idempotency-Key": uuid4().hex})
            assert answer.is_success, answer.text
            return dict(answer.json())

        organisation = {"organisation_id": str(made.organisation_id)}
        household = (await post("/households", **organisation, name=NAME))["id"]
        child = {"given_name": "Ada", "family_name": NAME, "born_on": "2017-05-01"}
        participant = (await post("/participants", **organisation, household_id=household, **child))["id"]
        told = {"display_name": f"Rosa {NAME}", "email": EMAIL, "language": "en"}
        contact = (await post(f"/households/{household}/contacts", **told))["id"]
        (session,) = await made.add_sessions(1, 10)
        booking = await post("/bookings", session_id=str(session), places=[{"participant_id": participant}])
        await post(f"/bookings/{booking['id']}/cancellation")
        await post(f"/contacts/{contact}/link-code")
        mail = CapturedMail(made.stack.describe())
        await until(lambda: mail.codes_for(EMAIL), "the code arrives")
        for service, tables in PEOPLE_OF.items():
            assert tables <= await tables_that_say(base_of(made.stack), service, NAME), "else the scan looks at nothing"
        await back_up(platform_of(made.stack.environments), folder, lambda _text: nullcontext())
        receipt = await post("/erasures", **organisation, subject="household", subject_id=household)
    await complete(made.stack, receipt["code"])
    (kept,) = [one["kept"] for one in (await read(made.stack, receipt["code"]))["answers"] if one["kept"]]
    assert [(item["record"], item["reason"]) for item in kept] == [("charges", "accounting")]
    await until(lambda: receipts(mail, receipt["code"]), "the receipt arrives")
    await nobody_is_named(made.stack)
    return str(receipt["code"])


async def erase_again(stack: Stack, journal: list[dict[str, Any]], code: str) -> None:
    """The restore knows the family and not that it was erased."""
    assert await tables_that_say(base_of(stack), "activities", NAME), "the backup was made before"
    assert await ask_for_each(journal, stack.directory) == 1
    assert await ask_for_each(journal, stack.directory) == 0
    await complete(stack, code)
    await nobody_is_named(stack)


def base_of(stack: Stack) -> str:
    return stack.superuser_url.rsplit("/", 1)[0]


async def nobody_is_named(stack: Stack) -> None:
    """Nothing of the name is in any table of any service, nor of the address."""
    for service in SERVICES:
        found = await tables_that_say(base_of(stack), service, NAME)
        assert not found, f"{service}: {sorted(found)}"


async def read(stack: Stack, code: str) -> dict[str, Any]:
    """The receipt, as whoever has its code reads it."""
    async with httpx.AsyncClient(timeout=20) as client:
        answer = await client.get(f"{stack.base_urls['activities']}/api/activities/v1/erasures/{code}")
    assert answer.is_success, answer.text
    return dict(answer.json())


async def receipts(mail: CapturedMail, code: str) -> list[str]:
    """E-mails to the last address that name the receipt, or say that the data is erased."""
    told = [message.body for message in await mail.messages_to(EMAIL)]
    return [body for body in told if "data is erased" in body or code in body]


async def complete(stack: Stack, code: str) -> None:
    """Wait until every service has answered."""

    async def is_complete() -> bool:
        return bool((await read(stack, code))["state"] == "complete")

    await until(is_complete, "the erasure is complete")


async def until(asked: Callable[[], Awaitable[object]], what: str) -> None:
    """Wait for a condition, up to a deadline."""
    deadline = time.monotonic() + SECONDS_MAX
    while not await asked():
        assert time.monotonic() < deadline, f"in vain: {what}"
        await asyncio.sleep(0.2)

"""Reads the whole end state back and compares it with what was worked out by hand."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

from pydantic import BaseModel, Field

from maillage.story import expected
from maillage.story.privacy import check_privacy
from maillage.story.reading import Reading
from maillage.waiting import NotInTime, until

SETTLING_SECONDS = 10.0
HOUSE, HOME = "tremplin", "tilleuls"


class Check(BaseModel):
    """One statement about the end state; `topic` is for showing it."""

    topic: str = Field(exclude=True)
    name: str
    expected: Any
    actual: Any
    ok: bool


class Checks:
    """Asks until the answer is the expected one, at most ten seconds: what is still under way may arrive."""

    def __init__(self, reading: Reading, topic: str) -> None:
        self.reading, self.topic = reading, topic
        self.made: list[Check] = []

    async def equal(self, name: str, wanted: object, ask: Callable[..., Awaitable[object]], *arguments: object) -> None:
        async def is_so() -> bool:
            return await ask(*arguments) == wanted

        with suppress(NotInTime):
            await until(is_so, name, SETTLING_SECONDS)
        actual = await ask(*arguments)
        self.made.append(Check(topic=self.topic, name=name, expected=wanted, actual=actual, ok=actual == wanted))


async def check_end_state(reading: Reading, nets_before: dict[str, int]) -> list[Check]:
    """Every statement of the story; `nets_before` is what the home owed net, by quarter, before it began."""
    topics: dict[str, Callable[[Checks], Awaitable[None]]] = {
        "sessions, bookings and attendance": _check_bookings,
        "charges, budgets and books": _check_money,
        "settlements between the associations": partial(_check_settlements, nets_before=nets_before),
        "supervision": _check_supervision,
        "rooms and equipment across three associations": _check_sharing,
        "messages, each once and in the right language": _check_messages,
        "what others can see of it": _check_privacy,
    }
    made = [Checks(reading, topic) for topic in topics]
    await asyncio.gather(*(check(checks) for checks, check in zip(made, topics.values(), strict=True)))
    return [check for checks in made for check in checks.made]


async def _check_privacy(checks: Checks) -> None:
    await check_privacy(checks.equal, checks.reading)


async def _check_bookings(checks: Checks) -> None:
    reading = checks.reading
    for session, free in expected.PLACES_FREE.items():
        await checks.equal(f"places free: {session}", free, reading.places_free, session)
    for session, state in expected.SESSION_STATES.items():
        await checks.equal(f"state of the session: {session}", state, reading.session_state, session)
    for session, names in expected.BOOKINGS_OF.items():
        wanted = {name: [expected.STATES[name], expected.PLACES[name]] for name in names}
        await checks.equal(f"bookings and their places: {session}", wanted, reading.bookings, names)
    await checks.equal(
        "the workshop has as many bookings as were made, none half made", 3, reading.count_bookings, "workshop"
    )
    await checks.equal("the refused family left no trace", 2, reading.count_bookings, "show")
    await checks.equal(
        "decisions about Greta's son, explained", expected.DECISIONS_ABOUT_SON, reading.decisions_about_son
    )
    for session, marks in expected.ATTENDANCE.items():
        await checks.equal(f"attendance: {session}", marks, reading.attendance, session)


async def _check_money(checks: Checks) -> None:
    reading, days = checks.reading, _days(checks.reading)
    for name, amount in expected.CHARGED.items():
        await checks.equal(f"owed for: {name}", amount, reading.charged, [name])
    for year in sorted({day.year for day in days.values()}):
        for organisation, user_name in ((HOUSE, "sofia"), (HOME, "pieter")):
            promised = expected.by_year(expected.PROMISED[organisation], days, year)
            earned = expected.by_year(expected.EARNED[organisation], days, year)
            await checks.equal(
                f"budget {year} of {organisation}: promised, earned",
                [promised, earned],
                reading.budget,
                user_name,
                organisation,
                year,
            )
    year = reading.stage.budget_year
    await checks.equal("thresholds announced", expected.THRESHOLDS, reading.thresholds, year)
    await checks.equal("the book of the youth house", expected.HOUSE_BOOK, reading.balances, "sofia", HOUSE)
    await checks.equal("the book of the retirement home", expected.HOME_BOOK, reading.balances, "pieter", HOME)
    for organisation, user_name in ((HOUSE, "sofia"), (HOME, "pieter")):
        await checks.equal(f"the whole book balances: {organisation}", 0, reading.book_total, user_name, organisation)
        await checks.equal(f"entries that do not balance: {organisation}", 0, reading.count_unbalanced, user_name)


async def _check_settlements(checks: Checks, nets_before: dict[str, int]) -> None:
    reading, days = checks.reading, _days(checks.reading)
    for session, names in expected.BOOKINGS_OF.items():
        owed = [expected.HOME_OWES.get(session, 0), expected.HOUSE_OWES.get(session, 0)]
        for side, user_name in (("youth house", "sofia"), ("retirement home", "pieter")):
            await checks.equal(
                f"settlement of the {session}, as the {side} sees it: the home owes, the youth house owes",
                owed,
                reading.settled,
                user_name,
                names,
            )
    for quarter, net in expected.by_quarter(expected.NET, days).items():
        for user_name in ("sofia", "pieter"):
            await checks.equal(
                f"what the home owes net in {quarter}, as {user_name} sees it",
                nets_before.get(quarter, 0) + net,
                reading.net,
                user_name,
                quarter,
            )


async def _check_sharing(checks: Checks) -> None:
    reading = checks.reading
    for session, wanted in expected.HOLDS.items():
        await checks.equal(f"the hold, its refusals, alternatives named: {session}", wanted, reading.hold, session)
    for user_name in ("marta", "hanna"):
        await checks.equal(
            f"reserved for the trip, as {user_name} sees it", ["confirmed"], reading.reservations, user_name, "trip"
        )
        await checks.equal(
            f"reserved for the refused group, as {user_name} sees it", [], reading.reservations, user_name, "rival"
        )
    for owner, amount in expected.LENT.items():
        await checks.equal(f"settlement lines of what was lent by {owner}", amount, reading.lent, owner)


async def _check_supervision(checks: Checks) -> None:
    for session, facts in expected.COVERAGE.items():
        await checks.equal(f"supervision: {session}", facts, checks.reading.coverage_facts, session, tuple(facts))
    await checks.equal("who is on the outing in the end", expected.ON_THE_OUTING, checks.reading.on_shift)


async def _check_messages(checks: Checks) -> None:
    reading = checks.reading
    for user_name, wanted in expected.MESSAGES.items():
        await checks.equal(
            f"told once, about everything that concerns them: {user_name}",
            dict(wanted),
            reading.told_plainly,
            user_name,
        )
    for user_name, (count, language) in expected.MAILS.items():
        await checks.equal(
            f"e-mails that arrived, and their languages: {user_name}",
            {language: count} if count else {},
            reading.mail_languages,
            user_name,
        )
    for user_name in ("amelie", "pieter"):
        await checks.equal(
            f"facts told twice to one human, as {user_name} sees it", 0, reading.count_doubles, user_name
        )


def _days(reading: Reading) -> dict[str, Any]:
    return {session: reading.stage.day_of(session) for session in reading.stage.sessions}

import asyncio
from datetime import date

import pytest

from maillage.story import expected
from maillage.story.checks import Check
from maillage.story.effect import SeenEffect
from maillage.story.play import StoryResult
from maillage.story.stage import PlayedStep
from maillage.waiting import NotInTime, until

DAYS = {
    "workshop": date(2027, 1, 2),
    "show": date(2027, 1, 2),
    "rehearsal": date(2026, 12, 23),
    "warm-up": date(2026, 12, 23),
}


def test_the_numbers_worked_out_by_hand_agree_with_each_other() -> None:
    owed = {name: sum(expected.CHARGED[booking] for booking in expected.BOOKINGS_OF[name]) for name in DAYS}
    assert owed == {"workshop": 7_600, "show": 0, "rehearsal": 4_000, "warm-up": 1_200}
    for share, organisation in ((60, "tremplin"), (40, "tilleuls")):
        income = expected.PROMISED[organisation] | expected.EARNED[organisation]
        assert income == {name: amount * share // 100 for name, amount in owed.items() if amount}
    assert {name: amount * 40 // 100 for name, amount in owed.items() if amount} == expected.HOUSE_OWES
    for name, net in expected.NET.items():
        assert net == expected.HOME_OWES.get(name, 0) - expected.HOUSE_OWES[name]
    assert sum(expected.HOUSE_BOOK.values()) == sum(expected.HOME_BOOK.values()) == 0
    assert expected.HOUSE_BOOK["receivable_associations"] == -expected.HOME_BOOK["payable_associations"]
    assert expected.HOUSE_BOOK["payable_associations"] == -expected.HOME_BOOK["receivable_associations"]


def test_amounts_fall_into_the_years_and_quarters_of_their_sessions() -> None:
    assert expected.by_year(expected.PROMISED["tremplin"], DAYS, 2027) == 4_560
    assert expected.by_year(expected.PROMISED["tremplin"], DAYS, 2026) == 0
    assert expected.by_quarter(expected.NET, DAYS) == {"2027Q1": 960, "2026Q4": -480}


def played(*, ok: bool = True, after_ms: int | None = 12, checks: int = 1) -> StoryResult:
    effect = SeenEffect(service="finance", what="the family owes", after_ms=after_ms)
    made = [Check(topic="money", name="owed", expected=1, actual=1, ok=ok) for _ in range(checks)]
    return StoryResult(steps=[PlayedStep(name="a step", effects=[effect])], checks=made, seconds=1.5)


def test_a_story_holds_only_if_everything_was_seen_and_every_statement_is_true() -> None:
    assert played().holds
    assert not played(ok=False).holds
    assert not played(after_ms=None).holds
    assert not played(checks=0).holds


def test_the_result_has_the_promised_form() -> None:
    written = played().model_dump(mode="json")
    assert set(written) == {"steps", "checks", "seconds"}
    assert set(written["checks"][0]) == {"name", "expected", "actual", "ok"}


def test_waiting_ends_with_the_answer_or_says_what_was_waited_for() -> None:
    answers = iter([None, False, "here"])

    async def ask() -> object:
        return next(answers)

    async def never() -> None:
        return None

    assert asyncio.run(until(ask, "an answer", 5)) == "here"
    with pytest.raises(NotInTime, match="the moon"):
        asyncio.run(until(never, "the moon", 0))

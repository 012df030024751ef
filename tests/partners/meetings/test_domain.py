"""Which meetings fit together, and when a task's owner is reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from partners.meetings.domain import (
    Attendance,
    MeetingKind,
    Record,
    UnfitMeeting,
    check_record,
    reminder_at,
    without_names,
)

KEEPER, TOWN = UUID(int=1), UUID(int=2)
RECORD = Record(
    kind=MeetingKind.meeting,
    title="Coordination locale",
    place="Maison communale",
    starts_at=datetime(2026, 11, 25, 9, tzinfo=UTC),
    ends_at=datetime(2026, 11, 25, 11, tzinfo=UTC),
    partner_ids=(TOWN,),
    agenda="1. Planning",
    minutes="",
    decisions=(),
    attendances=(),
)


def test_what_fits_is_taken() -> None:
    check_record(KEEPER, RECORD)
    went = (Attendance("Amélie Renard", KEEPER),)
    check_record(KEEPER, replace(RECORD, kind=MeetingKind.representation, attendances=went))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ends_at": RECORD.starts_at}, "ends before it starts"),
        ({"partner_ids": (KEEPER,)}, "without being named"),
        ({"partner_ids": (TOWN, TOWN)}, "each once"),
        ({"kind": MeetingKind.representation}, "who goes, and for whom"),
    ],
)
def test_what_does_not_fit_says_what_to_change(change: dict[str, Any], told: str) -> None:
    with pytest.raises(UnfitMeeting, match=told):
        check_record(KEEPER, replace(RECORD, **change))


@pytest.mark.parametrize(
    ("due_on", "at"),
    [
        (date(2026, 11, 25), datetime(2026, 11, 25, 7, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 7, 1, 6, tzinfo=UTC)),
    ],
)
def test_the_reminder_comes_at_eight_where_the_association_is(due_on: date, at: datetime) -> None:
    assert reminder_at(due_on, "Europe/Brussels") == at


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Rosa Zylberman", "—"),
        ("rosa  ZYLBERMAN prévient la commune.", "— prévient la commune."),
        ("Rosa\nZylberman, Ada", "—, Ada"),
        ("Rosanna Zylbermann reste", "Rosanna Zylbermann reste"),
        ("Rosa reste", "Rosa reste"),
        ("", ""),
    ],
)
def test_a_full_name_goes_and_others_stay(written: str, left: str) -> None:
    assert without_names(written, {"Rosa Zylberman"}) == left


def test_a_name_of_one_word_goes_only_where_it_stands_alone() -> None:
    assert without_names("Rosa", {"rosa"}) == "—"
    assert without_names("Rosa apporte les roses", {"rosa"}) == "Rosa apporte les roses"

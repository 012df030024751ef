"""Opening hours as people write them, papers that are good no more, closures to come."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.inventory.domain import expired, fields_of, opening_hours_of, text_of_hours, to_come
from tests.portal import answers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("8:30-12:00", [("08:30", "12:00")]),
        ("8:30-12:00, 13:30 – 24:00", [("08:30", "12:00"), ("13:30", "24:00")]),
        ("8h30-12h00; 14.00-15.00", [("08:30", "12:00"), ("14:00", "15:00")]),
        ("8-12", None),
        ("12:00-8:30", None),
        ("8:60-12:00", None),
        ("8:30-24:01", None),
        ("closed", None),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, expected: list[tuple[str, str]] | None) -> None:
    found = opening_hours_of(text, 2)
    assert (None if found is None else [(one["opens"], one["closes"]) for one in found]) == expected
    assert found is None or all(one["weekday"] == 2 for one in found)


def test_what_is_shown_in_the_form_is_read_again() -> None:
    hours = [{"weekday": 0, "opens": "13:30", "closes": "18:00"}, {"weekday": 0, "opens": "08:30", "closes": "12:00"}]
    text = text_of_hours(hours, 0)
    assert text == "08:30-12:00, 13:30-18:00"
    assert opening_hours_of(text, 0) == [hours[1], hours[0]]
    values = fields_of(answers.resource(opening_hours=hours, price_per_hour_minor=1_505, pooled=False))
    assert (values["hours-0"], values["price"], values["quota_period"]) == (text, "15.05", "month")
    assert "pooled" not in values


def test_only_the_newest_paper_of_a_kind_counts() -> None:
    def paper(name: str, kind: str, expires_on: str) -> dict[str, Any]:
        return {"id": name, "kind": kind, "expires_on": expires_on}

    papers = [paper("old", "fire_inspection", "2025-01-01"), paper("new", "fire_inspection", "2027-01-01")]
    assert expired(papers, date(2026, 1, 1)) == set()
    assert expired([*papers, paper("lift", "lift_inspection", "2025-12-31")], date(2026, 1, 1)) == {"lift"}
    assert expired([paper("lift", "lift_inspection", "2026-01-01")], date(2026, 1, 1)) == set(), "its last day"


def test_closures_that_are_over_are_not_shown() -> None:
    times = (("b", "2026-02-01"), ("a", "2026-01-02"), ("gone", "2025-12-01"))
    closures = [{"id": n, "starts_at": f"{d}T08:00:00Z", "ends_at": f"{d}T09:00:00Z"} for n, d in times]
    assert [one["id"] for one in to_come(closures, datetime(2026, 1, 1, tzinfo=UTC))] == ["a", "b"]

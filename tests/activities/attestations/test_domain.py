"""What an attestation says."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from activities.attestations.domain import Attended, Facts, NothingToAttest, check_attended, compose, facts_of

TEXTS: dict[str, Any] = {
    "date": "%d/%m/%Y", "decimal_separator": ",", "title": "Attestation", "born": " ({day})",
    "said": "{association}: {name}{born}, {days} in {year}", "day": "Day", "activity": "Activity", "price": "Price",
    "total": "= {sum}", "note": "Note", "foot": "{made_on} {reference}",
}  # fmt: skip
FACTS = Facts(
    "Le Tremplin",
    "Yanis Haddad",
    date(2017, 5, 1),
    2026,
    [
        Attended("Théâtre", date(2026, 3, 4), 250, "EUR"),
        Attended("Cirque", date(2026, 3, 4), 500, "EUR"),
        Attended("Cirque", date(2026, 1, 7), 5, "EUR"),
    ],
    date(2026, 11, 23),
    "0190",
)


def test_each_time_has_a_row_and_each_day_counts_once() -> None:
    sheet = compose("fr", TEXTS, FACTS)
    assert sheet.said == "Le Tremplin: Yanis Haddad (01/05/2017), 2 in 2026"
    assert sheet.rows == (
        ("07/01/2026", "Cirque", "0,05\u00a0EUR"),
        ("04/03/2026", "Cirque", "5,00\u00a0EUR"),
        ("04/03/2026", "Théâtre", "2,50\u00a0EUR"),
    )
    assert sheet.totals == ("= 7,55\u00a0EUR",)
    assert sheet.foot == "23/11/2026 0190"


def test_what_is_frozen_is_read_again_as_it_was() -> None:
    assert facts_of(json.loads(json.dumps(FACTS.frozen()))) == FACTS


def test_a_birth_date_that_is_not_known_is_not_told() -> None:
    sheet = compose("fr", TEXTS, facts_of({**FACTS.frozen(), "born_on": None}))
    assert sheet.said == "Le Tremplin: Yanis Haddad, 2 in 2026"


def test_without_a_day_there_is_nothing_to_attest() -> None:
    check_attended(FACTS.attended)
    with pytest.raises(NothingToAttest):
        check_attended([])

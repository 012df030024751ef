"""Ages and one-time codes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.participants.domain import (
    BornInTheFuture,
    age_on,
    check_born,
    code_expires_at,
    digest_of,
    entered_code,
    paper_code,
)

LEAP_DAY = date(2016, 2, 29)


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2017, 5, 1), date(2026, 4, 30), 8),
        (date(2017, 5, 1), date(2026, 5, 1), 9),
        (date(2017, 5, 1), date(2017, 5, 1), 0),
        (LEAP_DAY, date(2026, 2, 28), 9),
        (LEAP_DAY, date(2026, 3, 1), 10),
        (LEAP_DAY, date(2028, 2, 28), 11),
        (LEAP_DAY, date(2028, 2, 29), 12),
        (date(2016, 12, 31), date(2026, 1, 1), 9),
    ],
)
def test_age_in_whole_years(born_on: date, day: date, age: int) -> None:
    assert age_on(born_on, day) == age


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 40_000), st.integers(0, 400))
def test_nobody_grows_younger(born_on: date, days: int, later: int) -> None:
    day = born_on + timedelta(days=days)
    assert 0 <= age_on(born_on, day) <= age_on(born_on, day + timedelta(days=later)) <= (days + later) / 365


def test_birth_lies_in_the_past() -> None:
    today = date(2026, 10, 1)
    check_born(None, today)
    check_born(today, today)
    with pytest.raises(BornInTheFuture):
        check_born(today + timedelta(days=1), today)


def test_a_code_is_known_by_its_digest_however_it_is_pasted() -> None:
    assert digest_of(" a-code-of-the-mail \n") == digest_of("a-code-of-the-mail")
    assert digest_of("a-code-of-the-mail") != digest_of("A-code-of-the-mail")


def test_a_code_works_for_a_month() -> None:
    now = datetime(2026, 10, 1, tzinfo=UTC)
    assert code_expires_at(now) == datetime(2026, 10, 31, tzinfo=UTC)


def test_a_code_on_paper_is_read_however_it_is_written() -> None:
    code = paper_code("K7QXM2RT9WPA4HDS")
    assert code == "K7QX-M2RT-9WPA-4HDS"
    for written in (code, code.lower(), " K7QXM2RT9WPA4HDS ", "k7qx-m2rt9wpa-4hds"):
        assert entered_code(written) == code
    for sent in ("yJ3kQ_x7-aBcDeFgHiJkLmNo", "K7QX-M2RT-9WPA-4HD0", "K7QX-M2RT"):
        assert entered_code(sent) == sent

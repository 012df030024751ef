"""When an incident belongs to a session, and whom it may name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from activities.incidents.domain import NotOfThisSession, NotOnTheList, check_concerned, check_happened

STARTS_AT = datetime(2026, 11, 23, 14, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("hours", [-24, 0, 5])
def test_it_happened_at_the_session_or_around_it(hours: int) -> None:
    check_happened(STARTS_AT + timedelta(hours=hours), STARTS_AT, STARTS_AT + timedelta(hours=5))


@pytest.mark.parametrize("hours", [-25, 6])
def test_it_did_not_happen_long_before_or_later_than_now(hours: int) -> None:
    with pytest.raises(NotOfThisSession):
        check_happened(STARTS_AT + timedelta(hours=hours), STARTS_AT, STARTS_AT + timedelta(hours=5))


def test_who_is_named_is_on_the_list() -> None:
    check_concerned({ONE}, [ONE, OTHER])
    with pytest.raises(NotOnTheList):
        check_concerned({ONE, OTHER}, [ONE])

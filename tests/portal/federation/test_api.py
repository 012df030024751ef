"""Associations side by side, for the office of the federation."""

from __future__ import annotations

from datetime import date

import pytest

from portal.federation.domain import Period, period_of
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

FIGURES = [
    {"organisation_id": answers.HOUSE, "sessions": 4, "cancelled": 1, "capacity": 40, "booked": 30, "marked": 20,
     "present": 15},
    {"organisation_id": answers.HOME, "sessions": 1, "cancelled": 0, "capacity": 10, "booked": None, "marked": None,
     "present": None},
]  # fmt: skip


@pytest.fixture
def office(portal: Portal, neighbours: Neighbours) -> None:
    membership = {"organisation_id": answers.FEDERATION, "role": "federation_admin", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    neighbours.answers["GET /evaluation/associations"] = FIGURES  # type: ignore[assignment]
    portal.sign_in()


@pytest.mark.usefixtures("office")
async def test_small_groups_are_named_as_such(portal: Portal) -> None:
    text = (await portal.get("/federation?period=past")).text
    assert "Most booked: Le Tremplin, 75% of its places." in text
    assert "fewer than five people" in text
    assert "15 (75%)" in text


@pytest.mark.usefixtures("office")
async def test_the_figures_can_be_kept(portal: Portal) -> None:
    text = (await portal.get("/federation.csv")).content.decode("utf-8-sig")
    assert "Le Tremplin;4;1;40;30;20;15" in text
    assert "Les Tilleuls;1;0;10;;;" in text


@pytest.mark.usefixtures("office")
async def test_the_page_stands_while_activities_is_away(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.away.add("activities")
    answer = await portal.get("/federation")
    assert (answer.status_code, "cannot be shown just now" in answer.text) == (200, True)


async def test_it_is_for_the_office(portal: Portal) -> None:
    assert (await portal.get("/federation")).status_code == 303
    portal.sign_in()
    assert (await portal.get("/federation")).status_code == 403


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("past", date(2026, 8, 30), date(2026, 11, 21)),
        ("now", date(2026, 11, 1), date(2026, 11, 30)),
        ("ahead", date(2026, 11, 22), date(2027, 2, 14)),
    ],
)
def test_periods(name: str, first: date, last: date) -> None:
    assert period_of(name, date(2026, 11, 22)) == Period(first, last)

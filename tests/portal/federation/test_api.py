"""Associations side by side, for the office of the federation."""

from __future__ import annotations

from datetime import date

import httpx
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


COVERAGE = [{"organisation_id": answers.HOUSE, "supervised": 8, "short": 2}]
MONEY = [
    {"organisation_id": answers.HOME, "currency": "EUR", "planned_income_minor": 240_000, "promised_minor": 1_000,
     "earned_minor": 90_000, "planned_expense_minor": 200_000, "spent_minor": 70_000},
]  # fmt: skip


RESERVED = [
    {"owner_id": answers.HOUSE, "lodger_id": answers.HOME, "reservations": 3, "minutes": 390, "price_minor": 4_500,
     "currency": "EUR"},
]  # fmt: skip
LENT = [
    {"lender_id": answers.HOUSE, "host_id": answers.HOME, "people": None, "minutes": None},
    {"lender_id": answers.HOME, "host_id": answers.HOUSE, "people": 6, "minutes": 1_200},
]  # fmt: skip


def figures(request: httpx.Request) -> httpx.Response:
    """What each service tells of the associations."""
    service = request.url.host.partition(".")[0]
    return httpx.Response(200, json={"activities": FIGURES, "staffing": COVERAGE, "finance": MONEY}[service])


def lending(request: httpx.Request) -> httpx.Response:
    """What each service tells of what they lend each other."""
    service = request.url.host.partition(".")[0]
    return httpx.Response(200, json={"partners": RESERVED, "staffing": LENT}[service])


@pytest.fixture
def office(portal: Portal, neighbours: Neighbours) -> None:
    membership = {"organisation_id": answers.FEDERATION, "role": "federation_admin", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    neighbours.answers["GET /evaluation/associations"] = figures
    neighbours.answers["GET /evaluation/lending"] = lending
    portal.sign_in()


@pytest.mark.usefixtures("office")
async def test_small_groups_are_named_as_such(portal: Portal) -> None:
    text = (await portal.get("/federation?period=past")).text
    assert "Most booked: Le Tremplin, 75% of its places." in text
    assert "fewer than five people" in text
    assert "15 (75%)" in text


@pytest.mark.usefixtures("office")
async def test_the_map_leads_to_each_association(portal: Portal, neighbours: Neighbours) -> None:
    assert "Map of the associations" not in (await portal.get("/federation")).text
    federation, house, home, hall = answers.DIRECTORY
    neighbours.answers["GET /organisations"] = answers.page(
        federation, {**house, "latitude": 50.4674, "longitude": 4.8718}, home, hall
    )
    portal.app.state.reception.services.outdate("directory")
    text = (await portal.get("/federation")).text
    drawing = text.partition('<svg viewBox="0 0 360')[2].partition("</svg>")[0]
    assert '<a href="/o/tremplin" aria-label="Le Tremplin: 40 places">' in drawing
    assert "Tilleuls" not in drawing
    assert 'href="/manage/tilleuls/profile">Les Tilleuls</a>' in text


@pytest.mark.usefixtures("office")
async def test_the_figures_can_be_kept(portal: Portal) -> None:
    text = (await portal.get("/federation.csv")).content.decode("utf-8-sig")
    assert "Le Tremplin;4;1;40;30;20;15" in text
    assert "Les Tilleuls;1;0;10;;;" in text


@pytest.mark.usefixtures("office")
async def test_supervision_and_budgets_stand_beside_it(portal: Portal) -> None:
    text = " ".join((await portal.get("/federation?period=past")).text.split())
    assert "75%</td>" in text
    assert "€2,400.00" in text
    assert "€700.00" in text


@pytest.mark.usefixtures("office")
async def test_what_was_lent_is_told_without_few_people(portal: Portal) -> None:
    text = " ".join((await portal.get("/federation?period=past")).text.split())
    lent = text.partition('id="lending"')[2].partition("</section>")[0]
    assert "6.5</td>" in lent
    assert "€45.00" in lent
    assert "&lt; 5</td>" in lent
    assert "20</td>" in lent
    written = (await portal.get("/federation/lending.csv?period=past")).content.decode("utf-8-sig")
    assert "Le Tremplin;Les Tilleuls;3;6.5;45.0;EUR;;" in written
    assert "Les Tilleuls;Le Tremplin;0;0;0.0;;6;20.0" in written


@pytest.mark.usefixtures("office")
async def test_when_nothing_was_lent_the_page_says_so(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers["GET /evaluation/lending"] = []
    assert "No association lent another anything" in (await portal.get("/federation")).text


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("service", ["staffing", "finance"])
async def test_each_part_stands_without_the_others(portal: Portal, neighbours: Neighbours, service: str) -> None:
    neighbours.away.add(service)
    text = (await portal.get("/federation")).text
    assert "Most booked: Le Tremplin" in text
    assert "cannot be shown just now" in text


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

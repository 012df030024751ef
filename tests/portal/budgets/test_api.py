"""From a budget down to the booking behind a cent."""

from __future__ import annotations

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

BOOKING = f"/manage/tremplin/budgets/bookings/{answers.BOOKING}"


def member(neighbours: Neighbours, role: str) -> None:
    membership = {"organisation_id": answers.HOUSE, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)


async def test_a_treasurer_sees_what_a_booking_brought_and_no_names(portal: Portal, neighbours: Neighbours) -> None:
    member(neighbours, "treasurer")
    given_back = answers.charge(id=answers.LINA, participant_id=answers.LINA, amount_minor=0)
    neighbours.answers["GET /charges"] = answers.page(answers.charge(), given_back)
    portal.sign_in()
    budget = (await portal.get(f"/manage/tremplin/budgets/{answers.BUDGET}")).text
    assert f'href="{BOOKING}"' in budget
    text = (await portal.get(BOOKING)).text
    assert "€12.00" in text
    assert "Given back" in text
    assert "Yanis" not in text
    assert f'href="/bookings/{answers.BOOKING}"' not in text


async def test_who_runs_sessions_goes_on_to_the_booking(portal: Portal, neighbours: Neighbours) -> None:
    member(neighbours, "coordinator")
    portal.sign_in()
    assert f'href="/bookings/{answers.BOOKING}"' in (await portal.get(BOOKING)).text


async def test_what_another_association_is_owed_is_not_shown(portal: Portal, neighbours: Neighbours) -> None:
    member(neighbours, "treasurer")
    neighbours.answers["GET /charges"] = answers.page(answers.charge(organisation_id=answers.HOME))
    portal.sign_in()
    assert (await portal.get(BOOKING)).status_code == 404

"""From a budget down to the booking behind a cent, and what those who keep the books write in it."""

from __future__ import annotations

import re

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

BASE = "/manage/tremplin/budgets"
BUDGET = f"{BASE}/{answers.BUDGET}"
SPENDING = {"label": "Balles", "amount": "12,50", "spent_on": "2026-01-20", "key": "a-key-of-the-page"}
REVERSAL = f"{BUDGET}/spendings/{answers.BOOKING}/reversal"
LINES = {"kind-0": "income", "label-0": "Participation", "amount-0": "24", "kind-1": "expense", "label-1": "Balles",
         "amount-1": "10.00", "kind-2": "income", "label-2": "", "amount-2": ""}  # fmt: skip
PLANNED = [
    {"kind": "income", "label": "Participation", "planned_minor": 2400},
    {"kind": "expense", "label": "Balles", "planned_minor": 1000},
]
NEW = {**LINES, "activity": answers.ACTIVITY, "year": "2090", "key": "a-key-of-the-page"}
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


@pytest.fixture
def treasurer(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    member(neighbours, "treasurer")
    return portal.sign_in()


def refusing(status: int, slug: str) -> httpx.Response:
    return httpx.Response(status, json={"type": f"/problems/{slug}", "title": slug, "status": status})


async def test_a_treasurer_writes_down_what_was_spent(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession
) -> None:
    neighbours.answers[f"POST /budgets/{answers.BUDGET}/spendings"] = answers.spending()
    sent = await portal.post(f"{BUDGET}/spendings", treasurer, **SPENDING)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{BUDGET}#spent")
    assert neighbours.bodies("POST", "/spendings") == [
        {"amount_minor": 1250, "label": "Balles", "spent_on": "2026-01-20"}
    ]
    assert neighbours.asked[-1].headers["Idempotency-Key"] == "a-key-of-the-page"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"amount": "0"}, "Enter an amount such as 12.50."),
        ({"amount": ""}, "Enter an amount such as 12.50."),
        ({"label": ""}, "Fill this in."),
        ({"spent_on": "2999-01-01"}, "This day has not come yet."),
    ],
)
async def test_a_spending_that_makes_no_sense_is_told_beside_its_field(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession, change: dict[str, str], says: str
) -> None:
    refused = await portal.post(f"{BUDGET}/spendings", treasurer, **{**SPENDING, **change})
    assert (refused.status_code, says in refused.text, 'aria-invalid="true"' in refused.text) == (422, True, True)
    assert neighbours.bodies("POST", "/spendings") == []


async def test_a_spending_is_taken_back_with_a_reason(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession
) -> None:
    refused = await portal.post(REVERSAL, treasurer, **{f"reason-{answers.BOOKING}": "", "key": "a-key-of-the-page"})
    assert (refused.status_code, "<details open>" in refused.text) == (422, True)
    neighbours.answers[f"POST /budgets/{answers.BUDGET}/spendings/{answers.BOOKING}/reversal"] = answers.spending()
    form = {f"reason-{answers.BOOKING}": "Rendu", "key": "a-key-of-the-page"}
    assert (await portal.post(REVERSAL, treasurer, **form)).status_code == 303
    assert neighbours.bodies("POST", "/reversal") == [{"reason": "Rendu"}]


async def test_what_was_taken_back_says_so_and_is_not_taken_back_again(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession
) -> None:
    back = answers.spending(reversal_entry_id=answers.LINA)
    neighbours.answers[f"GET /budgets/{answers.BUDGET}/spendings"] = answers.page(back)
    text = (await portal.get(BUDGET)).text
    assert ("Taken back" in text, "Take it back" in text) == (True, False)
    neighbours.answers[f"POST /budgets/{answers.BUDGET}/spendings/{answers.BOOKING}/reversal"] = lambda _: refusing(
        409, "spending-is-reversed"
    )
    form = {f"reason-{answers.BOOKING}": "Encore", "key": "a-key-of-the-page"}
    refused = await portal.post(REVERSAL, treasurer, **form)
    assert (refused.status_code, "This was taken back before." in refused.text) == (409, True)


async def test_every_form_of_a_budget_is_sent_once_by_its_own_key(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession
) -> None:
    both = answers.page(answers.spending(), answers.spending(id=answers.LINA))
    neighbours.answers[f"GET /budgets/{answers.BUDGET}/spendings"] = both
    keys = re.findall('name="key" value="([^"]+)"', (await portal.get(BUDGET)).text)
    assert (len(keys), len(set(keys))) == (3, 3)


async def test_what_was_spent_goes_into_a_file(portal: Portal, treasurer: BrowserSession) -> None:
    answer = await portal.get(f"{BUDGET}/spendings.csv")
    assert "Balles" in answer.content.decode("utf-8-sig")


async def test_the_plan_is_changed_on_the_version_that_was_read(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession
) -> None:
    assert 'value="24.00"' in (await portal.get(f"{BUDGET}/plan")).text
    neighbours.answers[f"PATCH /budgets/{answers.BUDGET}"] = answers.budget(version=2)
    form = {**LINES, "title": "Cirque d'hiver", "version": "1"}
    sent = await portal.post(f"{BUDGET}/plan", treasurer, **form)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{BUDGET}#plan")
    assert neighbours.bodies("PATCH", answers.BUDGET) == [{"activity_title": "Cirque d'hiver", "lines": PLANNED}]
    assert neighbours.asked[-1].headers["If-Match"] == '"1"'


async def test_a_plan_that_somebody_changed_meanwhile_is_not_overwritten_unseen(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession
) -> None:
    neighbours.answers[f"PATCH /budgets/{answers.BUDGET}"] = lambda _: refusing(412, "changed-meanwhile")
    neighbours.answers[f"GET /budgets/{answers.BUDGET}"] = answers.budget(version=7)
    refused = await portal.post(f"{BUDGET}/plan", treasurer, **LINES, title="Cirque", version="1")
    assert refused.status_code == 412
    assert "Somebody else changed this meanwhile." in refused.text
    assert ('value="Participation"' in refused.text, 'value="7"' in refused.text) == (True, True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"label-0": ""}, "Fill this in."),
        ({"amount-0": ""}, "Enter an amount such as 12.50."),
        ({"kind-0": "gift"}, "Choose one."),
        ({"year": "1999"}, "Enter a whole number from 2000 to 2100."),
        ({"activity": answers.HALL}, "Choose one."),
    ],
)
async def test_a_plan_that_makes_no_sense_is_told_beside_its_field(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession, change: dict[str, str], says: str
) -> None:
    refused = await portal.post(BASE, treasurer, **{**NEW, **change})
    assert (refused.status_code, says in refused.text) == (422, True)
    assert neighbours.bodies("POST", "/budgets") == []


async def test_an_activity_gets_a_budget_for_a_year_once(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession
) -> None:
    neighbours.answers["POST /budgets"] = answers.budget()
    sent = await portal.post(BASE, treasurer, **NEW)
    assert (sent.status_code, sent.headers["location"]) == (303, BUDGET)
    (body,) = neighbours.bodies("POST", "/budgets")
    assert (body["activity_title"], body["currency"], body["lines"]) == ("Cirque", "EUR", PLANNED)
    neighbours.answers["POST /budgets"] = lambda _: refusing(409, "budget-exists")
    refused = await portal.post(BASE, treasurer, **NEW)
    assert (refused.status_code, "This activity has a budget for that year." in refused.text) == (409, True)


async def test_a_coordinator_reads_the_books_and_writes_nothing(portal: Portal, neighbours: Neighbours) -> None:
    member(neighbours, "coordinator")
    coordinator = portal.sign_in()
    text = (await portal.get(BUDGET)).text
    assert ("Balles" in text, "Write it down" in text, "Take back" in text) == (True, False, False)
    assert "Plan a budget" not in (await portal.get(BASE)).text
    assert (await portal.get(f"{BUDGET}/plan")).status_code == 403
    for path, form in ((f"{BUDGET}/spendings", SPENDING), (BASE, NEW), (f"{BUDGET}/plan", LINES), (REVERSAL, {})):
        assert (await portal.post(path, coordinator, **form)).status_code == 403
    assert [one for one in neighbours.asked if one.method != "GET"] == []


async def test_the_budget_of_another_association_is_neither_shown_nor_written_in(
    portal: Portal, neighbours: Neighbours, treasurer: BrowserSession
) -> None:
    neighbours.answers[f"GET /budgets/{answers.BUDGET}"] = answers.budget(organisation_id=answers.HOME)
    assert (await portal.get(BUDGET)).status_code == 404
    assert (await portal.post(f"{BUDGET}/spendings", treasurer, **SPENDING)).status_code == 404

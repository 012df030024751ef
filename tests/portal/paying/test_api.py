"""What a household has to pay, and the code for its bank app."""

from __future__ import annotations

from portal.payment_codes import draw_payment_code
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

CODE = f"/household/payments/{answers.DUE}/code.svg"


async def test_the_page_says_how_to_pay(portal: Portal) -> None:
    portal.sign_in()
    text = (await portal.get("/household")).text
    assert "BE89 0068 2003 0085" in text
    assert "+++100/0001/00165+++" in text
    assert f'src="{CODE}"' in text


async def test_the_code_is_for_the_household_alone(portal: Portal) -> None:
    assert (await portal.get(CODE)).status_code == 303
    portal.sign_in()
    answer = await portal.get(CODE)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content == draw_payment_code("Le Tremplin", "BE89006820030085", 1200, "+++100/0001/00165+++")


async def test_who_has_no_account_is_paid_on_the_spot(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers[f"GET /organisations/{answers.HOUSE}"] = {"address": "", "accessibility": "", "iban": ""}
    portal.sign_in()
    assert "Pay on the spot" in (await portal.get("/household")).text
    assert (await portal.get(CODE)).status_code == 404


async def test_nothing_owed_is_no_bill(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers["GET /dues"] = answers.page(answers.due(amounts={"EUR": 0}))
    portal.sign_in()
    assert (await portal.get(CODE)).status_code == 404

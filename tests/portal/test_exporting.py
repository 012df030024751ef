"""Lists as files: nothing that people wrote becomes a formula."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from portal.exporting import csv_file, xlsx_file
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

EVIL = '=HYPERLINK("https://evil.example","click")'
MANAGE = "/manage/tremplin"


@pytest.fixture(autouse=True)
def director(portal: Portal, neighbours: Neighbours) -> None:
    membership = {"organisation_id": answers.HOUSE, "role": "director", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    listed = [answers.entry(given_name=EVIL, mark="present"), answers.entry(answers.LINA, "waiting")]
    neighbours.answers[f"GET /sessions/{answers.SESSION}/roster"] = listed
    portal.sign_in()


async def test_a_list_is_a_workbook_whose_texts_stay_texts(portal: Portal) -> None:
    answer = await portal.get(f"{MANAGE}/sessions/{answers.SESSION}/list.xlsx")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [(cell.value, cell.data_type) for row in sheet.iter_rows(min_row=2, max_col=4) for cell in row]
    assert (EVIL, "s") in cells
    assert not any(kind == "f" for _, kind in cells)
    assert sheet.max_row == 3


async def test_a_list_is_a_file_that_spreadsheets_open(portal: Portal) -> None:
    answer = await portal.get(f"{MANAGE}/sessions/{answers.SESSION}/list.csv", headers={"Accept-Language": "fr"})
    text = answer.content.decode("utf-8-sig")
    assert text.startswith("Nom de famille;Prénom;")
    assert f'"\'{EVIL.replace(chr(34), chr(34) * 2)}"' in text


@pytest.mark.parametrize(
    "path", [f"{MANAGE}/budgets", f"{MANAGE}/budgets/{answers.BUDGET}/charges", f"{MANAGE}/settlements"]
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_every_list_of_money_can_be_kept(portal: Portal, path: str, kind: str) -> None:
    answer = await portal.get(f"{path}.{kind}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")


def test_numbers_stay_numbers() -> None:
    content = xlsx_file("list", ["Amount"], [(-12.5,)])
    assert load_workbook(io.BytesIO(content)).worksheets[0]["A2"].value == -12.5
    assert csv_file(["Amount"], [(-12.5,)]).endswith(b"-12.5\r\n")

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
    ("path", "row"),
    [
        ("budgets", ""), (f"budgets/{answers.BUDGET}/charges", ""), ("settlements", ""), ("people", "Noah;Salarié;"),
        ("hours", ""), ("members", ""), ("resources", "Grande salle;Local;"), ("calendar?week=2090-11-20", ""),
        ("rota?week=2090-11-20", ";Atelier cirque;Animation;2;1;Noah"), ("agreements", ""),
    ],
)  # fmt: skip
async def test_every_list_can_be_kept_in_the_readers_words(portal: Portal, path: str, row: str) -> None:
    name, _, query = path.partition("?")
    for kind in ("csv", "xlsx"):
        answer = await portal.get(f"{MANAGE}/{name}.{kind}?{query}", headers={"Accept-Language": "fr"})
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment")
        if kind == "csv":
            assert row in answer.content.decode("utf-8-sig")


def test_numbers_stay_numbers() -> None:
    content = xlsx_file("list", ["Amount"], [(-12.5,)])
    assert load_workbook(io.BytesIO(content)).worksheets[0]["A2"].value == -12.5
    assert csv_file(["Amount"], [(-12.5,)]).endswith(b"-12.5\r\n")

"""Lists as files: CSV that every spreadsheet opens, and XLSX. What people wrote is never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Literal

from fastapi import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Kind = Literal["csv", "xlsx"]
Value = str | int | float | date | datetime | time | None
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def send_list(kind: Kind, name: str, headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> Response:
    """A file to keep, named after what is in it."""
    content = csv_file(headings, rows) if kind == "csv" else xlsx_file(name, headings, rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(content, media_type=TYPES[kind], headers=headers)


def csv_file(headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """Semicolons and a byte order mark, as spreadsheets here expect; a text that looks like a formula is quoted."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _plain(value: Value) -> str | int | float:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date | time) else "" if value is None else value


def xlsx_file(title: str, headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """One sheet with its headings held in place."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title[:31])
    sheet.freeze_panes = "A2"

    def cell(value: Value, font: Font | None = None) -> Any:
        plain: Any = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        made = WriteOnlyCell(sheet, plain)
        if isinstance(value, str):
            made.data_type = "s"
        if font is not None:
            made.font = font
        return made

    sheet.append([cell(heading, Font(bold=True)) for heading in headings])
    for row in rows:
        sheet.append([cell(value) for value in row])
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()

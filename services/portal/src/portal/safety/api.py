"""The safety of an activity: what may happen to people, what is done about it, what is looked at before a session."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from portal.asking import Refused
from portal.entries import Entries
from portal.home_clock import home_today
from portal.pages import go, show
from portal.planning.queries import get_planner_post
from portal.programmes.queries import get_own_activity
from portal.safety import queries, use_cases
from portal.safety.domain import LINES_MAX, SCALE, lines_of, values_of_checklist, values_of_sheet
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
PATH = "/manage/{slug}/activities/{activity_id}/safety"
MEASURE_CHARACTERS_MAX = 4_000


@router.get(PATH)
async def show_safety(slug: str, activity_id: UUID, visitor: Visit) -> HTMLResponse:
    """Risk sheet and checklist, to read and to write."""
    return await _show(visitor, slug, str(activity_id), None, None)


@router.post(f"{PATH}/risk-sheet")
async def write_risk_sheet(slug: str, activity_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Replace the risk sheet."""
    await get_planner_post(visitor, slug)
    entries = Entries(form)
    risks, reviewed_on = _read_risks(entries), entries.day("reviewed_on")
    version = entries.number("sheet-version", 0, 999_999_999)
    if entries.errors or reviewed_on is None or version is None:
        return await _show(visitor, slug, str(activity_id), entries, None)
    try:
        await use_cases.write_risk_sheet(visitor, str(activity_id), reviewed_on, risks, version)
    except Refused as problem:
        return await _show(visitor, slug, str(activity_id), entries, problem)
    return go(f"/manage/{slug}/activities/{activity_id}/safety")


@router.post(f"{PATH}/checklist")
async def write_checklist(slug: str, activity_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Replace the checklist."""
    await get_planner_post(visitor, slug)
    entries = Entries(form)
    items, version = _read_items(entries), entries.number("checklist-version", 0, 999_999_999)
    if entries.errors or version is None:
        return await _show(visitor, slug, str(activity_id), entries, None)
    try:
        await use_cases.write_checklist(visitor, str(activity_id), items, version)
    except Refused as problem:
        return await _show(visitor, slug, str(activity_id), entries, problem)
    return go(f"/manage/{slug}/activities/{activity_id}/safety")


def _read_risks(entries: Entries) -> list[dict[str, object]]:
    """The lines that name a hazard; a line without one is left out."""
    return [
        {
            "hazard": entries.text(f"hazard-{number}"),
            "exposed": entries.text(f"exposed-{number}"),
            "likelihood": entries.number(f"likelihood-{number}", 1, len(SCALE)),
            "severity": entries.number(f"severity-{number}", 1, len(SCALE)),
            "measure": entries.text(f"measure-{number}", characters_max=MEASURE_CHARACTERS_MAX),
            "responsible": entries.text(f"responsible-{number}"),
        }
        for number in range(LINES_MAX)
        if entries.form.get(f"hazard-{number}").strip()
    ]


def _read_items(entries: Entries) -> list[dict[str, object]]:
    """The lines that name a task, in order; one that was emptied is removed."""
    return [
        {
            "id": entries.form.get(f"id-{number}") or None,
            "task": entries.text(f"task-{number}"),
            "is_required": entries.form.get(f"required-{number}") == "on",
        }
        for number in range(LINES_MAX)
        if entries.form.get(f"task-{number}").strip()
    ]


async def _show(
    visitor: Visitor, slug: str, activity_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    activity = await get_own_activity(visitor, post, activity_id)
    sheet, checklist = await asyncio.gather(
        queries.get_risk_sheet(visitor, activity_id), queries.get_checklist(visitor, activity_id)
    )
    today = home_today().isoformat()
    sent = dict(entries.form.fields) if entries else {}
    sheet_values = sent if "sheet-version" in sent else values_of_sheet(sheet, today)
    list_values = sent if "checklist-version" in sent else values_of_checklist(checklist)
    facts: dict[str, Any] = {
        "activity": activity,
        "sheet": sheet,
        "reviewed_on": date.fromisoformat(sheet["reviewed_on"]) if sheet["reviewed_on"] else None,
        "sheet_values": sheet_values,
        "risk_lines": lines_of(sheet_values, "hazard"),
        "checklist": checklist,
        "list_values": list_values,
        "item_lines": lines_of(list_values, "task"),
        "scale": SCALE,
        "today": today,
    }
    return await show(
        visitor,
        "safety/safety.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        errors=entries.errors if entries else {},
        problem=problem,
        **facts,
    )

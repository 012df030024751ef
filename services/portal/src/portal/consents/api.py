"""What our family consents to."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Refused, part
from portal.consents import use_cases
from portal.consents.queries import list_own_sheets
from portal.pages import go, show
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()


@router.get("/household/consents")
async def show_consents(visitor: Visit, request: Request) -> HTMLResponse:
    """Every question with the answer that holds."""
    return await _show(visitor, is_saved="saved" in request.query_params)


@router.post("/household/consents")
async def answer(visitor: Visit, form: SignedForm) -> Response:
    """Keep what is answered differently."""
    sheets = await list_own_sheets(visitor)
    key = form.get("key")
    try:
        await use_cases.answer(visitor, sheets, form.fields, key if is_id(key) else str(new_id()))
    except Refused as problem:
        return await _show(visitor, problem=problem)
    return go("/household/consents?saved")


async def _show(visitor: Visitor, *, is_saved: bool = False, problem: Refused | None = None) -> HTMLResponse:
    _ = visitor.person
    return await show(
        visitor,
        "consents/own.html",
        status=problem.status if problem else 200,
        sheets=await part(list_own_sheets(visitor), []),
        is_saved=is_saved,
        problem=problem,
        key=str(new_id()),
    )

"""Being erased: asked for one association after the other, and followed on a receipt that needs no account."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, Response

from portal.asking import Refused
from portal.directory.queries import get_directory
from portal.erasures import use_cases
from portal.erasures.queries import get_receipt, list_keepers
from portal.pages import go, show
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
Code = Annotated[str, Path(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/account/erasure")
async def show_keepers(visitor: Visit) -> HTMLResponse:
    """Which associations keep something, and what erasing it means."""
    return await _show_keepers(visitor)


@router.post("/account/erasure")
async def erase(visitor: Visit, form: SignedForm) -> Response:
    """Have what one association keeps erased, by somebody who has ticked that it cannot be undone."""
    organisation_id = form.get("organisation")
    if organisation_id not in {one.id for one in await list_keepers(visitor)}:
        raise Refused(404, "not-found", "This association keeps nothing", None)
    if form.get("understood") != "yes":
        return await _show_keepers(visitor, unticked=organisation_id)
    try:
        code = await use_cases.ask_for_own_erasure(visitor, organisation_id, secrets.token_hex(16))
    except Refused as problem:
        return await _show_keepers(visitor, problem=problem)
    return go(f"/erasures/{code}")


@router.get("/erasures/{code}")
async def show_receipt(code: Code, visitor: Visit) -> HTMLResponse:
    """How far an erasure has come, what is gone and what is kept."""
    receipt = await get_receipt(visitor, code)
    directory = await get_directory(visitor.asking)
    return await show(visitor, "erasures/receipt.html", receipt=receipt, directory=directory)


async def _show_keepers(visitor: Visitor, unticked: str = "", problem: Refused | None = None) -> HTMLResponse:
    _ = visitor.person
    status = problem.status if problem else 422 if unticked else 200
    keepers = await list_keepers(visitor)
    return await show(
        visitor, "erasures/keepers.html", status=status, keepers=keepers, unticked=unticked, problem=problem
    )

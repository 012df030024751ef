"""Helpers of other associations, as far as they let the federation know them."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from portal.asking import part
from portal.directory.queries import get_directory
from portal.pages import show
from portal.passports.queries import get_passport, list_passports
from portal.planning.queries import get_planner_post
from portal.visits import Visit

router = APIRouter()
BASE = "/manage/{slug}/passports"


@router.get(BASE)
async def show_passports(slug: str, visitor: Visit) -> HTMLResponse:
    """Who of other associations may be known here."""
    post = await get_planner_post(visitor, slug)
    return await show(
        visitor,
        "passports/passports.html",
        association=post.organisation,
        passports=await part(list_passports(visitor), []),
        directory=await get_directory(visitor.asking),
    )


@router.get(f"{BASE}/{{person_id}}")
async def show_passport(slug: str, person_id: UUID, visitor: Visit) -> HTMLResponse:
    """The papers, the usual week and the hours of one of them."""
    post = await get_planner_post(visitor, slug)
    return await show(
        visitor,
        "passports/passport.html",
        association=post.organisation,
        passport=await get_passport(visitor, str(person_id)),
        directory=await get_directory(visitor.asking),
    )

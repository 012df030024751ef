"""Settlements with other associations, per quarter."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from portal.asking import part
from portal.budgets.queries import get_reader_post
from portal.directory.queries import get_directory
from portal.exporting import Kind, send_list
from portal.home_clock import home_today
from portal.languages import translate
from portal.pages import show
from portal.settlements.domain import quarter_of, recent_quarters
from portal.settlements.queries import list_settled_bookings, list_settlements
from portal.visits import Visit

router = APIRouter()
Quarter = Annotated[str | None, Query(pattern="^[0-9]{4}Q[1-4]$")]


@router.get("/manage/{slug}/settlements")
async def show_settlements(slug: str, visitor: Visit, quarter: Quarter = None) -> HTMLResponse:
    """Who owes whom, with the bookings behind it."""
    post = await get_reader_post(visitor, slug)
    shown = quarter or quarter_of(home_today())
    settlements, bookings = await asyncio.gather(
        part(list_settlements(visitor, post, shown), []), part(list_settled_bookings(visitor, post, shown), [])
    )
    return await show(
        visitor,
        "settlements/settlements.html",
        association=post.organisation,
        settlements=settlements,
        bookings=bookings,
        quarter=shown,
        quarters=recent_quarters(home_today()),
        directory=await get_directory(visitor.asking),
    )


@router.get("/manage/{slug}/settlements.{kind}")
async def send_settled_bookings(slug: str, kind: Kind, visitor: Visit, quarter: Quarter = None) -> Response:
    """The bookings behind the settlements of a quarter as a file."""
    post = await get_reader_post(visitor, slug)
    shown = quarter or quarter_of(home_today())
    bookings, directory = await asyncio.gather(
        list_settled_bookings(visitor, post, shown), get_directory(visitor.asking)
    )
    headings = [
        translate("Session"), translate("Day"), translate("Owes"), translate("To"), translate("Amount"),
        translate("Currency"), translate("Booking"),
    ]  # fmt: skip
    rows = [
        (
            one.title, one.on, directory.name_of(one.debtor_id), directory.name_of(one.creditor_id),
            one.amount_minor / 100, one.currency, one.booking_id,
        )
        for one in bookings
    ]  # fmt: skip
    return send_list(kind, f"settlements-{shown}", headings, rows)

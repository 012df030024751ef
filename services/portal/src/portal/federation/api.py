"""The federation's office: all associations side by side, as bars, on a map and as a table."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from portal.asking import part
from portal.directory.queries import get_directory
from portal.exporting import Kind, send_list
from portal.federation.domain import HOME_ZONE, PERIODS, map_of, most_booked, period_of
from portal.federation.queries import get_own_federation, list_money, list_rows, list_supervisions
from portal.languages import translate
from portal.pages import show
from portal.visits import Visit

router = APIRouter()


@router.get("/federation")
async def show_federation(request: Request, visitor: Visit) -> HTMLResponse:
    """Offer, attendance, supervision and budgets of every association; small groups are left out."""
    federation = await get_own_federation(visitor)
    directory = await get_directory(visitor.asking)
    name = _period_name(request)
    period = period_of(name, now().astimezone(HOME_ZONE).date())
    year = period.last.year
    rows, supervisions, money = await asyncio.gather(
        part(list_rows(visitor, federation, period, directory), []),
        part(list_supervisions(visitor, federation, period, directory), []),
        part(list_money(visitor, federation, year, directory), []),
    )
    return await show(
        visitor,
        "federation/federation.html",
        own=federation,
        name=name,
        periods=PERIODS,
        period=period,
        rows=rows,
        map=map_of(rows.value),
        supervisions=supervisions,
        money=money,
        year=year,
        most_booked=most_booked(rows.value),
    )


@router.get("/federation.{kind}")
async def send_federation(kind: Kind, request: Request, visitor: Visit) -> Response:
    """The same as a file; what is left out stays empty."""
    federation = await get_own_federation(visitor)
    directory = await get_directory(visitor.asking)
    period = period_of(_period_name(request), now().astimezone(HOME_ZONE).date())
    headings = [
        translate("Association"), translate("Sessions"), translate("Called off"), translate("Places"),
        translate("Booked"), translate("On attendance lists"), translate("Present"),
    ]  # fmt: skip
    rows = [
        (row.association.name, row.sessions, row.cancelled, row.capacity, row.booked, row.marked, row.present)
        for row in await list_rows(visitor, federation, period, directory)
    ]
    return send_list(kind, f"associations-{period.first}-{period.last}", headings, rows)


def _period_name(request: Request) -> str:
    name = request.query_params.get("period", "")
    return name if name in PERIODS else "ahead"

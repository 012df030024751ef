"""For operators: how the platform runs."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from common.clock import now
from portal.home_zone import HOME_ZONE
from portal.operations.queries import check_operator, list_service_states
from portal.pages import show
from portal.visits import Visit

router = APIRouter()


@router.get("/operations")
async def show_operations(visitor: Visit) -> HTMLResponse:
    """Process states, lag, outbox, parked keys, mail."""
    await check_operator(visitor)
    return await show(
        visitor,
        "operations/operations.html",
        services=await list_service_states(visitor),
        looked_at=now().astimezone(HOME_ZONE),
    )

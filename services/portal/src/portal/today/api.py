"""Today: what a team has before it, and what needs somebody."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from common.clock import now
from portal.agenda.domain import days_of
from portal.asking import part
from portal.directory.queries import get_directory, get_post
from portal.holds.domain import lost_holds
from portal.holds.queries import list_lost
from portal.home_clock import home_today
from portal.messages.queries import list_messages_to_tell
from portal.pages import show
from portal.today import queries
from portal.today.domain import budgets_at_risk, short_sessions
from portal.visits import Visit

router = APIRouter()
DAYS_SHOWN = 7
DAYS_WATCHED = 28


@router.get("/manage/{slug}")
async def show_today(slug: str, visitor: Visit) -> HTMLResponse:
    """The next days of an association, for those who work there."""
    _ = visitor.person
    post = await get_post(visitor, slug)
    today = home_today()
    (sessions, coverages, offers, messages), (budgets, follow_ups, holds) = await asyncio.gather(
        asyncio.gather(
            part(queries.list_sessions(visitor, post, today, today + timedelta(days=DAYS_WATCHED)), []),
            part(queries.map_coverages(visitor), {}),
            part(queries.list_offers(visitor, post), []),
            part(list_messages_to_tell(visitor, post), []),
        ),
        asyncio.gather(
            part(queries.list_budgets(visitor, post, today.year), []),
            part(queries.list_follow_ups(visitor, post, today), []),
            part(list_lost(visitor, post, now()), []),
        ),
    )
    shown = [one for one in sessions.value if (one.starts_at.date() - today).days < DAYS_SHOWN]
    return await show(
        visitor,
        "today/today.html",
        association=post.organisation,
        today=today,
        sessions=sessions,
        days=days_of(shown),
        coverages=coverages,
        short=short_sessions(sessions.value, coverages.value),
        lost=lost_holds(holds.value, sessions.value),
        offers=offers,
        messages=messages,
        follow_ups=follow_ups,
        budgets=budgets,
        at_risk=budgets_at_risk(budgets.value),
        directory=await get_directory(visitor.asking),
    )

"""Substitutes who cost more than who is absent, as staffing announces them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from common.reactions import Reaction
from contracts.staffing import ShiftAssigned, ShiftReleased
from finance.substitutes.domain import ExtraCost
from finance.substitutes.use_cases import book_extra_cost, take_back_extra_cost


async def book_costly_substitute(session: AsyncSession, event: ShiftAssigned) -> None:
    """Only what belongs to an activity has a budget; most assignments cost nothing extra."""
    if event.extra_cost_minor <= 0 or event.activity_id is None or event.currency is None:
        return
    cost = ExtraCost(
        assignment_id=event.assignment_id,
        version=event.version,
        organisation_id=event.organisation_id,
        activity_id=event.activity_id,
        title=event.title,
        amount_minor=event.extra_cost_minor,
        currency=event.currency,
        day=event.starts_at.astimezone(ZoneInfo(event.time_zone)).date(),
        role=event.role,
    )
    await book_extra_cost(session, cost)


async def take_back_costly_substitute(session: AsyncSession, event: ShiftReleased) -> None:
    """Who is released costs nothing."""
    await take_back_extra_cost(session, event.assignment_id, event.version)


SUBSTITUTES = Reaction(
    group="finance.substitutes",
    handlers={ShiftAssigned: book_costly_substitute, ShiftReleased: take_back_costly_substitute},
)

"""Questions about the rules for opening, and what was looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.openings.domain import DatedRule, Effect, Rule, Supervision
from activities.openings.tables import ChecklistTick, KnownCoverage, SafetyRule, SessionOpening

ANY_SETTING = "any"
ORDER = tuple(Rule)


async def list_rules(session: AsyncSession, jurisdiction: str, setting: str, on: date) -> list[DatedRule]:
    """The rules of a country on a day, as DatedRule orders them; one of the setting itself goes before the general."""
    statement = select(SafetyRule).where(
        SafetyRule.jurisdiction == jurisdiction.partition("-")[0],
        SafetyRule.setting.in_((ANY_SETTING, setting)),
        or_(SafetyRule.valid_from.is_(None), SafetyRule.valid_from <= on),
        or_(SafetyRule.valid_to.is_(None), SafetyRule.valid_to >= on),
    )
    rows = sorted(await session.scalars(statement), key=lambda row: row.setting != ANY_SETTING)
    chosen = {Rule(row.rule): row for row in rows}
    return [
        DatedRule(rule, Effect(chosen[rule].effect), chosen[rule].value, chosen[rule].source, chosen[rule].status)
        for rule in ORDER
        if rule in chosen
    ]


async def find_supervision(session: AsyncSession, session_id: UUID) -> Supervision | None:
    """How many supervise, as the staffing service announced it last; None while nobody was ever missing."""
    known = await session.get(KnownCoverage, session_id, populate_existing=True)
    if known is None:
        return None
    return Supervision(
        known.is_short,
        known.supervisors_needed,
        known.qualified_needed,
        known.supervisors_present,
        known.qualified_present,
    )


async def list_ticks(session: AsyncSession, session_id: UUID) -> Sequence[ChecklistTick]:
    """What was looked at before a session."""
    statement = select(ChecklistTick).where(ChecklistTick.session_id == session_id)
    return (await session.scalars(statement.execution_options(populate_existing=True))).all()


async def find_opening(session: AsyncSession, session_id: UUID) -> SessionOpening | None:
    """How a session was opened."""
    return await session.get(SessionOpening, session_id, populate_existing=True)

"""What is asked about holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.holds.domain import HoldState, NoHold
from activities.holds.tables import Hold

# Agendas ask for hundreds of sessions at once: one array is read faster than hundreds of values.
ROOMS = text("select session_id, names from session_rooms where session_id = any(:session_ids)")


@dataclass(frozen=True)
class ShownHold:
    """What is shown of a hold with its session."""

    hold_state: HoldState | None
    rooms: tuple[str, ...]


async def find_hold(session: AsyncSession, session_id: UUID) -> Hold | None:
    """The hold of a session, if it ever asked for anything."""
    return await session.scalar(select(Hold).where(Hold.session_id == session_id))


async def lock_hold(session: AsyncSession, hold_id: UUID) -> Hold | None:
    """A hold as it is now, held until the transaction ends."""
    statement = select(Hold).where(Hold.id == hold_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()


async def lock_hold_of_session(session: AsyncSession, session_id: UUID) -> Hold | None:
    """The hold of a session as it is now, held until the transaction ends."""
    statement = select(Hold).where(Hold.session_id == session_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()


async def get_hold(session: AsyncSession, session_id: UUID) -> Hold:
    """The hold of a session. Raises NoHold."""
    hold = await find_hold(session, session_id)
    if hold is None:
        raise NoHold("This session has not asked for anything.")
    return hold


async def states_of(session: AsyncSession, session_ids: Collection[UUID]) -> dict[UUID, HoldState]:
    """The states of the holds that the caller may see, by session."""
    rows = await session.execute(select(Hold.session_id, Hold.state).where(Hold.session_id.in_(session_ids)))
    return {row.session_id: HoldState(row.state) for row in rows}


async def rooms_of(session: AsyncSession, session_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The names of the rooms that are held, by session; those without one are left out."""
    rows = await session.execute(ROOMS, {"session_ids": list(session_ids)})
    return {row.session_id: tuple(row.names) for row in rows}


async def map_shown(session: AsyncSession, session_ids: Collection[UUID], *, to_team: bool) -> dict[UUID, ShownHold]:
    """What is shown of each session's hold; its state to the team alone."""
    states = await states_of(session, session_ids) if to_team else {}
    rooms = await rooms_of(session, session_ids)
    return {one: ShownHold(states.get(one), rooms.get(one, ())) for one in session_ids}


async def list_holds(
    session: AsyncSession,
    organisation_id: UUID | None,
    state: HoldState | None,
    starts_from: datetime | None,
    after: UUID | None,
    rows_max: int,
) -> Sequence[Hold]:
    """Holds that the caller may see, in order of their ids, those after `after`."""
    statement = select(Hold).order_by(Hold.id).limit(rows_max)
    if organisation_id is not None:
        statement = statement.where(Hold.organisation_id == organisation_id)
    if state is not None:
        statement = statement.where(Hold.state == state)
    if starts_from is not None:
        statement = statement.where(Hold.starts_at >= starts_from)
    if after is not None:
        statement = statement.where(Hold.id > after)
    return (await session.scalars(statement)).all()

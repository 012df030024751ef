"""On the day: what is on the checklist is ticked, and the session is opened if no safety rule forbids it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import DIGEST, ERASED_ACTOR
from activities.openings import queries
from activities.openings.domain import (
    Circumstances,
    Finding,
    OpenedBefore,
    Supervision,
    check_can_open,
    check_findings,
    judge,
)
from activities.openings.tables import ChecklistTick, KnownCoverage, SessionOpening
from activities.safety.domain import UnknownItem
from activities.safety.queries import find_risk_sheet, list_items
from activities.sessions.domain import SessionState, check_scheduled
from activities.sessions.queries import SessionWithPlaces, get_session, lock_session
from common.clock import now

FORGET = tuple(
    text(
        f"""update {table} set {column} = '{ERASED_ACTOR}'
             where organisation_id = :organisation_id and {DIGEST.format(column)} = any(:account_digests)
               and not exists (select from known_memberships office
                                where office.organisation_id = :organisation_id and office.state = 'active'
                                  and office.account_issuer || '|' || office.account_subject = {column})
            returning 1"""
    )
    for table, column in (("checklist_ticks", "ticked_by"), ("session_openings", "opened_by"))
)


@dataclass(frozen=True)
class TickedItem:
    """An item of the checklist, and when and by whom it was ticked for the session."""

    item_id: UUID
    task: str
    is_required: bool
    ticked_at: datetime | None
    ticked_by: str | None


@dataclass(frozen=True)
class Readiness:
    """What stands between a session and its opening; findings are those of the opening once it is open."""

    session_id: UUID
    organisation_id: UUID
    items: Sequence[TickedItem]
    findings: Sequence[Finding]
    opening: SessionOpening | None


async def read_readiness(session: AsyncSession, session_id: UUID, *, has_first_aider: bool = False) -> Readiness:
    """What is ticked, and what the rules of the session's day say now. Raises UnknownSession."""
    found = await get_session(session, session_id)
    opening = await queries.find_opening(session, session_id)
    items = await _list_items(session, found)
    findings = await _judge(session, found, items, has_first_aider=has_first_aider)
    return Readiness(session_id, found.planned.organisation_id, items, findings, opening)


async def tick_item(session: AsyncSession, session_id: UUID, item_id: UUID, by: str) -> TickedItem:
    """Say that something on the checklist was done; a second time changes nothing. Raises UnknownItem."""
    found = await _lock_unopened(session, session_id)
    await _check_item(session, found, item_id)
    values = {"session_id": session_id, "item_id": item_id, "organisation_id": found.planned.organisation_id}
    await session.execute(insert(ChecklistTick).values(ticked_by=by, **values).on_conflict_do_nothing())
    items = await _list_items(session, found)
    return next(one for one in items if one.item_id == item_id)


async def untick_item(session: AsyncSession, session_id: UUID, item_id: UUID) -> None:
    """Take a tick back; without one nothing changes. Raises UnknownItem."""
    found = await _lock_unopened(session, session_id)
    await _check_item(session, found, item_id)
    ticks = delete(ChecklistTick).where(ChecklistTick.session_id == session_id, ChecklistTick.item_id == item_id)
    await session.execute(ticks)


async def open_session(
    session: AsyncSession, session_id: UUID, by: str, *, has_first_aider: bool, override_reason: str | None
) -> Readiness:
    """Open a session on its day, and keep what the rules said. Raises SafetyRuleFails, NotTheDay or OpenedBefore.

    The caller has checked who may give a reason that passes the rules; it stays beside what it passed.
    """
    found = await lock_session(session, session_id)
    planned, moment = found.planned, now()
    zone = ZoneInfo(planned.time_zone)
    opening = await queries.find_opening(session, session_id)
    days = (planned.starts_at.astimezone(zone).date(), moment.astimezone(zone).date())
    check_can_open(SessionState(planned.state), *days, planned.ends_at, moment, is_open=opening is not None)
    items = await _list_items(session, found)
    findings = await _judge(session, found, items, has_first_aider=has_first_aider)
    check_findings(findings, override_reason)
    opening = SessionOpening(
        session_id=session_id,
        organisation_id=planned.organisation_id,
        opened_at=moment,
        opened_by=by,
        has_first_aider=has_first_aider,
        findings=[asdict(finding) for finding in findings],
        override_reason=override_reason,
    )
    session.add(opening)
    await session.flush()
    return Readiness(session_id, planned.organisation_id, items, findings, opening)


async def know_coverage(
    session: AsyncSession, organisation_id: UUID, session_id: UUID, version: int, supervision: Supervision
) -> None:
    """Keep how many supervise a session; an older announcement changes nothing."""
    values = {"organisation_id": organisation_id, "version": version, **asdict(supervision)}
    statement = insert(KnownCoverage).values(session_id=session_id, **values)
    changed = {name: statement.excluded[name] for name in values if name != "organisation_id"}
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[KnownCoverage.session_id],
            set_=changed,
            where=KnownCoverage.version < statement.excluded.version,
        )
    )


async def forget_who_opened(session: AsyncSession, organisation_id: UUID, account_digests: Collection[str]) -> int:
    """Keep that things were ticked and sessions opened, and not by which of these accounts; returns how many."""
    values = {"organisation_id": organisation_id, "account_digests": list(account_digests)}
    return sum([len((await session.execute(statement, values)).all()) for statement in FORGET])


async def _lock_unopened(session: AsyncSession, session_id: UUID) -> SessionWithPlaces:
    """The session, locked, while its checklist is still open. Raises SessionNotOpen or OpenedBefore."""
    found = await lock_session(session, session_id)
    check_scheduled(SessionState(found.planned.state))
    if await queries.find_opening(session, session_id) is not None:
        raise OpenedBefore("This session is open: its checklist stays as it was then.")
    return found


async def _check_item(session: AsyncSession, found: SessionWithPlaces, item_id: UUID) -> None:
    if item_id not in {one.item_id for one in await _list_items(session, found)}:
        raise UnknownItem("The checklist of this session's activity has no such item.")


async def _list_items(session: AsyncSession, found: SessionWithPlaces) -> list[TickedItem]:
    ticks = {tick.item_id: tick for tick in await queries.list_ticks(session, found.planned.id)}
    listed = []
    for item in await list_items(session, found.planned.activity_id):
        tick = ticks.get(item.id)
        when, who = (tick.ticked_at, tick.ticked_by) if tick else (None, None)
        listed.append(TickedItem(item.id, item.task, item.is_required, when, who))
    return listed


async def _judge(
    session: AsyncSession, found: SessionWithPlaces, items: Sequence[TickedItem], *, has_first_aider: bool
) -> list[Finding]:
    planned = found.planned
    on = planned.starts_at.astimezone(ZoneInfo(planned.time_zone)).date()
    rules = await queries.list_rules(session, planned.jurisdiction, planned.supervision, on)
    sheet = await find_risk_sheet(session, planned.activity_id)
    required = [one for one in items if one.is_required and one.ticked_at is None]
    circumstances = Circumstances(
        on,
        sheet.reviewed_on if sheet else None,
        [one.task for one in required],
        await queries.find_supervision(session, planned.id),
        has_first_aider,
    )
    return judge(rules, circumstances)

"""Questions about what is offered in a week."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from portal.agenda.domain import Week, Wishes, is_wished
from portal.asking import Asking
from portal.sessions.domain import Session, session_of

FRESH_SECONDS = 2.0
WEEKS_LOOKED_AHEAD = 6
ONE_DAY = timedelta(days=1)


async def list_sessions(
    asking: Asking, first: date, last: date, *, organisation_id: str | None = None, activity_id: str | None = None
) -> list[Session]:
    """The published sessions that begin on these days of their sites, at most two seconds old."""
    answers = await asking.stranger().list_all(
        "activities",
        "/sessions",
        public_seconds=FRESH_SECONDS,
        organisation_id=organisation_id,
        activity_id=activity_id,
        starts_from=_midnight(first - ONE_DAY).isoformat(),
        starts_before=_midnight(last + 2 * ONE_DAY).isoformat(),
    )
    sessions = [session_of(answer) for answer in answers]
    return [session for session in sessions if first <= session.starts_at.date() <= last]


async def find_next_week(asking: Asking, after: Week, organisation_id: str | None, wishes: Wishes) -> Week | None:
    """The first of the next weeks in which something is offered that somebody looks for."""
    last = after.last + timedelta(weeks=WEEKS_LOOKED_AHEAD)
    sessions = await list_sessions(asking, after.next.first, last, organisation_id=organisation_id)
    days = [session.starts_at.date() for session in sessions if is_wished(session, wishes) and not session.is_cancelled]
    return Week(min(days)) if days else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)

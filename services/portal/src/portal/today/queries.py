"""Questions of a team about its next days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from portal.asking import Json
from portal.directory.domain import Post
from portal.incidents.domain import FollowUp
from portal.incidents.queries import list_open_follow_ups
from portal.sessions.domain import Session, session_of
from portal.sessions.queries import map_sessions
from portal.today.domain import Coverage, coverage_of
from portal.visits import Visitor

ONE_DAY = timedelta(days=1)


async def list_sessions(visitor: Visitor, post: Post, first: date, last: date) -> list[Session]:
    """The association's sessions that begin on these days, unpublished ones too, in order."""
    answers = await visitor.asking.list_all(
        "activities",
        "/sessions",
        organisation_id=post.organisation.id,
        starts_from=datetime.combine(first - ONE_DAY, time(), tzinfo=UTC).isoformat(),
        starts_before=datetime.combine(last + 2 * ONE_DAY, time(), tzinfo=UTC).isoformat(),
    )
    sessions = [session_of(answer) for answer in answers]
    found = [session for session in sessions if first <= session.starts_at.date() <= last]
    return sorted(found, key=lambda session: session.starts_at)


async def map_coverages(visitor: Visitor) -> dict[str, Coverage]:
    """The coverage of upcoming sessions, by session."""
    answers = await visitor.asking.list_all("staffing", "/coverage", upcoming=True)
    return {answer["session_id"]: coverage_of(answer) for answer in answers}


async def list_offers(visitor: Visitor, post: Post) -> list[tuple[Json, Session]]:
    """Offers of the association that wait for an answer, with their sessions."""
    offers = await visitor.asking.list_all("activities", "/bookings", state="offered")
    own = [offer for offer in offers if offer["organisation_id"] == post.organisation.id]
    sessions = await map_sessions(visitor.asking, {offer["session_id"] for offer in own})
    return [(offer, sessions[offer["session_id"]]) for offer in own if offer["session_id"] in sessions]


async def list_budgets(visitor: Visitor, post: Post, year: int) -> list[Json]:
    """The association's budgets of a year; none for who does not read money."""
    if not post.reads_money:
        return []
    return await visitor.asking.list_all("finance", "/budgets", organisation_id=post.organisation.id, year=year)


async def list_follow_ups(visitor: Visitor, post: Post, today: date) -> list[FollowUp]:
    """What is still to do after incidents, the most urgent first; none for who does not run sessions."""
    return await list_open_follow_ups(visitor, post, today) if post.is_field_staff else []

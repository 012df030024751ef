"""Questions about incidents and what is to do after them."""

from __future__ import annotations

from datetime import date

from portal.directory.domain import Post
from portal.incidents.domain import FollowUp, Incident, by_due_day, follow_up_of, incident_of
from portal.roster.domain import Roster
from portal.sessions.domain import Session
from portal.visits import Visitor


async def list_incidents(visitor: Visitor, session: Session, roster: Roster, today: date) -> list[Incident]:
    """The log of a session, the newest entry first."""
    answers = await visitor.asking.list_all("activities", f"/sessions/{session.id}/incidents")
    entries = (*roster.confirmed, *roster.offered, *roster.waiting)
    names = {entry["participant_id"]: f"{entry['given_name']} {entry['family_name']}" for entry in entries}
    return [incident_of(answer, names, session.starts_at.tzinfo, today) for answer in reversed(answers)]


async def list_open_follow_ups(visitor: Visitor, post: Post, today: date) -> list[FollowUp]:
    """What is still to do after incidents of an association, the most urgent first."""
    answers = await visitor.asking.list_all(
        "activities", "/follow-ups", organisation_id=post.organisation.id, is_done=False
    )
    return by_due_day(follow_up_of(answer, answer["session_id"], today) for answer in answers)

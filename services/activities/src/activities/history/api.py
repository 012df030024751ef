"""What was changed of a session, when and by whom, over HTTP: for those who run it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import RowMapping

from access.callers import Caller
from access.roles import FIELD_STAFF
from activities.database import api_database
from activities.history import queries
from activities.sessions.queries import get_session

router = APIRouter(tags=["history"])
SUBJECTS: Mapping[str, Literal["session", "attendance"]] = {"sessions": "session", "attendance_sheets": "attendance"}
INNER_FIELDS = frozenset({"id", "version", "organisation_id", "created_at", "changed_at"})


class ChangeAnswer(BaseModel):
    """One change: names of fields and never values; `by_me` tells whether the caller did it."""

    recorded_at: datetime
    subject: Literal["session", "attendance"]
    action: Literal["insert", "update", "delete"]
    fields: list[str]
    by_me: bool


@router.get("/sessions/{session_id}/history")
async def list_changes(session_id: UUID, caller: Caller) -> list[ChangeAnswer]:
    """The latest changes of a session and of its attendance list, the newest first; for the organiser's team."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_session(session, session_id)).planned.organisation_id, FIELD_STAFF)
        changes = await queries.list_changes(session, session_id)
    return [_answer(change, str(caller.account)) for change in changes]


def _answer(change: RowMapping, own_name: str) -> ChangeAnswer:
    return ChangeAnswer(
        recorded_at=change["recorded_at"],
        subject=SUBJECTS[change["subject_type"]],
        action=change["action"],
        fields=[name for name in change["fields"] if name not in INNER_FIELDS],
        by_me=change["actor"] == own_name,
    )

"""What is asked about the people of other associations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.hours.domain import Span
from staffing.hours.queries import list_rules_of
from staffing.lending.domain import Neighbour, as_told
from staffing.people.domain import AvailabilityKind, PersonKind, Window
from staffing.qualifications.domain import Paper, QualificationKind
from staffing.shifts.domain import JUDGED_AROUND, Candidate, judge
from staffing.shifts.queries import duty_of

if TYPE_CHECKING:
    from staffing.shifts.tables import Shift

ELSEWHERE = text(
    """select person_id, organisation_id, display_name, has_account, papers, windows, busy, away
         from candidates_elsewhere(:asking, :from_at, :until_at)"""
).columns(papers=JSONB, windows=JSONB, busy=JSONB, away=JSONB)


async def list_neighbours(session: AsyncSession, shift: Shift) -> list[Neighbour]:
    """Everybody of the federation whose passport is open, judged as a volunteer; who could come first."""
    duty, rules = duty_of(shift), await list_rules_of(session, shift.jurisdiction)
    times = {"from_at": duty.span.starts_at - JUDGED_AROUND, "until_at": duty.span.ends_at + JUDGED_AROUND}
    rows = await session.execute(ELSEWHERE, {"asking": shift.organisation_id, **times})
    judged = []
    for row in rows:
        candidate = _candidate(row, duty.day)
        findings = as_told(judge(duty, candidate, rules))
        judged.append(Neighbour(candidate, row.organisation_id, row.has_account, findings))
    return sorted(judged, key=lambda one: (not one.can_be_asked, len(one.findings), one.candidate.person_id))


def _candidate(row: Row[Any], day: date) -> Candidate:
    return Candidate(
        person_id=row.person_id,
        display_name=row.display_name,
        kind=PersonKind.volunteer,
        started_on=day,
        ended_on=None,
        windows=tuple(_window(item) for item in row.windows),
        away=tuple((_day(item["starts_on"]), _day(item["ends_on"])) for item in row.away),
        papers=tuple(_paper(item) for item in row.papers),
        busy=tuple(Span(_moment(item["starts_at"]), _moment(item["ends_at"])) for item in row.busy),
    )


def _window(item: Mapping[str, Any]) -> Window:
    valid = [None if item[field] is None else _day(item[field]) for field in ("valid_from", "valid_to")]
    return Window(item["weekday"], item["from_minute"], item["to_minute"], AvailabilityKind(item["kind"]), *valid)


def _paper(item: Mapping[str, Any]) -> Paper:
    expires_on = None if item["expires_on"] is None else _day(item["expires_on"])
    return Paper(QualificationKind(item["kind"]), _day(item["issued_on"]), expires_on, is_verified=True)


def _day(text_of_day: str) -> date:
    return date.fromisoformat(text_of_day)


def _moment(text_of_moment: str) -> datetime:
    return datetime.fromisoformat(text_of_moment)

"""Shifts are planned, people assigned to them and released; who counts for supervision is told to coverage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from common.http import check_version
from common.outbox import publish
from contracts.staffing import ShiftAssigned, ShiftReleased, ShiftReleaseReason
from staffing.coverage.domain import Engagement, SessionState
from staffing.coverage.queries import PlannedSession, lock_session
from staffing.coverage.use_cases import NewSupervisor, supervise_by_shift, withdraw_supervisor_of_assignment
from staffing.hours.domain import Effect, Finding, WorkRule, engagement_of
from staffing.hours.queries import list_rules_of
from staffing.people.domain import PersonKind
from staffing.people.queries import lock_person
from staffing.qualifications.domain import Paper
from staffing.qualifications.queries import list_papers
from staffing.shifts import queries
from staffing.shifts.domain import (
    SHIFT_LENGTH_MAX,
    SUPERVISING,
    AssignmentIsReleased,
    AssignmentState,
    MayNotBeAssigned,
    MayNotLeave,
    PlacesAreTaken,
    SessionNotKnown,
    ShiftIsCancelled,
    ShiftIsFull,
    ShiftIsNotOpen,
    ShiftIsOver,
    ShiftIsTooLong,
    ShiftState,
    TimesAreReversed,
    check_assignment,
    judge,
    supervisor_qualification,
)
from staffing.shifts.tables import Assignment, Shift

if TYPE_CHECKING:
    from staffing.people.tables import Person


@dataclass(frozen=True)
class Wish:
    """How somebody is put on a shift: with which reason for a warning, on which footing, held for which hold.

    `extra_cost_minor` is what he costs more than the one whose place he takes.
    """

    because: str | None = None
    is_own: bool = False
    engagement: Engagement | None = None
    hold_id: UUID | None = None
    extra_cost_minor: int = 0
    cost_currency: str | None = None

    @property
    def state(self) -> AssignmentState:
        """What is held waits for its confirmation."""
        return AssignmentState.assigned if self.hold_id is None else AssignmentState.held


async def plan_shift(session: AsyncSession, organisation_id: UUID, values: Mapping[str, Any]) -> Shift:
    """Plan a time in which people are needed. Raises TimesAreReversed, ShiftIsTooLong."""
    if values["ends_at"] <= values["starts_at"]:
        raise TimesAreReversed("The shift must end after it begins.")
    if values["ends_at"] - values["starts_at"] > SHIFT_LENGTH_MAX:
        raise ShiftIsTooLong("Plan one shift for each day or week.")
    shift = Shift(organisation_id=organisation_id, **values)
    session.add(shift)
    await session.flush()
    return shift


async def plan_session_shift(
    session: AsyncSession, session_id: UUID, *, lead_minutes: int, tail_minutes: int, values: Mapping[str, Any]
) -> Shift:
    """Plan a shift that begins before a session, ends after it and follows it. Raises SessionNotKnown."""
    planned = await lock_session(session, session_id)
    if planned is None or planned.state is not SessionState.scheduled:
        raise SessionNotKnown("There is no session to come with this id.")
    starts_at, ends_at = _around(planned, lead_minutes, tail_minutes)
    return await plan_shift(
        session,
        planned.organisation_id,
        {
            "title": planned.title,
            **values,
            "session_id": session_id,
            "session_version": planned.version,
            "activity_id": planned.activity_id,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "lead_minutes": lead_minutes,
            "tail_minutes": tail_minutes,
            "time_zone": planned.time_zone,
            "jurisdiction": planned.jurisdiction,
        },
    )


def _around(planned: PlannedSession, lead_minutes: int, tail_minutes: int) -> tuple[datetime, datetime]:
    return planned.starts_at - timedelta(minutes=lead_minutes), planned.ends_at + timedelta(minutes=tail_minutes)


async def change_shift(
    session: AsyncSession, shift_id: UUID, changes: Mapping[str, Any], expected_version: int
) -> Shift:
    """Change what a shift needs; its times follow its session. Raises ShiftNotFound, PlacesAreTaken."""
    shift = await queries.lock_shift(session, shift_id)
    check_version(expected_version, shift.version)
    taken = (await queries.count_taken(session, [shift_id]))[shift_id]
    if changes.get("places", taken) < taken:
        raise PlacesAreTaken(f"{taken} people are assigned: release some first.")
    for field, value in changes.items():
        setattr(shift, field, value)
    shift.version += 1
    await session.flush()
    return shift


async def cancel_shift(session: AsyncSession, shift_id: UUID) -> Shift:
    """Call a shift off and release everybody. Raises ShiftNotFound."""
    shift = await queries.lock_shift(session, shift_id)
    if shift.state != ShiftState.cancelled:
        shift.state = ShiftState.cancelled
        await _release_all(session, shift, ShiftReleaseReason.shift_cancelled)
    return shift


async def check_has_place(session: AsyncSession, shift: Shift) -> None:
    """The shift is locked by this transaction. Raises ShiftIsCancelled, ShiftIsFull."""
    if shift.state == ShiftState.cancelled:
        raise ShiftIsCancelled("This shift will not take place.")
    if (await queries.count_taken(session, [shift.id]))[shift.id] >= shift.places:
        raise ShiftIsFull(f"All {shift.places} places of this shift are taken.")


async def assign(session: AsyncSession, shift_id: UUID, person_id: UUID, wish: Wish) -> Assignment:
    """Put somebody on a shift, if no rule forbids it.

    Raises ShiftNotFound, ShiftIsCancelled, ShiftIsFull, PersonNotFound, MayNotBeAssigned, NeedsReason.
    """
    shift = await queries.lock_shift(session, shift_id)
    await check_has_place(session, shift)
    return await _put_on(session, shift, person_id, wish)


async def hand_over(session: AsyncSession, assignment_id: UUID, person_id: UUID, wish: Wish) -> Assignment:
    """Put somebody on a shift in place of who is on it: he comes before the other goes, so the session is never short.

    Raises what `release` and `assign` raise.
    """
    shift, assignment = await _lock_live(session, assignment_id)
    made = await _put_on(session, shift, person_id, wish)
    await release_locked(session, shift, assignment, ShiftReleaseReason.replaced)
    return made


async def _put_on(session: AsyncSession, shift: Shift, person_id: UUID, wish: Wish) -> Assignment:
    """The rules have the word; whether there is a place was looked at before."""
    person = await lock_person(session, person_id)
    duty = queries.duty_of(shift)
    candidates = await queries.list_candidates(session, shift.organisation_id, [duty], only=[person_id])
    if not candidates:
        raise MayNotBeAssigned([Finding("not_here_then", Effect.block, "Does not work here on this day.")])
    (candidate,) = candidates
    if wish.engagement is Engagement.volunteer:
        candidate = replace(candidate, kind=PersonKind.volunteer)
    findings = judge(duty, candidate, await list_rules_of(session, shift.jurisdiction))
    check_assignment(findings, wish.because)
    assignment = await _insert(session, shift, person, wish, findings)
    if assignment.state == AssignmentState.assigned:
        await _take_up(session, shift, assignment, person, candidate.papers, chose_himself=wish.is_own)
    return assignment


async def _insert(
    session: AsyncSession, shift: Shift, person: Person, wish: Wish, findings: Sequence[Finding]
) -> Assignment:
    """The constraint has the last word: two associations may ask for the same human at the same moment."""
    assignment = Assignment(
        organisation_id=shift.organisation_id,
        shift_id=shift.id,
        person_id=person.id,
        human_id=person.human_id,
        engagement=wish.engagement or engagement_of(PersonKind(person.kind)),
        state=wish.state,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        activity_id=shift.activity_id,
        findings=[asdict(finding) for finding in findings],
        because=wish.because,
        released_because=None,
        hold_id=wish.hold_id,
        extra_cost_minor=wish.extra_cost_minor,
        cost_currency=wish.cost_currency,
    )
    try:
        async with session.begin_nested():
            session.add(assignment)
    except IntegrityError as error:
        raise MayNotBeAssigned([Finding("clash", Effect.block, "Is on duty at this time.")]) from error
    return assignment


async def confirm_assignment(session: AsyncSession, assignment: Assignment) -> None:
    """Make a held assignment firm, whatever became of the person meanwhile: the coordinator's word counts."""
    shift = await queries.lock_shift(session, assignment.shift_id)
    person = await lock_person(session, assignment.person_id)
    papers = (await list_papers(session, [person.id])).get(person.id, [])
    assignment.state = AssignmentState.assigned
    assignment.version += 1
    await _take_up(session, shift, assignment, person, papers)


async def _take_up(
    session: AsyncSession,
    shift: Shift,
    assignment: Assignment,
    person: Person,
    papers: Sequence[Paper],
    *,
    chose_himself: bool = False,
) -> None:
    """Count a new assignment for supervision where its role does, and announce it."""
    shift.version += 1
    await session.flush()
    if shift.session_id is not None and shift.role in SUPERVISING:
        supervisor = NewSupervisor(
            display_name=person.display_name,
            qualification=supervisor_qualification(papers, queries.duty_of(shift).day),
            engagement=assignment.engagement,
            account_issuer=person.account_issuer,
            account_subject=person.account_subject,
            assignment_id=assignment.id,
        )
        await supervise_by_shift(session, shift.organisation_id, shift.session_id, supervisor)
    told = ShiftAssigned(
        **_told(shift, assignment),
        chose_himself=chose_himself,
        activity_id=shift.activity_id,
        extra_cost_minor=assignment.extra_cost_minor,
        currency=assignment.cost_currency,
    )
    await publish(session, told)


async def release(session: AsyncSession, assignment_id: UUID, reason: ShiftReleaseReason) -> Assignment:
    """Take somebody off a shift. Raises AssignmentNotFound, AssignmentIsReleased, ShiftIsOver."""
    shift, assignment = await _lock_live(session, assignment_id)
    await release_locked(session, shift, assignment, reason)
    return assignment


async def _lock_live(session: AsyncSession, assignment_id: UUID) -> tuple[Shift, Assignment]:
    """Somebody who is on a shift that is not over, with it, both locked."""
    found = await queries.get_assignment(session, assignment_id)
    shift = await queries.lock_shift(session, found.shift_id)
    assignment = await queries.lock_assignment(session, assignment_id)
    if assignment.state == AssignmentState.released:
        raise AssignmentIsReleased("This person was released from the shift before.")
    if shift.ends_at <= now():
        raise ShiftIsOver("This shift is over: correct the hours instead.")
    return shift, assignment


async def release_locked(
    session: AsyncSession, shift: Shift, assignment: Assignment, reason: ShiftReleaseReason
) -> None:
    """Take somebody off a shift that this transaction has locked."""
    was_assigned = assignment.state == AssignmentState.assigned
    assignment.state = AssignmentState.released
    assignment.released_because = reason
    assignment.version += 1
    shift.version += 1
    await session.flush()
    if not was_assigned:
        return
    if shift.session_id is not None and shift.role in SUPERVISING:
        await withdraw_supervisor_of_assignment(session, assignment.id)
    await publish(session, ShiftReleased(**_told(shift, assignment), reason=reason))


async def leave_every_shift(session: AsyncSession, person_ids: Collection[UUID], reason: ShiftReleaseReason) -> None:
    """Take people off whatever is not over yet."""
    for found in await queries.list_assignments(session, person_ids=person_ids, from_at=now()):
        shift = await queries.lock_shift(session, found.shift_id)
        assignment = await queries.lock_assignment(session, found.id)
        if assignment.state != AssignmentState.released:
            await release_locked(session, shift, assignment, reason)


async def _release_all(session: AsyncSession, shift: Shift, reason: ShiftReleaseReason) -> None:
    for assignment in await queries.list_assignments(session, shift_ids=[shift.id]):
        await release_locked(session, shift, assignment, reason)
    shift.version += 1
    await session.flush()


def check_may_leave(assignment: Assignment) -> None:
    """Raises MayNotLeave unless the one on the shift is a volunteer; who is paid asks his coordinator."""
    if assignment.engagement != Engagement.volunteer:
        raise MayNotLeave("Ask your coordinator, or ask for a substitute.")


async def sign_up(session: AsyncSession, shift_id: UUID, person_id: UUID) -> Assignment:
    """Let somebody take an open shift himself; what only warns is his to decide.

    Raises ShiftIsNotOpen and what `assign` raises.
    """
    shift = await queries.get_shift(session, shift_id)
    if not shift.is_open:
        raise ShiftIsNotOpen("The team assigns people to this shift: tell the coordinator that you would come.")
    if shift.starts_at <= now():
        raise ShiftIsOver("This shift has begun.")
    return await assign(session, shift_id, person_id, Wish(because="signed up by himself", is_own=True))


async def follow_session(session: AsyncSession, session_id: UUID) -> None:
    """Move the shifts of a session that moved, release whom the new time does not suit, or call them all off."""
    planned = await lock_session(session, session_id)
    if planned is None:
        return
    for shift in await queries.lock_shifts_of_session(session, session_id):
        if planned.state is SessionState.cancelled:
            shift.state = ShiftState.cancelled
            await _release_all(session, shift, ShiftReleaseReason.shift_cancelled)
        elif shift.session_version is None or shift.session_version < planned.version:
            await _move(session, shift, planned)


async def _move(session: AsyncSession, shift: Shift, planned: PlannedSession) -> None:
    times = _around(planned, shift.lead_minutes, shift.tail_minutes)
    shift.session_version, shift.title = planned.version, planned.title
    if times == (shift.starts_at, shift.ends_at):
        return
    shift.starts_at, shift.ends_at = times
    shift.version += 1
    await session.flush()
    rules = await list_rules_of(session, shift.jurisdiction)
    for assignment in await queries.list_assignments(session, shift_ids=[shift.id]):
        if not await _moves_along(session, shift, assignment, rules):
            await release_locked(session, shift, assignment, ShiftReleaseReason.session_moved)


async def _moves_along(session: AsyncSession, shift: Shift, assignment: Assignment, rules: Sequence[WorkRule]) -> bool:
    """Give the assignment the shift's new times, unless they clash or a rule forbids it."""
    await lock_person(session, assignment.person_id)
    duty = queries.duty_of(shift)
    own = (assignment.starts_at, assignment.ends_at)
    candidates = await queries.list_candidates(session, shift.organisation_id, [duty], only=[assignment.person_id])
    for candidate in candidates:
        others = tuple(span for span in candidate.busy if (span.starts_at, span.ends_at) != own)
        findings = judge(duty, replace(candidate, busy=others), rules)
        if any(finding.effect is Effect.block for finding in findings):
            return False
        try:
            async with session.begin_nested():
                assignment.starts_at, assignment.ends_at = shift.starts_at, shift.ends_at
                assignment.findings = [asdict(finding) for finding in findings]
                assignment.version += 1
        except IntegrityError:
            return False
        return True
    return False


def _told(shift: Shift, assignment: Assignment) -> dict[str, Any]:
    return {
        "organisation_id": shift.organisation_id,
        "shift_id": shift.id,
        "version": shift.version,
        "session_id": shift.session_id,
        "title": shift.title,
        "role": shift.role,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "time_zone": shift.time_zone,
        "person_id": assignment.person_id,
        "assignment_id": assignment.id,
    }

"""People come, change and go; they say when they are available, and ask for leave."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Account, Principal
from access.roles import PLANNERS
from access.row_policies import act_for
from common.clock import now
from common.http import check_version
from common.ids import new_id
from common.outbox import publish, publish_tombstone
from contracts.staffing import PersonChanged
from staffing.people import queries
from staffing.people.domain import (
    NAME_OF_ERASED,
    AccountIsLinked,
    InvalidLinkCode,
    LeaveIsDecided,
    LeaveKind,
    LeaveState,
    PersonKind,
    PersonWithoutEmail,
    TwoDutiesAtOnce,
    Window,
    check_dates,
    code_expires_at,
    digest_of,
    human_of,
)
from staffing.people.tables import Availability, Leave, Person

FORGET_CALENDAR_ADDRESS = text("delete from calendar_addresses where person_id = :person_id")
FORGET_PERSON = (
    *(
        text(f"delete from {table} where person_id = :person_id")
        for table in (
            "availabilities",
            "leaves",
            "trainees",
            "qualifications",
            "passports",
            "documents",
            "calendar_addresses",
        )
    ),
    text("update assignments set because = null, findings = '[]' where person_id = :person_id"),
)


def is_own(caller: Principal, person: Person) -> bool:
    """True when the record is the caller's own."""
    return (person.account_issuer, person.account_subject) == (caller.account.issuer, caller.account.subject)


def for_person(
    session: AsyncSession, caller: Principal, person: Person, because: str
) -> AbstractAsyncContextManager[None]:
    """Write a person's rows for the planners of the association, or for the person himself.

    Raises ProblemError (403) for everybody else.
    """
    if is_own(caller, person) and not caller.may(person.organisation_id, PLANNERS):
        return act_for(session, person.organisation_id, because)
    caller.require(person.organisation_id, PLANNERS)
    return nullcontext()


async def register_person(session: AsyncSession, organisation_id: UUID, values: Mapping[str, Any]) -> Person:
    """Record somebody who works or helps here, with his account if he showed it.

    Raises DatesAreReversed, AccountIsLinked.
    """
    check_dates(values["started_on"], values.get("ended_on"))
    person_id = new_id()
    human_id = human_of(person_id, values.get("account_issuer"), values.get("account_subject"))
    person = Person(id=person_id, organisation_id=organisation_id, human_id=human_id, **values)
    try:
        async with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        raise AccountIsLinked("This account is linked to another record of this association.") from error
    await announce_person(session, person)
    return person


async def register_same_human(session: AsyncSession, home: Person, organisation_id: UUID, started_on: date) -> Person:
    """Record a person who has an account as a volunteer of another association too."""
    values = {
        "kind": PersonKind.volunteer,
        "display_name": home.display_name,
        "email": home.email,
        "phone": home.phone,
        "language": home.language,
        "started_on": started_on,
        "lent_by_organisation_id": home.organisation_id,
        "account_issuer": home.account_issuer,
        "account_subject": home.account_subject,
    }
    return await register_person(session, organisation_id, values)


async def change_person(
    session: AsyncSession, person_id: UUID, changes: Mapping[str, Any], expected_version: int
) -> Person:
    """Change a record; a code sent to an earlier address stops working. Raises PersonNotFound, DatesAreReversed."""
    person = await queries.lock_person(session, person_id)
    check_version(expected_version, person.version)
    if "email" in changes and changes["email"] != person.email:
        person.link_code_digest = person.link_code_expires_at = None
    for field, value in changes.items():
        setattr(person, field, value)
    check_dates(person.started_on, person.ended_on)
    person.version += 1
    await announce_person(session, person)
    return person


async def send_link_code(session: AsyncSession, person_id: UUID) -> Person:
    """Send a one-time code that links an account; an earlier code stops working. Raises PersonWithoutEmail."""
    person = await queries.lock_person(session, person_id)
    if person.email is None:
        raise PersonWithoutEmail("Record an e-mail address of this person first.")
    code = secrets.token_urlsafe(18)
    person.link_code_digest, person.link_code_expires_at = digest_of(code), code_expires_at(now())
    person.version += 1
    await announce_person(session, person, link_code=code)
    return person


async def link_account(session: AsyncSession, account: Account, code: str) -> Person:
    """Link the account to whom the code was sent to. Raises InvalidLinkCode, AccountIsLinked, TwoDutiesAtOnce."""
    found = await queries.find_person_of_code(session, digest_of(code))
    if found is None:
        raise InvalidLinkCode("This code does not work. Ask your association for a new one.")
    person_id, organisation_id = found
    async with act_for(session, organisation_id, because="a one-time code sent to the person"):
        person = await queries.lock_person(session, person_id)
        if person.link_code_digest != digest_of(code):
            raise InvalidLinkCode("This code does not work. Ask your association for a new one.")
        person.account_issuer, person.account_subject = account.issuer, account.subject
        person.link_code_digest = person.link_code_expires_at = None
        await _become(session, person)
    return person


async def unlink_account(session: AsyncSession, person_id: UUID) -> Person:
    """Take the record away from its account, and any code that was sent; the person stays."""
    person = await queries.lock_person(session, person_id)
    person.account_issuer = person.account_subject = None
    person.link_code_digest = person.link_code_expires_at = None
    await _become(session, person)
    return person


async def _become(session: AsyncSession, person: Person) -> None:
    """Let the record, and by a trigger its duties, belong to the human that its account says.

    Another account has no part in the calendar address that the last one made.
    """
    person.human_id = human_of(person.id, person.account_issuer, person.account_subject)
    person.version += 1
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        if "assignments_human_excl" in str(error.orig):
            raise TwoDutiesAtOnce("You are on two shifts at the same time: be released from one first.") from error
        raise AccountIsLinked("Your account is linked to another record of this association.") from error
    await session.execute(FORGET_CALENDAR_ADDRESS, {"person_id": person.id})
    await announce_person(session, person)


async def announce_person(session: AsyncSession, person: Person, link_code: str | None = None) -> None:
    """Publish where and how the person is told things. The person is locked or new."""
    await session.flush()
    told = PersonChanged(
        organisation_id=person.organisation_id,
        person_id=person.id,
        version=person.version,
        kind=person.kind,
        display_name=person.display_name,
        email=person.email,
        language=person.language,
        account_issuer=person.account_issuer,
        account_subject=person.account_subject,
        link_code=link_code,
    )
    await publish(session, told)


async def announce_every_person(session: AsyncSession) -> int:
    """Publish every person's state again; returns how many."""
    people = (await session.scalars(select(Person).where(Person.erased_at.is_(None)).order_by(Person.id))).all()
    for person in people:
        await announce_person(session, person)
    return len(people)


async def erase_person(session: AsyncSession, person: Person) -> None:
    """Leave nothing of a person but the shifts and hours that were worked; every receiver forgets them."""
    for statement in FORGET_PERSON:
        await session.execute(statement, {"person_id": person.id})
    person.display_name, person.human_id = NAME_OF_ERASED, new_id()
    person.email = person.phone = person.account_issuer = person.account_subject = None
    person.link_code_digest = person.link_code_expires_at = None
    person.hour_cost_minor = None
    person.erased_at = now()
    person.ended_on = person.ended_on or max(person.started_on, now().date())
    person.version += 1
    await session.flush()
    await publish_tombstone(session, PersonChanged, person.id, person.organisation_id)


async def set_availability(
    session: AsyncSession, person_id: UUID, windows: Sequence[Window], expected_version: int
) -> Person:
    """Replace the weekly windows of a person. Raises PersonNotFound."""
    person = await queries.lock_person(session, person_id)
    check_version(expected_version, person.version)
    await session.execute(delete(Availability).where(Availability.person_id == person_id))
    for window in windows:
        session.add(
            Availability(
                organisation_id=person.organisation_id,
                person_id=person_id,
                weekday=window.weekday,
                from_minute=window.from_minute,
                to_minute=window.to_minute,
                kind=window.kind,
                valid_from=window.valid_from,
                valid_to=window.valid_to,
            )
        )
    person.version += 1
    await announce_person(session, person)
    return person


async def record_leave(
    session: AsyncSession, person_id: UUID, kind: LeaveKind, days: tuple[date, date], state: LeaveState
) -> Leave:
    """Record days on which a person is away or asks to be. Raises PersonNotFound, DatesAreReversed."""
    starts_on, ends_on = days
    check_dates(starts_on, ends_on)
    person = await queries.lock_person(session, person_id)
    leave = Leave(
        organisation_id=person.organisation_id,
        person_id=person_id,
        kind=kind,
        state=state,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    session.add(leave)
    await session.flush()
    return leave


async def decide_leave(session: AsyncSession, leave_id: UUID, state: LeaveState, expected_version: int) -> Leave:
    """Approve, refuse or withdraw a leave. Raises LeaveNotFound, LeaveIsDecided."""
    leave = await queries.lock_leave(session, leave_id)
    check_version(expected_version, leave.version)
    if leave.state in (LeaveState.refused, LeaveState.withdrawn):
        raise LeaveIsDecided(f"This leave is {leave.state}: record a new one.")
    leave.state = state
    leave.version += 1
    await session.flush()
    return leave

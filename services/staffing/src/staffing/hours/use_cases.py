"""Hours are recorded, approved and valued, and volunteers get their allowance within the ceilings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from common.http import check_version
from common.outbox import publish
from contracts.staffing import LentHoursApproved
from staffing.coverage.domain import Engagement
from staffing.hours import queries
from staffing.hours.domain import (
    HoursAreDecided,
    HoursAreNotOver,
    HoursAreRecorded,
    HoursState,
    Span,
    TermsOverlap,
    allowance_for,
    value_of,
    worked_minutes,
)
from staffing.hours.tables import HourTerms, WorkedHours
from staffing.people.queries import lock_person


@dataclass(frozen=True)
class Work:
    """What somebody did: from when to when, with how many minutes of break."""

    title: str
    starts_at: datetime
    ends_at: datetime
    break_minutes: int
    engagement: Engagement
    activity_id: UUID | None = None
    assignment_id: UUID | None = None


async def set_terms(session: AsyncSession, organisation_id: UUID, values: Mapping[str, Any]) -> HourTerms:
    """Say what an association gives and counts from a day on. Raises TermsOverlap."""
    terms = HourTerms(organisation_id=organisation_id, **values)
    try:
        async with session.begin_nested():
            session.add(terms)
    except IntegrityError as error:
        raise TermsOverlap("There are terms for some of these days already.") from error
    return terms


async def record_hours(session: AsyncSession, person_id: UUID, work: Work) -> WorkedHours:
    """Record a time that was worked. Raises PersonNotFound, HoursAreReversed, HoursAreNotOver, HoursAreRecorded."""
    minutes = worked_minutes(Span(work.starts_at, work.ends_at), work.break_minutes)
    if work.ends_at > now():
        raise HoursAreNotOver("Record hours once they have been worked.")
    person = await lock_person(session, person_id)
    place = await queries.get_place(session, person.organisation_id)
    hours = WorkedHours(
        organisation_id=person.organisation_id,
        person_id=person_id,
        assignment_id=work.assignment_id,
        activity_id=work.activity_id,
        title=work.title,
        engagement=work.engagement,
        starts_at=work.starts_at,
        ends_at=work.ends_at,
        worked_on=work.starts_at.astimezone(ZoneInfo(place.time_zone)).date(),
        minutes=minutes,
        currency=None,
    )
    try:
        async with session.begin_nested():
            session.add(hours)
    except IntegrityError as error:
        raise HoursAreRecorded("Some of this time is recorded already.") from error
    return hours


async def decide_hours(session: AsyncSession, hours_id: UUID, state: HoursState, expected_version: int) -> WorkedHours:
    """Approve hours, which values them, computes the allowance and what the lender gets, or refuse them.

    Raises HoursNotFound, HoursAreDecided.
    """
    found = await queries.get_hours(session, hours_id)
    # Allowances of one person are worked out one after the other: each sees the sum of those before.
    person = await lock_person(session, found.person_id)
    hours = await queries.lock_hours(session, hours_id)
    check_version(expected_version, hours.version)
    if hours.state != HoursState.recorded:
        raise HoursAreDecided(f"These hours are {hours.state}.")
    hours.state = state
    hours.version += 1
    if state is HoursState.approved and hours.engagement == Engagement.volunteer:
        await _value(session, hours)
    if state is HoursState.approved and person.lent_by_organisation_id is not None:
        await _charge_lender_price(session, hours, person.lent_by_organisation_id)
    await session.flush()
    return hours


async def _charge_lender_price(session: AsyncSession, hours: WorkedHours, lender_id: UUID) -> None:
    """Announce what the hours cost by the terms of the association that lent the person; nothing without a price."""
    price = await queries.find_lent_price(session, lender_id, hours.worked_on)
    if price is None or price[0] == 0:
        return
    hours.lent_price_minor = value_of(hours.minutes, price[0])
    event = LentHoursApproved(
        organisation_id=hours.organisation_id,
        hours_id=hours.id,
        version=hours.version,
        lent_by_organisation_id=lender_id,
        title=hours.title,
        worked_on=hours.worked_on,
        minutes=hours.minutes,
        amount_minor=hours.lent_price_minor,
        currency=price[1],
    )
    await publish(session, event)


async def _value(session: AsyncSession, hours: WorkedHours) -> None:
    terms = await queries.find_terms(session, hours.organisation_id, hours.worked_on)
    if terms is None:
        hours.explanation = "The association has no terms for this day."
        return
    place = await queries.get_place(session, hours.organisation_id)
    rules = await queries.list_rules_of(session, place.jurisdiction)
    paid = await queries.get_paid(session, hours.person_id, hours.worked_on)
    allowance = allowance_for(rules, terms, paid, hours.worked_on)
    hours.value_minor = value_of(hours.minutes, terms.volunteer_hour_value_minor)
    hours.allowance_minor, hours.explanation = allowance.amount_minor, allowance.explanation
    hours.currency = terms.currency

"""Charging booked places, and carrying every later fact into charges, books, settlements and budgets at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from access.row_policies import act_for
from common import clock
from common.ids import new_id
from finance.budgets import use_cases as budgets
from finance.budgets.domain import Income
from finance.charges import domain, queries
from finance.charges.domain import (
    Booking,
    Charge,
    ForeignSession,
    Movement,
    PayerKind,
    SessionState,
    ShareRulesOverlap,
    charge_booking,
    check_period,
    settle_session,
)
from finance.charges.tables import ShareRule
from finance.ledger import use_cases as ledger
from finance.ledger.domain import Claim
from finance.settlements import use_cases as settlements
from finance.settlements.domain import Debt

# One statement carries movements into charges, books, settlements and budgets; the triggers judge it when it ends.
CARRY_OUT = text(
    f"""with new_charge as (
      insert into charges (id, organisation_id, booking_id, booking_version, participant_id, home_organisation_id,
             payer_kind, payer_id, session_id, activity_id, title, currency, price_minor, charged_minor,
             given_back_minor, amount_minor, state, is_earned, session_on, cost_shares, cancelled_given_back_minor,
             recorded_at, changed_at)
      select n.id, n.organisation_id, n.booking_id, n.booking_version, n.participant_id, n.home_organisation_id,
             n.payer_kind, n.payer_id, n.session_id, n.activity_id, n.title, n.currency, n.price_minor,
             n.charged_minor, n.given_back_minor, n.amount_minor, n.state, n.is_earned, n.session_on, n.cost_shares,
             n.cancelled_given_back_minor, :now, :now
        from jsonb_populate_recordset(null::charges, cast(:new_charges as jsonb)) n),
    changed_charge as (
      update charges c
         set booking_version = n.booking_version, given_back_minor = n.given_back_minor,
             amount_minor = n.amount_minor, state = n.state, is_earned = n.is_earned, session_on = n.session_on,
             cancelled_given_back_minor = n.cancelled_given_back_minor, changed_at = :now
        from jsonb_populate_recordset(null::charges, cast(:changed_charges as jsonb)) n
       where c.id = n.id),
    {ledger.POSTING},
    {settlements.RECORDING}
    {budgets.COUNTING}"""
)
KNOW_STUB = text(
    """insert into known_sessions (session_id, organisation_id, version, state, starts_at,
                                   attendance_version, attended_places)
       values (:session_id, :organisation_id, 0, 'stub', :starts_at, 0, '[]')
       on conflict (session_id) do nothing"""
)
KNOW_SESSION = text(
    """insert into known_sessions as known (session_id, organisation_id, version, state, starts_at,
                                            attendance_version, attended_places)
       values (:session_id, :organisation_id, :version, :state, :starts_at, 0, '[]')
       on conflict (session_id) do update
          set version = excluded.version, state = excluded.state, starts_at = excluded.starts_at
        where known.version < excluded.version
       returning 1"""
)
KNOW_ATTENDANCE = text(
    """insert into known_sessions as known (session_id, organisation_id, version, state, starts_at,
                                            attendance_version, attended_places)
       values (:session_id, :organisation_id, 0, 'stub', :starts_at, :version, cast(:places as jsonb))
       on conflict (session_id) do update
          set attendance_version = excluded.attendance_version, attended_places = excluded.attended_places
        where known.attendance_version < excluded.attendance_version
       returning 1"""
)


@dataclass(frozen=True)
class SessionNews:
    """What a session event tells."""

    session_id: UUID
    organisation_id: UUID
    version: int
    state: SessionState
    starts_at: datetime


@dataclass(frozen=True)
class AttendedPlace:
    """One place of an attendance list, with what the terms give back (0 unless excused)."""

    booking_id: UUID
    participant_id: UUID
    given_back_minor: int


@dataclass(frozen=True)
class AttendanceNews:
    """The whole attendance list of a session at one version."""

    session_id: UUID
    organisation_id: UUID
    version: int
    starts_at: datetime
    places: tuple[AttendedPlace, ...]


async def charge_places(session: AsyncSession, booking: Booking) -> None:
    """Charge new places of a booking, give back for cancelled ones."""
    around = await queries.lock_around_booking(session, booking)
    if around is None:
        await _know_stub(session, booking)
    if around is None or around.charges:
        around = await queries.lock_around_booking(session, booking)
    if around is None:
        raise ForeignSession(f"Session {booking.session_id} belongs to another organisation.")
    await _carry_out(session, charge_booking(booking, around.charges, around.rules, around.session, new_id))


async def _know_stub(session: AsyncSession, booking: Booking) -> None:
    values = {
        "session_id": booking.session_id,
        "organisation_id": booking.organisation_id,
        "starts_at": booking.starts_at,
    }
    await session.execute(KNOW_STUB, values)


async def know_session(session: AsyncSession, news: SessionNews) -> None:
    """Keep the state of a session; its charges follow its date, and are earned once it is completed."""
    if (await session.execute(KNOW_SESSION, asdict(news))).first() is not None:
        await _settle_session(session, news.session_id)


async def record_attendance(session: AsyncSession, news: AttendanceNews) -> None:
    """Keep the attendance list; what it gives back is reversed, what it no longer gives back is owed again."""
    values = {
        "session_id": news.session_id,
        "organisation_id": news.organisation_id,
        "version": news.version,
        "starts_at": news.starts_at,
        "places": json.dumps([asdict(place) for place in news.places], default=str),
    }
    if (await session.execute(KNOW_ATTENDANCE, values)).first() is not None:
        await _settle_session(session, news.session_id)


async def _settle_session(session: AsyncSession, session_id: UUID) -> None:
    charges = await queries.list_charges_of_session(session, session_id)
    facts = await queries.find_session_facts(session, session_id) if charges else None
    if facts is not None:
        await _carry_out(session, settle_session(charges, facts))


async def _carry_out(session: AsyncSession, movements: Sequence[Movement]) -> None:
    """Write charges, books, settlements and budgets; the associations concerned agreed to it by hosting or booking."""
    if not movements:
        return
    async with AsyncExitStack() as widened:
        for organisation_id in domain.neighbours(movement.after for movement in movements):
            because = f"charges of session {movements[0].after.session_id}"
            await widened.enter_async_context(act_for(session, organisation_id, because))
        counted = (await session.execute(CARRY_OUT, _values(movements))).all()
        await budgets.announce_counted(session, counted)


def _values(movements: Sequence[Movement]) -> dict[str, Any]:
    """The parameters of CARRY_OUT."""
    new = [_columns(movement.after) for movement in movements if movement.before is None]
    changed = [_columns(movement.after) for movement in movements if movement.before is not None]
    claims = [_claim(movement) for movement in movements if movement.amount_minor]
    debts = [debt for movement in movements for debt in _debts(movement)]
    incomes = [income for movement in movements for income in _incomes(movement)]
    return {
        "now": clock.now(),
        "new_charges": json.dumps(new, default=str),
        "changed_charges": json.dumps(changed, default=str),
        **ledger.posting_values(ledger.entries_of(claims)),
        **settlements.recording_values(debts),
        **budgets.counting_values(incomes),
    }


def _columns(charge: Charge) -> dict[str, Any]:
    shares = [asdict(share) for share in charge.cost_shares]
    derived = {"amount_minor": charge.amount_minor, "state": charge.state, "cost_shares": shares}
    return {**charge.__dict__, **derived}


def _claim(movement: Movement) -> Claim:
    charge = movement.after
    return Claim(
        charge_id=charge.id,
        booking_id=charge.booking_id,
        organiser_id=charge.organisation_id,
        payer_id=charge.payer_id,
        payer_is_organisation=charge.payer_kind is PayerKind.organisation,
        currency=charge.currency,
        amount_minor=movement.amount_minor,
        income=domain.income_split_change(movement),
        description=f"{charge.title}, {charge.session_on.isoformat()}",
    )


def _debts(movement: Movement) -> list[Debt]:
    charge = movement.after
    return [
        Debt(
            organiser_id=charge.organisation_id,
            debtor_id=debt.debtor_id,
            creditor_id=debt.creditor_id,
            amount_minor=debt.amount_minor,
            currency=charge.currency,
            day=debt.day,
            booking_id=charge.booking_id,
            charge_id=charge.id,
        )
        for debt in domain.pair_debts(movement)
    ]


def _incomes(movement: Movement) -> list[Income]:
    charge = movement.after
    return [
        Income(
            organisation_id=change.organisation_id,
            activity_id=charge.activity_id,
            activity_title=charge.title,
            year=change.year,
            currency=charge.currency,
            promised_minor=change.promised_minor,
            earned_minor=change.earned_minor,
        )
        for change in domain.income_changes(movement)
    ]


async def add_share_rule(
    session: AsyncSession, organisation_id: UUID, borne_percent: int, valid_from: date, valid_to: date | None
) -> ShareRule:
    """Let an association bear a part of its people's places from a day on. Raises ShareRulesOverlap."""
    check_period(valid_from, valid_to)
    rule = ShareRule(
        id=new_id(),
        organisation_id=organisation_id,
        borne_percent=borne_percent,
        valid_from=valid_from,
        valid_to=valid_to,
        version=1,
    )
    session.add(rule)
    await _flush_rule(session)
    return rule


async def change_share_rule(
    session: AsyncSession, rule: ShareRule, borne_percent: int, valid_from: date, valid_to: date | None
) -> None:
    """Change a locked rule; places charged before keep the rule of their day. Raises ShareRulesOverlap."""
    check_period(valid_from, valid_to)
    rule.borne_percent, rule.valid_from, rule.valid_to = borne_percent, valid_from, valid_to
    rule.version += 1
    await _flush_rule(session)


async def remove_share_rule(session: AsyncSession, rule: ShareRule) -> None:
    """Remove a locked rule; places charged before stay as they are."""
    await session.delete(rule)
    await session.flush()


async def _flush_rule(session: AsyncSession) -> None:
    """The database refuses two rules on one day, also when two people add them at the same moment."""
    try:
        await session.flush()
    except IntegrityError as error:
        if getattr(error.driver_exception, "constraint_name", "") == "share_rules_overlap_excl":
            raise ShareRulesOverlap("The association has a share rule on some of these days.") from error
        raise

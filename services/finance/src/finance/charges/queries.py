"""What charges are asked, and what is known around them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from finance.charges import domain
from finance.charges.domain import Booking, CostShare, PayerKind, SessionFacts, SessionState
from finance.charges.tables import Charge, ShareRule

CHARGE_COLUMNS = """c.id, c.organisation_id, c.booking_id, c.booking_version, c.participant_id, c.home_organisation_id,
    c.payer_kind, c.payer_id, c.session_id, c.activity_id, c.title, c.currency, c.price_minor, c.charged_minor,
    c.cost_shares, c.session_on, c.cancelled_given_back_minor, c.given_back_minor, c.is_earned"""

# Everything that a session-wide event changes for later bookings is in the one row that this locks against it.
AROUND_BOOKING = text(
    f"""select s.state, s.starts_at,
              (select time_zone from known_organisations where organisation_id = :organisation_id) as time_zone,
              (select jsonb_agg(place) from jsonb_array_elements(s.attended_places) place
                where place ->> 'booking_id' = cast(cast(:booking_id as uuid) as text)) as attended_places,
              (select jsonb_agg(to_jsonb(known)) from (
                 select {CHARGE_COLUMNS} from charges c where c.booking_id = :booking_id) known) as charges,
              (select jsonb_agg(to_jsonb(r)) from share_rules_around(cast(:homes as uuid[]), :day) r) as rules
         from known_sessions s where s.session_id = :session_id for share of s"""
)
CHARGES_OF_SESSION = text(f"select {CHARGE_COLUMNS} from charges c where c.session_id = :session_id order by c.id")
AROUND_SESSION = text(
    """select s.state, s.starts_at, s.attended_places,
              (select k.time_zone from known_organisations k where k.organisation_id = s.organisation_id) as time_zone
         from known_sessions s where s.session_id = :session_id"""
)


@dataclass(frozen=True)
class AroundBooking:
    """Everything that the charges of a booking depend on."""

    charges: list[domain.Charge]
    rules: list[domain.ShareRule]
    session: SessionFacts


async def lock_around_booking(session: AsyncSession, booking: Booking) -> AroundBooking | None:
    """The charges of a booking, the share rules of the homes around its day, and what is known of its session.

    Holds off session-wide events of that session; None when the session is not even a stub. The charges may have
    changed while this waited: ask again when there are any.
    """
    by_household = booking.payer_kind is PayerKind.household
    values = {
        "organisation_id": booking.organisation_id,
        "booking_id": booking.booking_id,
        "session_id": booking.session_id,
        "homes": list({place.home_organisation_id for place in booking.places}) if by_household else [],
        "day": booking.starts_at.date(),
    }
    row = (await session.execute(AROUND_BOOKING, values)).one_or_none()
    if row is None:
        return None
    known = [_charge({**charge, **_parsed(charge)}) for charge in row.charges or ()]
    facts = _session_facts(row.state, row.starts_at, row.time_zone, row.attended_places)
    return AroundBooking(known, [_rule(rule) for rule in row.rules or ()], facts)


async def find_session_facts(session: AsyncSession, session_id: UUID) -> SessionFacts | None:
    """What is known of a session: its day in the organiser's time zone, whether it is completed, who attended."""
    row = (await session.execute(AROUND_SESSION, {"session_id": session_id})).one_or_none()
    return None if row is None else _session_facts(row.state, row.starts_at, row.time_zone, row.attended_places)


async def list_charges_of_session(session: AsyncSession, session_id: UUID) -> list[domain.Charge]:
    """Every charge of a session, as rules see it."""
    rows = await session.execute(CHARGES_OF_SESSION, {"session_id": session_id})
    return [_charge(dict(row._mapping)) for row in rows]


def _session_facts(
    state: str, starts_at: datetime, time_zone: str | None, places: Sequence[Mapping[str, Any]] | None
) -> SessionFacts:
    return SessionFacts(
        session_on=domain.local_day(starts_at, time_zone),
        is_completed=state == SessionState.completed,
        attended={
            (UUID(place["booking_id"]), UUID(place["participant_id"])): int(place["given_back_minor"])
            for place in places or ()
        },
    )


def _parsed(charge: Mapping[str, Any]) -> dict[str, Any]:
    """JSON gives ids and dates as text."""
    ids = {name: UUID(value) for name, value in charge.items() if value and (name == "id" or name.endswith("_id"))}
    return {**ids, "session_on": date.fromisoformat(charge["session_on"])}


def _charge(values: dict[str, Any]) -> domain.Charge:
    shares = tuple(
        CostShare(UUID(share["organisation_id"]), share["basis_points"]) for share in values["cost_shares"]
    )  # fmt: skip
    return domain.Charge(**{**values, "payer_kind": PayerKind(values["payer_kind"]), "cost_shares": shares})


def _rule(values: Mapping[str, Any]) -> domain.ShareRule:
    ends = values["valid_to"]
    return domain.ShareRule(
        UUID(values["organisation_id"]),
        values["borne_percent"],
        date.fromisoformat(values["valid_from"]),
        date.fromisoformat(ends) if ends else None,
    )


async def find_charge(session: AsyncSession, charge_id: UUID) -> Charge | None:
    """A charge that the transaction may see: as creditor, as debtor, or as the household that owes it."""
    return await session.get(Charge, charge_id)


async def list_charges(
    session: AsyncSession,
    *,
    organisation_id: UUID | None,
    session_id: UUID | None,
    booking_id: UUID | None,
    payer_id: UUID | None,
    state: str | None,
    after_id: UUID | None,
    limit: int,
) -> Sequence[Charge]:
    """Charges in the order in which they were made, one more than `limit` when there are more."""
    question = select(Charge).order_by(Charge.id).limit(limit + 1)
    if organisation_id is not None:
        question = question.where((Charge.organisation_id == organisation_id) | (Charge.payer_id == organisation_id))
    if session_id is not None:
        question = question.where(Charge.session_id == session_id)
    if booking_id is not None:
        question = question.where(Charge.booking_id == booking_id)
    if payer_id is not None:
        question = question.where(Charge.payer_id == payer_id)
    if state is not None:
        question = question.where(Charge.state == state)
    if after_id is not None:
        question = question.where(Charge.id > after_id)
    return (await session.scalars(question)).all()


async def map_amounts_owed(
    session: AsyncSession, payer_ids: Sequence[UUID]
) -> dict[tuple[UUID, str, UUID], dict[str, int]]:
    """What these payers owe by currency, for each organiser, kind of payer and payer that the transaction may see."""
    group = (Charge.organisation_id, Charge.payer_kind, Charge.payer_id, Charge.currency)
    question = select(*group, func.sum(Charge.amount_minor).label("amount")).where(Charge.payer_id.in_(payer_ids))
    amounts: dict[tuple[UUID, str, UUID], dict[str, int]] = {}
    for row in await session.execute(question.group_by(*group)):
        amounts.setdefault((row.organisation_id, row.payer_kind, row.payer_id), {})[row.currency] = int(row.amount)
    return amounts


async def lock_share_rule(session: AsyncSession, rule_id: UUID) -> ShareRule | None:
    """A share rule, for nobody else to change until the end of the transaction."""
    return (await session.scalars(select(ShareRule).where(ShareRule.id == rule_id).with_for_update())).one_or_none()


async def list_share_rules(
    session: AsyncSession, organisation_id: UUID | None, after_id: UUID | None, limit: int
) -> Sequence[ShareRule]:
    """Share rules in the order in which they were made, one more than `limit` when there are more."""
    question = select(ShareRule).order_by(ShareRule.id).limit(limit + 1)
    if organisation_id is not None:
        question = question.where(ShareRule.organisation_id == organisation_id)
    if after_id is not None:
        question = question.where(ShareRule.id > after_id)
    return (await session.scalars(question)).all()


async def count_charges_about(
    session: AsyncSession, payer_ids: Collection[UUID], participant_ids: Collection[UUID]
) -> tuple[int, date | None]:
    """How many charges of the transaction's books are about these payers or participants, and the last one's day."""
    about = or_(Charge.payer_id.in_(payer_ids), Charge.participant_id.in_(participant_ids))
    row = (await session.execute(select(func.count(), func.max(Charge.session_on)).where(about))).one()
    return row[0], row[1]

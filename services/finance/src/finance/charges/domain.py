"""What a booked place costs, who owes it, and what every later fact makes of it.

A charge is a function of facts: the price frozen on the booking, what a cancellation gave back, the attendance list as
it stands, whether the session is completed. Every event adds a fact; what has to be booked is the difference between
the charge before and after it. So the order in which facts arrive does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from common.money import split_by_largest_remainder

DEFAULT_TIME_ZONE = "Europe/Brussels"
ALL_BASIS_POINTS = 10_000


class ShareRulesOverlap(Exception):
    """Two share rules of an association would hold on the same day."""


class ForeignSession(Exception):
    """An event names a session that another organisation planned."""


class PeriodIsEmpty(Exception):
    """A rule would end before it begins."""


class PayerKind(StrEnum):
    """Who owes a charge: a household, or an association for its own people."""

    household = "household"
    organisation = "organisation"


class ChargeState(StrEnum):
    """How much of a charge is still owed: all, a part, nothing."""

    open = "open"
    reduced = "reduced"
    reversed = "reversed"


class SessionState(StrEnum):
    """What is known of a session; a stub is known from its bookings or its attendance only."""

    stub = "stub"
    scheduled = "scheduled"
    cancelled = "cancelled"
    completed = "completed"


@dataclass(frozen=True)
class CostShare:
    """The part of an association, in basis points."""

    organisation_id: UUID
    basis_points: int


@dataclass(frozen=True)
class Place:
    """One participant's place; `given_back_minor` is None while the place is held."""

    participant_id: UUID
    home_organisation_id: UUID
    price_minor: int
    given_back_minor: int | None = None


@dataclass(frozen=True)
class Booking:
    """A booking with its places as one event tells them."""

    booking_id: UUID
    organisation_id: UUID
    version: int
    session_id: UUID
    activity_id: UUID
    title: str
    starts_at: datetime
    payer_kind: PayerKind
    payer_id: UUID
    currency: str
    places: tuple[Place, ...]
    cost_shares: tuple[CostShare, ...]


@dataclass(frozen=True)
class ShareRule:
    """What percentage of its people's places an association bears on a day (`valid_to` is the last day)."""

    organisation_id: UUID
    borne_percent: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class SessionFacts:
    """What is known of a session; `attended` says what attendance gives back, by booking and participant."""

    session_on: date
    is_completed: bool = False
    attended: Mapping[tuple[UUID, UUID], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Charge:
    """What one payer owes for one place. `price_minor` is the place's, `charged_minor` this payer's part of it."""

    id: UUID
    organisation_id: UUID
    booking_id: UUID
    booking_version: int
    participant_id: UUID
    home_organisation_id: UUID
    payer_kind: PayerKind
    payer_id: UUID
    session_id: UUID
    activity_id: UUID
    title: str
    currency: str
    price_minor: int
    charged_minor: int
    cost_shares: tuple[CostShare, ...]
    session_on: date
    cancelled_given_back_minor: int | None = None
    given_back_minor: int = 0
    is_earned: bool = False

    @property
    def amount_minor(self) -> int:
        """What is still owed."""
        return self.charged_minor - self.given_back_minor

    @property
    def state(self) -> ChargeState:
        """Open, reduced or reversed; a place that cost nothing is reversed by its cancellation."""
        if self.given_back_minor == 0 and not (self.charged_minor == 0 and self.cancelled_given_back_minor is not None):
            return ChargeState.open
        return ChargeState.reduced if self.amount_minor else ChargeState.reversed


@dataclass(frozen=True)
class Movement:
    """A charge before and after an event; `before` is None for a new one."""

    before: Charge | None
    after: Charge

    @property
    def amount_minor(self) -> int:
        """What the payer owes more (or less)."""
        return self.after.amount_minor - (self.before.amount_minor if self.before else 0)


@dataclass(frozen=True)
class IncomeChange:
    """What a movement changes in one association's budget of one year."""

    organisation_id: UUID
    year: int
    promised_minor: int
    earned_minor: int


@dataclass(frozen=True)
class PairDebt:
    """What a movement makes one association owe another for a session on a day."""

    debtor_id: UUID
    creditor_id: UUID
    day: date
    amount_minor: int


def local_day(moment: datetime, time_zone: str | None) -> date:
    """The date of a moment in a time zone."""
    return moment.astimezone(ZoneInfo(time_zone or DEFAULT_TIME_ZONE)).date()


def check_period(valid_from: date, valid_to: date | None) -> None:
    """Raise PeriodIsEmpty when the last day is before the first."""
    if valid_to is not None and valid_to < valid_from:
        raise PeriodIsEmpty("The last day is before the first.")


def borne_percent(rules: Iterable[ShareRule], organisation_id: UUID, day: date) -> int:
    """The percentage that an association bears on a day; 0 without a rule."""
    for rule in rules:
        is_begun = rule.valid_from <= day
        if rule.organisation_id == organisation_id and is_begun and (rule.valid_to is None or day <= rule.valid_to):
            return rule.borne_percent
    return 0


def split_income(amount_minor: int, organiser_id: UUID, shares: Sequence[CostShare]) -> dict[UUID, int]:
    """The amount by association, the organiser's first: it has what the co-hosts' basis points leave."""
    weights: dict[UUID, int] = {organiser_id: 0}
    for share in shares:
        if share.organisation_id != organiser_id:
            weights[share.organisation_id] = weights.get(share.organisation_id, 0) + share.basis_points
    weights[organiser_id] = max(0, ALL_BASIS_POINTS - sum(weights.values()))
    parts = split_by_largest_remainder(amount_minor, list(weights.values()))
    return dict(zip(weights, parts, strict=True))


def charge_booking(
    booking: Booking,
    known: Sequence[Charge],
    rules: Sequence[ShareRule],
    session: SessionFacts,
    new_id: Callable[[], UUID],
) -> list[Movement]:
    """What a booking event changes: new places are charged, cancelled ones given back, stale facts ignored."""
    movements: list[Movement] = []
    for place in booking.places:
        parts = sorted((charge for charge in known if charge.participant_id == place.participant_id), key=_part_order)
        if parts:
            told = [_with_booking_fact(charge, booking.version, place) for charge in parts]
            movements += _moved(parts, _settled(told, session))
        else:
            new = _settled(_charge_place(booking, place, rules, session, new_id), session)
            movements += [Movement(None, charge) for charge in new]
    return movements


def settle_session(known: Sequence[Charge], session: SessionFacts) -> list[Movement]:
    """What the facts known of a session change in its charges."""
    movements: list[Movement] = []
    ordered = sorted(known, key=_part_order)
    for _, group in groupby(ordered, key=lambda charge: (charge.booking_id, charge.participant_id)):
        parts = list(group)
        movements += _moved(parts, _settled(parts, session))
    return movements


def income_changes(movement: Movement) -> list[IncomeChange]:
    """What a movement changes in the budgets of the organiser and the co-hosts."""
    changes: dict[tuple[UUID, int], list[int]] = {}
    for charge, sign in _signed(movement):
        for organisation_id, part in split_income(
            charge.amount_minor, charge.organisation_id, charge.cost_shares
        ).items():
            amounts = changes.setdefault((organisation_id, charge.session_on.year), [0, 0])
            amounts[charge.is_earned] += sign * part
    return [IncomeChange(*key, *amounts) for key, amounts in changes.items() if any(amounts) or not movement.before]


def pair_debts(movement: Movement) -> list[PairDebt]:
    """What a movement changes in the debts between associations; a session that moves takes its debts along."""
    debts: dict[tuple[UUID, UUID, date], int] = {}
    for charge, sign in _signed(movement):
        organiser_id, day = charge.organisation_id, _quarter_day(charge.session_on)
        if charge.payer_kind is PayerKind.organisation and charge.payer_id != organiser_id:
            key = (charge.payer_id, organiser_id, day)
            debts[key] = debts.get(key, 0) + sign * charge.amount_minor
        for co_host_id, part in split_income(charge.amount_minor, organiser_id, charge.cost_shares).items():
            if co_host_id != organiser_id:
                key = (organiser_id, co_host_id, day)
                debts[key] = debts.get(key, 0) + sign * part
    return [PairDebt(*key, amount_minor) for key, amount_minor in debts.items() if amount_minor]


def income_split_change(movement: Movement) -> tuple[tuple[UUID, int], ...]:
    """How the change of the amount is shared: the parts after it less the parts before it."""
    parts: dict[UUID, int] = {}
    for charge, sign in _signed(movement):
        shared = split_income(charge.amount_minor, charge.organisation_id, charge.cost_shares)
        for organisation_id, part in shared.items():
            parts[organisation_id] = parts.get(organisation_id, 0) + sign * part
    return tuple(parts.items())


def neighbours(charges: Iterable[Charge]) -> list[UUID]:
    """The associations other than the organiser whose books the charges touch, in a stable order."""
    found: set[UUID] = set()
    for charge in charges:
        found |= {share.organisation_id for share in charge.cost_shares if share.basis_points}
        if charge.payer_kind is PayerKind.organisation:
            found.add(charge.payer_id)
        found.discard(charge.organisation_id)
    return sorted(found)


def _part_order(charge: Charge) -> tuple[UUID, UUID, bool]:
    """By place, and the association's part before the household's: remainders go to the same part every time."""
    return charge.booking_id, charge.participant_id, charge.payer_kind is PayerKind.household


def _quarter_day(day: date) -> date:
    """The first day of the quarter, so that days of one quarter net out."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _signed(movement: Movement) -> list[tuple[Charge, int]]:
    return [(movement.after, 1)] if movement.before is None else [(movement.after, 1), (movement.before, -1)]


def _moved(before: Sequence[Charge], after: Sequence[Charge]) -> list[Movement]:
    pairs = zip(before, after, strict=True)
    return [Movement(old, new) for old, new in pairs if old != new]


def _charge_place(
    booking: Booking,
    place: Place,
    rules: Sequence[ShareRule],
    session: SessionFacts,
    new_id: Callable[[], UUID],
) -> list[Charge]:
    """The charges of a place: one, or the home association's part and the household's part."""
    payers = [(booking.payer_kind, booking.payer_id, place.price_minor)]
    home_id = place.home_organisation_id
    percent = borne_percent(rules, home_id, session.session_on)
    if booking.payer_kind is PayerKind.household and percent and place.price_minor:
        borne, left = split_by_largest_remainder(place.price_minor, [percent, 100 - percent])
        payers = [(PayerKind.organisation, home_id, borne), (PayerKind.household, booking.payer_id, left)]
        payers = payers[:1] if percent == 100 else payers
    return [
        Charge(
            id=new_id(),
            organisation_id=booking.organisation_id,
            booking_id=booking.booking_id,
            booking_version=booking.version,
            participant_id=place.participant_id,
            home_organisation_id=home_id,
            payer_kind=kind,
            payer_id=payer_id,
            session_id=booking.session_id,
            activity_id=booking.activity_id,
            title=booking.title,
            currency=booking.currency,
            price_minor=place.price_minor,
            charged_minor=charged_minor,
            cost_shares=booking.cost_shares,
            session_on=session.session_on,
            cancelled_given_back_minor=place.given_back_minor,
        )
        for kind, payer_id, charged_minor in payers
    ]


def _with_booking_fact(charge: Charge, version: int, place: Place) -> Charge:
    """The charge told whether its place is held; an older booking version says nothing new."""
    if version <= charge.booking_version or place.given_back_minor == charge.cancelled_given_back_minor:
        return charge
    return replace(charge, booking_version=version, cancelled_given_back_minor=place.given_back_minor)


def _settled(parts: Sequence[Charge], session: SessionFacts) -> list[Charge]:
    """The charges of one place with what follows from all facts: what is given back, what is earned, and when."""
    first = parts[0]
    attended = session.attended.get((first.booking_id, first.participant_id))
    is_cancelled = first.cancelled_given_back_minor is not None
    given_back = first.cancelled_given_back_minor if is_cancelled else attended
    back = _split_back(min(max(given_back or 0, 0), first.price_minor), parts)
    is_earned = session.is_completed or (attended is not None and not is_cancelled)
    return [
        replace(charge, given_back_minor=part, is_earned=is_earned, session_on=session.session_on)
        for charge, part in zip(parts, back, strict=True)
    ]


def _split_back(given_back_minor: int, parts: Sequence[Charge]) -> list[int]:
    """What is given back to each payer, by what each was charged; the association comes first."""
    if given_back_minor == 0:
        return [0] * len(parts)
    return split_by_largest_remainder(given_back_minor, [charge.charged_minor for charge in parts])

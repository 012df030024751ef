"""What associations and outside partners promise each other, who has signed it, and when to think of its renewal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

ALARM_TIME = time(8)


class AgreementState(StrEnum):
    """How far an agreement has come: `sent` is for signature, `signed` is by all sides."""

    draft = "draft"
    sent = "sent"
    signed = "signed"
    ended = "ended"


class ContributionKind(StrEnum):
    """What a side brings; `public` are people whom it brings along, `people` are workers and volunteers."""

    money = "money"
    place = "place"
    equipment = "equipment"
    people = "people"
    public = "public"
    knowledge = "knowledge"


LENT = frozenset({ContributionKind.place, ContributionKind.equipment})


class AgreementNotFound(Exception):
    """The caller sees no agreement with this id."""


class AgreementChangedMeanwhile(Exception):
    """The agreement is at another version than the one that the change is for."""


class NotADraft(Exception):
    """What was sent for signature does not change any more."""


class NotOpenForSignature(Exception):
    """The agreement was not sent yet, or has ended."""


class NoPartyOfTheAgreement(Exception):
    """The organisation is no side of the agreement."""


class SignedBefore(Exception):
    """This side has signed already."""


class UnfitTerms(Exception):
    """The terms contradict each other; the text says which and how to put it right."""


class AgreementDoesNotCover(Exception):
    """The agreement does not cover what cites it; the text says why."""


@dataclass(frozen=True)
class Contribution:
    """What one side brings; money is in minor units and a currency, everything else has neither."""

    party_id: UUID
    kind: ContributionKind
    description: str
    amount_minor: int | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Terms:
    """What is agreed; `party_ids` are the sides beside the one that keeps the agreement. No end means until ended."""

    title: str
    scope: str
    starts_on: date
    ends_on: date | None
    renewal_notice_days: int
    party_ids: tuple[UUID, ...]
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True)
class Loan:
    """Who lends something to whom, on the days of the lender's clock; both are one who uses what is his own."""

    owner_id: UUID
    lodger_id: UUID
    first_day: date
    last_day: date


def check_terms(keeper_id: UUID, terms: Terms) -> None:
    """Raises UnfitTerms."""
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise UnfitTerms("The agreement ends before it starts: change one of the two days.")
    if not terms.party_ids or keeper_id in terms.party_ids or len(set(terms.party_ids)) < len(terms.party_ids):
        raise UnfitTerms("Name the other sides, each once; your own association is a side without being named.")
    for contribution in terms.contributions:
        _check_contribution({keeper_id, *terms.party_ids}, contribution)


def _check_contribution(sides: Collection[UUID], contribution: Contribution) -> None:
    if contribution.party_id not in sides:
        raise UnfitTerms(f"{contribution.party_id} brings something but is no side: name it among the sides.")
    has_amount = contribution.amount_minor is not None and contribution.currency is not None
    if has_amount is not (contribution.kind is ContributionKind.money):
        raise UnfitTerms("Money needs an amount and a currency, and nothing else has them.")


def check_covers_loan(state: AgreementState, keeper_id: UUID, terms: Terms, loan: Loan) -> None:
    """What the owner lends to another side is promised, for all of these days. Raises AgreementDoesNotCover."""
    if state is not AgreementState.signed:
        raise AgreementDoesNotCover("The agreement is not in force: all sides sign it first, and nobody has ended it.")
    if loan.first_day < terms.starts_on or (terms.ends_on is not None and loan.last_day > terms.ends_on):
        raise AgreementDoesNotCover("The agreement does not hold on all of these days.")
    if not {loan.owner_id, loan.lodger_id} <= {keeper_id, *terms.party_ids}:
        raise AgreementDoesNotCover("Who lends and who borrows are not both sides of this agreement.")
    if not any(one.party_id == loan.owner_id and one.kind in LENT for one in terms.contributions):
        raise AgreementDoesNotCover("In this agreement the owner brings neither a place nor equipment.")


def missing_signatures(keeper_id: UUID, party_ids: Collection[UUID], signed: Collection[UUID]) -> list[UUID]:
    """The sides that have not signed, the keeper first."""
    return [side for side in (keeper_id, *party_ids) if side not in signed]


def renewal_alarm_at(ends_on: date, notice_days: int, time_zone: str) -> datetime:
    """When to be told of the coming end: in the morning, so many days before, in the keeper's time zone."""
    return datetime.combine(ends_on - timedelta(days=notice_days), ALARM_TIME, ZoneInfo(time_zone))

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


def missing_signatures(keeper_id: UUID, party_ids: Collection[UUID], signed: Collection[UUID]) -> list[UUID]:
    """The sides that have not signed, the keeper first."""
    return [side for side in (keeper_id, *party_ids) if side not in signed]


def renewal_alarm_at(ends_on: date, notice_days: int, time_zone: str) -> datetime:
    """When to be told of the coming end: in the morning, so many days before, in the keeper's time zone."""
    return datetime.combine(ends_on - timedelta(days=notice_days), ALARM_TIME, ZoneInfo(time_zone))

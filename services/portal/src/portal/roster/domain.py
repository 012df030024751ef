"""Everybody on the list of a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

Entry = Mapping[str, Any]
LIVE_RESERVATIONS = frozenset({"asked", "held", "confirmed"})


@dataclass(frozen=True)
class Roster:
    """The list by what the places are: taken, offered, waited for."""

    confirmed: Sequence[Entry]
    offered: Sequence[Entry]
    waiting: Sequence[Entry]

    @property
    def is_empty(self) -> bool:
        """True when nobody asked for a place."""
        return not (self.confirmed or self.offered or self.waiting)

    def count(self, mark: str) -> int:
        """How many of the confirmed have a mark."""
        return sum(entry["mark"] == mark for entry in self.confirmed)

    @property
    def unmarked(self) -> int:
        """How many of the confirmed have none yet."""
        return sum(entry["mark"] is None for entry in self.confirmed)


def roster_of(entries: Sequence[Entry]) -> Roster:
    """Sort the list; who waits is in the order of arrival."""
    waiting = [entry for entry in entries if entry["booking_state"] == "waiting"]
    return Roster(
        confirmed=[entry for entry in entries if entry["booking_state"] == "confirmed"],
        offered=[entry for entry in entries if entry["booking_state"] == "offered"],
        waiting=sorted(waiting, key=lambda entry: (entry["waiting_since"] or "", entry["booking_id"])),
    )


@dataclass(frozen=True)
class SessionMoney:
    """What the places of a session bring, in minor units, and the budget that it counts in."""

    promised_minor: int
    earned_minor: int
    currency: str
    budget_id: str | None


def money_of(charges: Sequence[Mapping[str, Any]], budget_id: str | None) -> SessionMoney | None:
    """The sums of the charges; None when there are none."""
    if not charges:
        return None
    earned = sum(charge["amount_minor"] for charge in charges if charge["is_earned"])
    together = sum(charge["amount_minor"] for charge in charges)
    return SessionMoney(together - earned, earned, charges[0]["currency"], budget_id)


@dataclass(frozen=True)
class Change:
    """Something that was changed of a session; `by_me` when the reader did it."""

    at: datetime
    subject: str
    action: str
    fields: Sequence[str]
    by_me: bool


def changes_of(answers: Sequence[Mapping[str, Any]], zone: tzinfo | None) -> list[Change]:
    """What was changed, on the clock of the place; changes that show nothing to people are left out."""
    return [
        Change(
            datetime.fromisoformat(one["recorded_at"]).astimezone(zone), one["subject"], one["action"], one["fields"],
            one["by_me"],
        )
        for one in answers
        if one["fields"] or one["action"] != "update" or one["subject"] == "attendance"
    ]  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What went out about a session: counted for everybody, and one by one for the association's own people."""

    counts: Sequence[Mapping[str, Any]] = ()
    own: Sequence[Mapping[str, Any]] = ()

    @property
    def total(self) -> int:
        """How many messages that are."""
        return sum(count["messages"] for count in self.counts)


def told_of(counts: Sequence[Mapping[str, Any]], own: Sequence[Mapping[str, Any]], zone: tzinfo | None) -> Told:
    """The counts on the clock of the place, and the messages to own people as they are."""
    moments = (datetime.fromisoformat(count["newest_at"]).astimezone(zone) for count in counts)
    return Told([{**count, "newest_at": moment} for count, moment in zip(counts, moments, strict=True)], own)


@dataclass(frozen=True)
class ReservedThing:
    """A room or a piece of equipment that the session has, or has asked for, on the clock of its place."""

    name: str
    owner_id: str
    is_asked: bool
    starts_at: datetime
    ends_at: datetime


def reserved_things(reservations: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[ReservedThing]:
    """What a session reserves, by name; what it gave back or did not get is left out."""
    found = [
        ReservedThing(
            names.get(one["resource_id"], one["title"]),
            one["organisation_id"],
            one["state"] == "asked",
            datetime.fromisoformat(one["starts_at"]).astimezone(ZoneInfo(one["time_zone"])),
            datetime.fromisoformat(one["ends_at"]).astimezone(ZoneInfo(one["time_zone"])),
        )
        for one in reservations
        if one["state"] in LIVE_RESERVATIONS
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.starts_at))

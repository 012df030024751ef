"""What associations and partners promise each other, as its sides read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

CONTRIBUTION_KINDS = ("people", "place", "equipment", "money", "public", "knowledge")
CONTRIBUTIONS_SHOWN, CONTRIBUTIONS_MAX = 4, 50
STATE_ORDER = ("sent", "draft", "signed", "ended")
LEADER = "director"


@dataclass(frozen=True)
class Agreement:
    """An agreement in a list; `runs_out` from its alarm on until it ends."""

    id: str
    version: int
    keeper_id: str
    state: str
    title: str
    starts_on: date
    ends_on: date | None
    party_ids: Sequence[str]
    runs_out: bool
    is_over: bool

    @property
    def side_ids(self) -> list[str]:
        """All sides, the keeper first."""
        return [self.keeper_id, *self.party_ids]


def agreement_of(answer: Mapping[str, Any], today: date) -> Agreement:
    """The agreement that the partners service tells of; one is over from the day after its last one."""
    ends_on = date.fromisoformat(answer["ends_on"]) if answer["ends_on"] else None
    in_force = answer["state"] == "signed"
    is_over = ends_on is not None and ends_on < today
    alarm_on = ends_on - timedelta(days=answer["renewal_notice_days"]) if ends_on else None
    return Agreement(
        id=answer["id"],
        version=answer["version"],
        keeper_id=answer["organisation_id"],
        state=answer["state"],
        title=answer["title"],
        starts_on=date.fromisoformat(answer["starts_on"]),
        ends_on=ends_on,
        party_ids=answer["party_ids"],
        runs_out=in_force and not is_over and alarm_on is not None and alarm_on <= today,
        is_over=in_force and is_over,
    )


def ordered(agreements: Sequence[Agreement]) -> list[Agreement]:
    """What wants something first: running out, then to be signed, drafts, in force, over."""
    return sorted(
        agreements,
        key=lambda one: (not one.runs_out, one.is_over, STATE_ORDER.index(one.state), one.title.casefold()),
    )


def unsigned_sides(agreement: Agreement, signatures: Sequence[Mapping[str, Any]]) -> list[str]:
    """The sides that have not signed, the keeper first."""
    signed = {signature["party_id"] for signature in signatures}
    return [side for side in agreement.side_ids if side not in signed]


def may_sign(agreement: Agreement, unsigned: Sequence[str], own_id: str, roles: frozenset[str]) -> list[str]:
    """For which sides somebody signs: their own; who leads the keeper also records what came on paper."""
    if agreement.state != "sent" or LEADER not in roles:
        return []
    return [side for side in unsigned if own_id in (side, agreement.keeper_id)]


def fields_of(answer: Mapping[str, Any]) -> dict[str, str]:
    """The terms of a draft, as its form shows them."""
    values = {
        "title": answer["title"],
        "scope": answer["scope"],
        "starts_on": answer["starts_on"],
        "ends_on": answer["ends_on"] or "",
        "renewal_notice_days": str(answer["renewal_notice_days"]),
        "version": str(answer["version"]),
    }
    values |= {f"partner-{party_id}": "on" for party_id in answer["party_ids"]}
    for number, one in enumerate(answer["contributions"]):
        amount = one["amount_minor"]
        values |= {
            f"by-{number}": one["party_id"],
            f"kind-{number}": one["kind"],
            f"what-{number}": one["description"],
            f"amount-{number}": "" if amount is None else f"{amount // 100}.{amount % 100:02}",
        }
    return values


def places_for_contributions(values: Mapping[str, str]) -> range:
    """So many contributions fit the form: those written down, and some more."""
    written = sum(1 for name, value in values.items() if name.startswith("what-") and value)
    return range(max(CONTRIBUTIONS_SHOWN, written + 2))

"""What sessions asked for and did not get or lost again, and what they could have instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.sessions.domain import Session

LOST = ("refused", "late")
PLACES = frozenset({"room", "outdoor"})
OWNER_ANSWERS_WITHIN_SECONDS = 3 * 24 * 60 * 60
OTHERS_ANSWER_WITHIN_SECONDS = 60
ROWS_SHOWN, ROWS_MAX = 2, 20


@dataclass(frozen=True)
class Proposal:
    """What was free when the refusal was made; `site_id` is where it is when that is not where the session is."""

    resource_id: str
    owner_id: str
    name: str
    starts_at: datetime
    ends_at: datetime
    site_id: str | None
    owner_decides: bool

    @property
    def is_elsewhere(self) -> bool:
        """True when the session would move to another site."""
        return self.site_id is not None


@dataclass(frozen=True)
class LostThing:
    """A room or piece of equipment that cannot be had; `explanation` has the owner's words where he decided."""

    resource_id: str
    name: str
    reason: str
    explanation: str
    proposals: Sequence[Proposal]


@dataclass(frozen=True)
class Hold:
    """What a session that got nothing of it had asked for; `wishes` as the activities service takes them."""

    state: str
    things: Sequence[LostThing]
    roles: Sequence[str]
    wishes: Mapping[str, Any]


@dataclass(frozen=True)
class LostHold:
    """A session that needs somebody to decide."""

    session_id: str
    title: str
    starts_at: datetime
    names: Sequence[str]


def hold_of(answer: Mapping[str, Any], session: Session, resources: Sequence[Mapping[str, Any]]) -> Hold:
    """The hold that the activities service tells of, with what is known of the proposed resources."""
    by_id = {one["id"]: one for one in resources}
    return Hold(
        answer["state"],
        [
            LostThing(
                thing["resource_id"],
                thing["name"],
                thing["reason"],
                thing["explanation"],
                [_proposal_of(one, session, by_id.get(one["resource_id"], {})) for one in thing["alternatives"]],
            )
            for thing in answer["refused_resources"]
        ],
        [one["role"] for one in answer["refused_people"]],
        answer["wishes"],
    )


def _proposal_of(answer: Mapping[str, Any], session: Session, resource: Mapping[str, Any]) -> Proposal:
    site_id = resource.get("site_id") if resource.get("kind") in PLACES else None
    return Proposal(
        resource_id=answer["resource_id"],
        owner_id=answer["owner_organisation_id"],
        name=answer["name"],
        starts_at=datetime.fromisoformat(answer["starts_at"]).astimezone(session.starts_at.tzinfo),
        ends_at=datetime.fromisoformat(answer["ends_at"]).astimezone(session.starts_at.tzinfo),
        site_id=site_id if site_id != session.site_id else None,
        owner_decides=resource.get("approval") == "owner"
        and answer["owner_organisation_id"] != session.organisation_id,
    )


def find_proposal(hold: Hold, lost_id: str, instead_id: str, starts_at: str) -> Proposal | None:
    """The proposal that was chosen on the page, when it still is one."""
    proposals = (one for thing in hold.things if thing.resource_id == lost_id for one in thing.proposals)
    return next(
        (one for one in proposals if one.resource_id == instead_id and one.starts_at.isoformat() == starts_at),
        None,
    )


def change_for(hold: Hold, lost_id: str, proposal: Proposal, session: Session) -> dict[str, object]:
    """The change of the session that asks for the proposal instead; it moves to the hour and the site of that."""
    wished = next(one for one in hold.wishes["resources"] if one["resource_id"] == lost_id)
    others = [one for one in hold.wishes["resources"] if one["resource_id"] != lost_id]
    instead = {**wished, "resource_id": proposal.resource_id, "owner_organisation_id": proposal.owner_id}
    seconds = hold.wishes["answer_within_seconds"]
    if proposal.owner_decides:
        seconds = max(seconds, OWNER_ANSWERS_WITHIN_SECONDS)
    wishes = {**hold.wishes, "resources": [*others, instead], "answer_within_seconds": seconds}
    starts_at = proposal.starts_at + timedelta(minutes=wished["minutes_before"])
    ends_at = proposal.ends_at - timedelta(minutes=wished["minutes_after"])
    change: dict[str, object] = {"wishes": wishes}
    if (starts_at, ends_at) != (session.starts_at, session.ends_at):
        change |= {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    return change | {"site_id": proposal.site_id} if proposal.is_elsewhere else change


def values_of(wishes: Mapping[str, Any]) -> dict[str, str]:
    """What a session asked for, as the fields of the form show it."""
    values: dict[str, str] = {}
    for number, one in enumerate(wishes.get("resources", ())):
        values |= {
            f"thing-{number}": one["resource_id"],
            f"pieces-{number}": str(one["quantity"]),
            f"before-{number}": str(one["minutes_before"]),
            f"after-{number}": str(one["minutes_after"]),
        }
    for number, one in enumerate(wishes.get("people", ())):
        values |= {f"role-{number}": one["role"], f"people-{number}": str(one["count"])}
    return values


def rows_of(prefix: str, values: Mapping[str, str]) -> range:
    """So many rows the form shows: those that are filled in, and one more."""
    filled = [int(name.removeprefix(prefix)) for name, value in values.items() if name.startswith(prefix) and value]
    return range(min(ROWS_MAX, max(ROWS_SHOWN, max(filled, default=-1) + 2)))


def is_wished(values: Mapping[str, str]) -> bool:
    """True when the form asks for anything."""
    return any(value and name.startswith(("thing-", "role-")) for name, value in values.items())


def with_names(people: Sequence[Mapping[str, Any]], before: Mapping[str, Any]) -> list[dict[str, Any]]:
    """People as wished now; a role keeps the qualification and the names that it was asked for with before."""
    known = {one["role"]: one for one in before.get("people", ())}
    nobody: dict[str, Any] = {"qualification": None, "person_ids": []}
    return [{**{name: known.get(one["role"], nobody)[name] for name in nobody}, **one} for one in people]


def lost_holds(answers: Iterable[Mapping[str, Any]], sessions: Iterable[Session]) -> list[LostHold]:
    """Which of these sessions need somebody to decide, the first to begin first."""
    by_id = {session.id: session for session in sessions if not session.is_cancelled}
    found = [
        LostHold(one.id, one.title, one.starts_at, [thing["name"] for thing in answer["refused_resources"]])
        for answer in answers
        if (one := by_id.get(answer["session_id"])) is not None
    ]
    return sorted(found, key=lambda one: one.starts_at)

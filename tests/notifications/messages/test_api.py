"""Messages over HTTP: readers see their own, planners see what was told, others see nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from common.database import Database
from common.ids import new_id
from common.testing import deliver
from contracts.activities import ContactChanged
from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.notifications.people import MESSAGES, RECIPIENTS, Town, booking_of, contact_of

BASE = "/api/notifications/v1"
FAIL = text("update messages set state = 'failed', failed_at = now(), last_error = '550 no' where id = :id")


@dataclass
class Told:
    """A booking of a parent at an association with a coordinator; `other` coordinates elsewhere."""

    organisation_id: UUID
    coordinator: Person
    parent: Person
    other: Person
    contact: ContactChanged
    owner: AsyncEngine
    database: Database

    async def again(self) -> None:
        """Another booking of the same parent."""
        async with self.database.transaction() as session:
            await deliver(session, MESSAGES, booking_of(self.organisation_id, self.contact))

    async def fail(self, message_id: str) -> None:
        async with self.owner.begin() as connection:
            await connection.execute(FAIL, {"id": UUID(message_id)})


@pytest.fixture
async def told(
    service_world: World, worker_database: Database, databases_of: Callable[[str], ServiceDatabases]
) -> Told:
    organisation_id, other_id = await service_world.organisation(), await service_world.organisation()
    coordinator = await service_world.member(organisation_id, Role.coordinator)
    issuer = service_world._issuer.url
    subject = f"parent-{secrets.token_hex(6)}"
    contact = contact_of(organisation_id, account_issuer=issuer, account_subject=subject, display_name="Amina")
    async with worker_database.transaction() as session:
        town = Town(session)
        await town.member(organisation_id, Role.coordinator, account_issuer=issuer, account_subject=coordinator.subject)
        await deliver(session, RECIPIENTS, contact)
        await deliver(session, MESSAGES, booking_of(organisation_id, contact))
    parent = await service_world.parent(organisation_id, *_persons(contact))
    async with databases_of("notifications").engine("owner").begin() as connection:
        await connection.execute(
            text("update known_account_persons set account_subject = :new where account_subject = :old"),
            {"new": subject, "old": parent.subject},
        )
    return Told(
        organisation_id,
        coordinator,
        service_world.stranger(subject),
        await service_world.member(other_id, Role.coordinator),
        contact,
        databases_of("notifications").engine("owner"),
        worker_database,
    )


def _persons(contact: ContactChanged) -> list[UUID]:
    assert contact.household_id is not None
    return [contact.household_id, *(person.participant_id for person in contact.persons)]


async def _items(person: Person, path: str) -> list[dict[str, Any]]:
    answer = await person.get(f"{BASE}{path}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_parent_reads_his_own_message_and_marks_it_as_read(told: Told) -> None:
    (mine,) = await _items(told.parent, "/messages/mine?unread=true")
    assert mine["kind"] == "booking_confirmed"
    assert "Lina et Yanis" in mine["body"]

    read = await told.parent.post(f"{BASE}/messages/{mine['id']}/read", None)
    again = await told.parent.post(f"{BASE}/messages/{mine['id']}/read", None)

    assert read.status_code == 200
    assert read.json()["read_at"] is not None
    assert again.json()["read_at"] == read.json()["read_at"]
    assert await _items(told.parent, "/messages/mine?unread=true") == []
    assert len(await _items(told.parent, "/messages/mine")) == 1


async def test_everything_is_read_at_once_and_only_ones_own(told: Told) -> None:
    await told.again()
    assert (await told.parent.post(f"{BASE}/messages/mine/read-all", None)).json() == {"marked": 2}
    assert (await told.parent.post(f"{BASE}/messages/mine/read-all", None)).json() == {"marked": 0}
    assert len(await _items(told.coordinator, "/messages/mine?unread=true")) == 2


async def test_own_messages_come_newest_first_in_pages(told: Told) -> None:
    for _ in range(2):
        await told.again()
    first = (await told.parent.get(f"{BASE}/messages/mine?limit=2")).json()
    rest = (await told.parent.get(f"{BASE}/messages/mine?limit=2&cursor={first['next_cursor']}")).json()
    ids = [item["id"] for item in first["items"] + rest["items"]]
    assert len(ids) == 3
    assert ids == sorted(ids, reverse=True)
    assert rest["next_cursor"] is None


async def test_planners_see_states_and_subjects_but_no_text(told: Told) -> None:
    messages = {item["kind"]: item for item in await _items(told.coordinator, "/messages")}
    assert messages.keys() == {"booking_confirmed", "booking_confirmed_team"}
    to_parent = messages["booking_confirmed"]
    assert (to_parent["state"], to_parent["recipient_name"], to_parent["body"]) == ("pending", "Amina", None)
    single = (await told.coordinator.get(f"{BASE}/messages/{to_parent['id']}")).json()
    assert single == to_parent
    own = (await told.parent.get(f"{BASE}/messages/{to_parent['id']}")).json()
    assert "Lina et Yanis" in own["body"]


async def test_planners_find_messages_by_state_channel_kind_and_fact(told: Told) -> None:
    fact_id = (await _items(told.coordinator, "/messages"))[0]["fact_id"]
    for query, number in (
        ("state=pending", 1), ("state=failed", 0), ("channel=in_app", 1), ("channel=post", 0),
        ("kind=booking_confirmed_team", 1), (f"fact={fact_id}", 2), ("fact=unheard-of", 0),
    ):  # fmt: skip
        assert len(await _items(told.coordinator, f"/messages?{query}")) == number, query
    assert (await told.coordinator.get(f"{BASE}/messages?state=lost")).status_code == 422


async def test_a_message_for_paper_shows_its_text_and_is_marked_as_told(told: Told) -> None:
    contact = contact_of(told.organisation_id, email=None)
    async with told.database.transaction() as session:
        await deliver(session, RECIPIENTS, contact)
        await deliver(session, MESSAGES, booking_of(told.organisation_id, contact))
    (letter,) = await _items(told.coordinator, "/messages?channel=post")
    assert letter["state"] == "to_print"
    assert "Lina et Yanis" in letter["body"]

    for _ in range(2):
        printed = await told.coordinator.post(f"{BASE}/messages/{letter['id']}/printed", None)
        assert (printed.status_code, printed.json()["state"]) == (200, "printed")
    (mail,) = await _items(told.coordinator, "/messages?channel=email")
    assert (await told.coordinator.post(f"{BASE}/messages/{mail['id']}/printed", None)).status_code == 409


async def test_a_failed_message_is_sent_again_on_request(told: Told) -> None:
    (mail,) = await _items(told.coordinator, "/messages?channel=email")
    early = await told.coordinator.post(f"{BASE}/messages/{mail['id']}/retry", None)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/message-not-failed")
    await told.fail(mail["id"])

    retried = await told.coordinator.post(f"{BASE}/messages/{mail['id']}/retry", None)

    assert (retried.status_code, retried.json()["state"]) == (200, "pending")
    async with told.owner.connect() as connection:
        due = await connection.execute(text("select 1 from due_rows where subject_id = :id"), {"id": UUID(mail["id"])})
        audited = await connection.execute(
            text("select actor from audit_entries where subject_id = :id and action = 'update'"), {"id": mail["id"]}
        )
        assert due.first() is not None
        assert audited.scalars().all()[-1].endswith(told.coordinator.subject)


async def test_other_associations_and_other_parents_see_nothing(told: Told, service_world: World) -> None:
    messages = await _items(told.coordinator, "/messages")
    outsiders = [
        told.other,
        await service_world.member(told.organisation_id, Role.volunteer),
        await service_world.parent(told.organisation_id, new_id()),
        await service_world.parent(told.organisation_id, *_persons(told.contact)),
        service_world.stranger(),
    ]
    for outsider in outsiders:
        assert await _items(outsider, "/messages") == []
        assert await _items(outsider, "/messages/mine") == []
        assert await _items(outsider, "/recipients") == []
        for message in messages:
            path = f"{BASE}/messages/{message['id']}"
            assert (await outsider.get(path)).status_code == 404
            for act in ("read", "retry", "printed"):
                assert (await outsider.post(f"{path}/{act}", None)).status_code == 404
        assert (await outsider.post(f"{BASE}/messages/mine/read-all", None)).json() == {"marked": 0}
    assert (await service_world.nobody().get(f"{BASE}/messages")).status_code == 401


async def test_a_parent_is_no_planner_of_his_own_messages(told: Told) -> None:
    assert await _items(told.parent, "/messages") == []
    (mine,) = await _items(told.parent, "/messages/mine")
    await told.fail(mine["id"])
    assert (await told.parent.post(f"{BASE}/messages/{mine['id']}/retry", None)).status_code == 404


async def test_the_organiser_counts_what_its_session_caused_and_names_only_its_own(
    told: Told, service_world: World
) -> None:
    home_id, session_id = await service_world.organisation(), new_id()
    home = await service_world.member(home_id, Role.coordinator)
    guest = contact_of(home_id, display_name="Odette", prefers_phone=True)
    late = contact_of(home_id)
    async with told.database.transaction() as session:
        await deliver(session, RECIPIENTS, guest)
        for contact in (told.contact, guest, late):
            await deliver(session, MESSAGES, booking_of(told.organisation_id, contact, session_id=session_id))
        await deliver(session, RECIPIENTS, late)
    path = f"/sessions/{session_id}/messages"
    counts = (await told.coordinator.get(f"{BASE}{path}")).json()
    seen = {(one["kind"], one["channel"], one["state"]): one["messages"] for one in counts}
    assert seen == {
        ("booking_confirmed", "email", "pending"): 2,
        ("booking_confirmed", "post", "to_print"): 1,
        ("booking_confirmed_team", "in_app", "sent"): 3,
    }
    own = await _items(told.coordinator, f"/messages?session_id={session_id}")
    assert {item["organisation_id"] for item in own} == {str(told.organisation_id)}
    assert "Odette" not in str(own)
    assert len(await _items(home, f"/messages?session_id={session_id}")) == 2
    animator = await service_world.member(told.organisation_id, Role.animator)
    for person in (home, told.other, told.parent, animator, service_world.stranger()):
        assert (await person.get(f"{BASE}{path}")).json() == []

"""Whom messages can reach, over HTTP."""

from __future__ import annotations

from common.database import Database
from common.testing import deliver
from contracts.partners import Role
from tests.factories.accounts import World
from tests.notifications.people import RECIPIENTS, Town, contact_of

PATH = "/api/notifications/v1/recipients"


async def test_planners_see_the_recipients_of_their_association_only(
    service_world: World, worker_database: Database
) -> None:
    organisation_id, other_id = await service_world.organisation(), await service_world.organisation()
    contact = contact_of(organisation_id, email=None)
    async with worker_database.transaction() as session:
        animator = await Town(session).member(organisation_id, Role.animator)
        await deliver(session, RECIPIENTS, contact)
    coordinator = await service_world.member(organisation_id, Role.coordinator)

    everybody = (await coordinator.get(f"{PATH}?limit=1")).json()
    rest = (await coordinator.get(f"{PATH}?limit=1&cursor={everybody['next_cursor']}")).json()
    contacts = (await coordinator.get(f"{PATH}?kind=contact")).json()

    shown = everybody["items"] + rest["items"]
    assert [item["recipient_id"] for item in shown] == sorted([str(animator.membership_id), str(contact.contact_id)])
    assert [(item["kind"], item["email"]) for item in contacts["items"]] == [("contact", None)]
    for outsider in (
        await service_world.member(other_id, Role.director),
        await service_world.member(organisation_id, Role.animator),
        await service_world.parent(organisation_id, *(person.participant_id for person in contact.persons)),
    ):
        assert (await outsider.get(PATH)).json()["items"] == []

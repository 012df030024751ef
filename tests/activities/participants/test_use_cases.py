"""Households and their people, and the accounts that answer for them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from access.principals import Account
from activities.participants import queries
from activities.participants.domain import (
    BornInTheFuture,
    ContactWithoutEmail,
    HouseholdElsewhere,
    InvalidLinkCode,
    UnknownContact,
    UnknownHousehold,
    UnknownParticipant,
)
from activities.participants.use_cases import (
    announce_every_contact,
    change_contact,
    change_participant,
    link_account,
    register_contact,
    register_participant,
    rename_household,
    send_link_code,
    unlink_account,
)
from common.ids import new_id
from common.problems import ProblemError
from common.testing import published
from contracts.activities import AccountPersonsChanged, ContactChanged
from tests.activities.conftest import Desk

PARENT = Account("https://sign-in.example.org", "amina")


async def told(desk: Desk, event_class: type[Any]) -> list[Any]:
    return [event for event in await published(desk.session) if type(event) is event_class]


async def code_of(desk: Desk, contact_id: UUID) -> str:
    await send_link_code(desk.session, contact_id)
    code = (await told(desk, ContactChanged))[-1].link_code
    assert isinstance(code, str)
    return code


async def test_a_contact_is_announced_with_everybody_of_the_household(desk: Desk) -> None:
    household_id, contact_id = await desk.household()
    child = await desk.participant(household_id)
    first, second = await told(desk, ContactChanged)
    assert (first.version, first.persons, first.email) == (1, (), "family@example.org")
    assert (second.contact_id, second.version, second.household_id) == (contact_id, 2, household_id)
    assert [person.participant_id for person in second.persons] == [child]
    assert await told(desk, AccountPersonsChanged) == []


async def test_a_code_links_an_account_to_the_household_once(desk: Desk) -> None:
    household_id, contact_id = await desk.household()
    child = await desk.participant(household_id)
    code = await code_of(desk, contact_id)
    contact = await link_account(desk.session, PARENT, code)
    assert (contact.account_subject, contact.link_code_digest) == ("amina", None)
    (linked,) = await told(desk, AccountPersonsChanged)
    assert (linked.account_issuer, linked.account_subject, linked.version) == (PARENT.issuer, "amina", contact.version)
    assert linked.person_ids == (household_id, child)
    assert (await told(desk, ContactChanged))[-1].link_code is None
    with pytest.raises(InvalidLinkCode):
        await link_account(desk.session, Account(PARENT.issuer, "another"), code)


async def test_a_new_code_replaces_the_earlier_one_and_an_old_one_expires(desk: Desk) -> None:
    _, contact_id = await desk.household()
    first, second = await code_of(desk, contact_id), await code_of(desk, contact_id)
    with pytest.raises(InvalidLinkCode):
        await link_account(desk.session, PARENT, first)
    await desk.session.execute(
        text("update contacts set link_code_expires_at = now() where id = :id"), {"id": contact_id}
    )
    with pytest.raises(InvalidLinkCode):
        await link_account(desk.session, PARENT, second)


async def test_a_code_to_an_address_that_changed_stops_working(desk: Desk) -> None:
    _, contact_id = await desk.household()
    code = await code_of(desk, contact_id)
    await change_contact(desk.session, contact_id, {"email": "new@example.org", "language": "nl"}, 2)
    last = (await told(desk, ContactChanged))[-1]
    assert (last.email, last.language, last.version) == ("new@example.org", "nl", 3)
    with pytest.raises(InvalidLinkCode):
        await link_account(desk.session, PARENT, code)


async def test_a_contact_without_an_address_gets_no_code(desk: Desk) -> None:
    _, contact_id = await desk.household(email=None)
    with pytest.raises(ContactWithoutEmail):
        await send_link_code(desk.session, contact_id)


async def test_an_account_that_is_unlinked_answers_for_nobody(desk: Desk) -> None:
    household_id, contact_id = await desk.household()
    await desk.participant(household_id)
    await link_account(desk.session, PARENT, await code_of(desk, contact_id))
    await unlink_account(desk.session, contact_id)
    linked, unlinked = await told(desk, AccountPersonsChanged)
    assert (unlinked.account_subject, unlinked.person_ids) == ("amina", ())
    assert unlinked.version > linked.version
    assert (await told(desk, ContactChanged))[-1].account_subject is None


async def test_a_child_who_moves_is_answered_for_by_the_new_household(desk: Desk) -> None:
    first_household, first_contact = await desk.household()
    child = await desk.participant(first_household)
    second_household, second_contact = await desk.household()
    await change_participant(desk.session, child, {"household_id": second_household}, 1)
    last = {event.contact_id: event for event in await told(desk, ContactChanged)}
    assert last[first_contact].persons == ()
    assert [person.participant_id for person in last[second_contact].persons] == [child]
    alone = await change_participant(desk.session, child, {"household_id": None, "born_on": date(2015, 1, 1)}, 2)
    assert (alone.household_id, alone.born_on, alone.version) == (None, date(2015, 1, 1), 3)
    assert (await told(desk, ContactChanged))[-1].persons == ()


async def test_a_correction_of_a_name_is_announced(desk: Desk) -> None:
    household_id, _ = await desk.household()
    child = await desk.participant(household_id)
    await change_participant(desk.session, child, {"given_name": "Yannis"}, 1)
    assert (await told(desk, ContactChanged))[-1].persons[0].given_name == "Yannis"
    with pytest.raises(ProblemError):
        await change_participant(desk.session, child, {"given_name": "Yanis"}, 1)


async def test_people_belong_to_a_household_of_their_own_association(desk: Desk) -> None:
    household_id, _ = await desk.household()
    with pytest.raises(HouseholdElsewhere):
        await register_participant(desk.session, desk.site_id, household_id, "Yanis", "Haddad", None)
    child = await desk.participant()
    for unknown in (new_id(), desk.site_id):
        with pytest.raises(UnknownHousehold):
            await change_participant(desk.session, child, {"household_id": unknown}, 1)
        with pytest.raises(UnknownHousehold):
            await register_contact(desk.session, unknown, "Amina", None, "fr")


async def test_nobody_is_born_tomorrow(desk: Desk) -> None:
    with pytest.raises(BornInTheFuture):
        await desk.participant(born_on=date(2999, 1, 1))
    child = await desk.participant()
    with pytest.raises(BornInTheFuture):
        await change_participant(desk.session, child, {"born_on": date(2999, 1, 1)}, 1)


async def test_a_household_is_renamed_by_who_read_it_last(desk: Desk) -> None:
    household_id, _ = await desk.household()
    renamed = await rename_household(desk.session, household_id, "Haddad-Peeters", 1)
    assert (renamed.name, renamed.version) == ("Haddad-Peeters", 2)
    with pytest.raises(ProblemError):
        await rename_household(desk.session, household_id, "Haddad", 1)


async def test_everything_is_announced_again_as_it_stands(desk: Desk) -> None:
    household_id, contact_id = await desk.household()
    await desk.participant(household_id)
    await link_account(desk.session, PARENT, await code_of(desk, contact_id))
    before = await published(desk.session)
    assert await announce_every_contact(desk.session) == 1
    assert (await published(desk.session))[len(before) :] == before[-2:]


async def test_unknown_people_are_unknown(desk: Desk) -> None:
    with pytest.raises(UnknownParticipant):
        await change_participant(desk.session, new_id(), {}, 1)
    for question in (queries.get_contact, queries.lock_contact):
        with pytest.raises(UnknownContact):
            await question(desk.session, new_id())
    with pytest.raises(UnknownHousehold):
        await queries.get_household(desk.session, new_id())

"""The table of who is told, and the choice of one message per human."""

from __future__ import annotations

from uuid import UUID

import pytest

from notifications.messages.domain import (
    WHO_IS_TOLD,
    Channel,
    Circle,
    Fact,
    Happening,
    channel_for,
    choose_listeners,
)
from notifications.recipients.domain import Listener, RecipientKind
from notifications.templates.domain import Kind

ORGANISER, HOME = UUID(int=1), UUID(int=2)


def listener(number: int, **fields: object) -> Listener:
    values: dict[str, object] = {
        "recipient_id": UUID(int=number),
        "organisation_id": ORGANISER,
        "kind": RecipientKind.contact,
        "role": None,
        "display_name": "Somebody",
        "email": f"{number}@example.org",
        "language": "fr",
        "association_languages": ("fr",),
        "account_issuer": None,
        "account_subject": None,
        "person_ids": (),
        "prefers_phone": False,
        "given_names": (),
        **fields,
    }
    return Listener(**values)  # type: ignore[arg-type]


def member(number: int, role: str, **fields: object) -> Listener:
    return listener(number, kind=RecipientKind.member, role=role, **fields)


def happening(fact: Fact, **fields: object) -> Happening:
    return Happening(fact, "fact", ORGANISER, {}, **fields)  # type: ignore[arg-type]


def told(happened: Happening, *listeners: Listener) -> dict[int, tuple[Kind, Channel]]:
    chosen = choose_listeners(happened, listeners)
    return {person.recipient_id.int: (line.kind, line.channel) for _human, person, line in chosen}


def test_every_fact_has_its_line_and_staff_is_always_named_by_role() -> None:
    assert WHO_IS_TOLD.keys() == set(Fact)
    for lines in WHO_IS_TOLD.values():
        for line in lines:
            assert bool(line.roles) == (line.circle not in {Circle.contacts, Circle.workers, Circle.addressee})


def test_every_kind_of_text_is_said_to_somebody() -> None:
    told_by_the_table = {line.kind for lines in WHO_IS_TOLD.values() for line in lines}
    assert told_by_the_table | {Kind.erasure_receipt} == set(Kind), "a receipt goes to an address without a recipient"


@pytest.mark.parametrize("fact", [fact for fact in Fact if fact.startswith("booking_")])
def test_contacts_come_first_where_they_are_told(fact: Fact) -> None:
    assert WHO_IS_TOLD[fact][0].circle is Circle.contacts


def test_only_the_roles_of_the_table_are_told_and_only_in_their_organisation() -> None:
    booked = happening(Fact.booking_confirmed, booked_by_ids=frozenset({HOME}))
    staff = [
        member(1, "coordinator"),
        member(2, "director"),
        member(3, "director", organisation_id=HOME),
        member(4, "animator", organisation_id=HOME),
        member(5, "coordinator", organisation_id=UUID(int=9)),
    ]
    assert told(booked, *staff) == {
        1: (Kind.booking_confirmed_team, Channel.in_app),
        3: (Kind.booking_confirmed_team, Channel.email),
    }


def test_an_organiser_who_books_for_his_own_people_is_told_as_the_organiser() -> None:
    booked = happening(Fact.booking_confirmed, booked_by_ids=frozenset({ORGANISER}))
    assert told(booked, member(1, "coordinator")) == {1: (Kind.booking_confirmed_team, Channel.in_app)}


@pytest.mark.parametrize(
    ("parent", "colleague"),
    [
        ({"account_issuer": "i", "account_subject": "s"}, {"account_issuer": "i", "account_subject": "s"}),
        ({"email": "One@Example.org"}, {"email": "one@example.org"}),
        ({"email": "one@example.org"}, {"email": "one@example.org", "account_issuer": "i", "account_subject": "s"}),
        ({"email": "one@example.org", "account_issuer": "i", "account_subject": "s"}, {"email": " ONE@example.org"}),
    ],
)
def test_one_human_in_two_circles_is_told_once_as_the_more_personal(
    parent: dict[str, object], colleague: dict[str, object]
) -> None:
    people = member(1, "coordinator", **colleague), listener(2, **parent)
    assert told(happening(Fact.booking_confirmed), *people) == {2: (Kind.booking_confirmed, Channel.email)}


def test_two_accounts_with_one_address_are_two_humans() -> None:
    people = [
        listener(n, email="info@example.org", account_issuer="i", account_subject=f"s{n}") for n in (1, 2)
    ]  # fmt: skip
    assert told(happening(Fact.booking_confirmed), *people).keys() == {1, 2}


def test_without_account_and_address_everybody_is_himself() -> None:
    people = [listener(n, email=None) for n in (1, 2)]
    assert told(happening(Fact.booking_confirmed), *people).keys() == {1, 2}


@pytest.mark.parametrize(
    ("channel", "email", "prefers_phone", "chosen"),
    [
        (Channel.email, "a@example.org", False, Channel.email),
        (Channel.email, "a@example.org", True, Channel.post),
        (Channel.email, None, False, Channel.post),
        (Channel.email, "", True, Channel.post),
        (Channel.in_app, None, True, Channel.in_app),
    ],
)
def test_without_an_address_or_by_preference_an_email_becomes_a_call(
    channel: Channel, email: str | None, prefers_phone: bool, chosen: Channel
) -> None:
    assert channel_for(channel, email, prefers_phone=prefers_phone) is chosen


def test_what_carries_a_code_is_not_read_out() -> None:
    assert happening(Fact.booking_confirmed).may_be_read_out
    assert not happening(Fact.account_link_offered, addressee_id=UUID(int=1)).may_be_read_out

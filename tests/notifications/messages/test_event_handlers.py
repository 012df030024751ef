"""Who is told what, from the events as they arrive: late, twice, and in any order."""

from __future__ import annotations

import asyncio
import re
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import Database, organisation_context
from common.ids import new_id
from common.testing import deliver, example
from contracts.activities import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    BookingOffered,
    BookingWaitlisted,
    CancellationReason,
    GuestPlacesHeld,
    LinkPurpose,
    SessionCancelled,
    SessionCompleted,
    SessionRescheduled,
)
from contracts.event import Event
from contracts.finance import BudgetThresholdReached
from contracts.partners import (
    AgreementRenewalDue,
    LeaseNoticeDue,
    MembershipState,
    OrganisationKind,
    ReservationAsked,
    ReservationConfirmed,
    ReservationReleased,
    Role,
    TaskDue,
)
from contracts.staffing import (
    ApplicationReceived,
    CoverageRestored,
    CoverageShort,
    PersonChanged,
    ShiftAssigned,
    ShiftReleased,
    SubstituteSought,
)
from tests.notifications.people import MESSAGES, RECIPIENTS, Town, booking_of, contact_of, group_of

WAITS_FOR_A_LOCK = text("select 1 from pg_locks where locktype = 'advisory' and not granted")


@pytest.fixture
def town(session: AsyncSession) -> Town:
    return Town(session)


@pytest.mark.parametrize(
    "event_class",
    [
        BookingConfirmed, BookingWaitlisted, BookingOffered, BookingCancelled, SessionRescheduled, SessionCancelled,
        SessionCompleted, AttendanceRecorded, BudgetThresholdReached, CoverageShort, CoverageRestored,
        AgreementRenewalDue, LeaseNoticeDue, ReservationAsked, ReservationConfirmed, ReservationReleased,
    ],
)  # fmt: skip
async def test_the_example_of_every_event_tells_its_people_once(town: Town, event_class: type[Event]) -> None:
    organiser_id, other_id = await town.association(), await town.association()
    for organisation_id in (organiser_id, other_id):
        await town.member(organisation_id, Role.coordinator)
        await town.member(organisation_id, Role.treasurer)
    event = example(event_class, organisation_id=organiser_id)
    old_home = re.compile("0190b3c4-0011-7000-8000-000000000011")
    event = event_class.model_validate_json(old_home.sub(str(other_id), event.model_dump_json()))

    assert await deliver(town.session, group_of(event), event) == "handled"
    first = await town.messages()
    assert await deliver(town.session, group_of(event), event) == "repeated"
    assert await deliver(town.session, group_of(event), event, new_id()) == "handled"

    assert len(first) >= 1
    assert await town.messages() == first
    assert len({(row.fact_id, row.human_key) for row in first}) == len(first)


async def test_a_confirmed_booking_tells_contact_and_coordinators_in_their_language(town: Town) -> None:
    organiser_id = await town.association(name="Maison des jeunes de Huy")
    coordinator = await town.member(organiser_id, Role.coordinator, language="de")
    await town.member(organiser_id, Role.treasurer)
    contact = await town.contact(organiser_id, language="nl", display_name="Jan Peeters")

    await town.happen(booking_of(organiser_id, contact))

    messages = {row.recipient_id: row for row in await town.messages()}
    assert messages.keys() == {contact.contact_id, coordinator.membership_id}
    told = messages[contact.contact_id]
    assert (told.channel, told.state, told.language) == ("email", "pending", "nl")
    assert told.subject == "Inschrijving bevestigd: Atelier cirque"
    assert "Beste Jan Peeters" in told.body
    assert "Lina en Yanis" in told.body
    assert "woensdag 14 oktober 2026, van 14:00 tot 16:00" in told.body
    assert "10,00" in told.body
    assert "Maison des jeunes de Huy" in told.body
    team = messages[coordinator.membership_id]
    assert (team.channel, team.state, team.language) == ("in_app", "sent", "de")
    assert team.subject == "2 Anmeldungen bestätigt: Atelier cirque"


async def test_only_new_emails_become_due(town: Town) -> None:
    organiser_id = await town.association()
    await town.member(organiser_id, Role.coordinator)
    contact = await town.contact(organiser_id)
    booking = booking_of(organiser_id, contact)

    await town.happen(booking)
    await town.happen(booking)

    due = (await town.session.execute(text("select kind, subject_id from due_rows"))).all()
    mail = next(row for row in await town.messages() if row.channel == "email")
    assert [tuple(row) for row in due if row.subject_id == mail.id] == [("send_message", mail.id)]


@pytest.mark.parametrize("known_before", [True, False])
async def test_who_prefers_the_telephone_is_called_but_gets_codes_by_email(town: Town, known_before: bool) -> None:
    organiser_id = await town.association()
    contact = contact_of(organiser_id, prefers_phone=True, link_code="a-code-of-one-time")
    steps = [contact, booking_of(organiser_id, contact)]

    for event in steps if known_before else reversed(steps):
        await town.happen(event)

    told = {message.kind: (message.channel, message.state) for message in await town.messages()}
    assert told == {"account_link": ("email", "pending"), "booking_confirmed": ("post", "to_print")}


async def test_a_contact_without_address_is_told_by_post(town: Town) -> None:
    organiser_id = await town.association()
    contact = await town.contact(organiser_id, email=None)

    await town.happen(booking_of(organiser_id, contact))

    (message,) = await town.messages()
    assert (message.channel, message.state) == ("post", "to_print")
    assert message.human_key == f"recipient:{contact.contact_id}"


async def test_coordinator_and_parent_in_one_human_hears_it_once_as_a_parent(town: Town) -> None:
    organiser_id = await town.association()
    account = {"account_issuer": "https://sign-in.example.org", "account_subject": f"amina-{new_id()}"}
    await town.member(organiser_id, Role.coordinator, **account)
    await town.member(organiser_id, Role.director, **account)
    contact = await town.contact(organiser_id, **account)
    booking = booking_of(organiser_id, contact, booked_by_organisation_id=organiser_id)

    await town.happen(booking)
    await town.happen(booking)

    (message,) = await town.messages()
    assert (message.recipient_id, message.kind) == (contact.contact_id, "booking_confirmed")


async def test_one_address_is_one_human_where_no_account_is_linked(town: Town) -> None:
    organiser_id = await town.association()
    await town.member(organiser_id, Role.coordinator, email="Amina@Example.org", account_subject="amina")
    contact = await town.contact(organiser_id, email="amina@example.org")

    await town.happen(booking_of(organiser_id, contact))

    (message,) = await town.messages()
    assert message.recipient_id == contact.contact_id


async def test_a_booking_by_another_association_tells_its_planners_and_the_contacts_there(town: Town) -> None:
    organiser_id, home_id = await town.association(), await town.association()
    planners = [await town.member(home_id, role) for role in (Role.coordinator, Role.director)]
    await town.member(home_id, Role.animator)
    daughter = await town.contact(home_id, language="en")
    booking = booking_of(organiser_id, daughter, by_contact=False, booked_by_organisation_id=home_id)

    await town.happen(booking)

    assert await town.messages(organiser_id) == []
    messages = {row.recipient_id: row for row in await town.messages(home_id)}
    assert messages.keys() == {daughter.contact_id, *(planner.membership_id for planner in planners)}
    assert {row.channel for row in messages.values()} == {"email"}
    assert "Lina and Yanis" in messages[daughter.contact_id].body


async def test_a_booking_that_arrives_before_its_contact_waits_and_is_told_then(town: Town) -> None:
    organiser_id, home_id = await town.association(), await town.association()
    contact = contact_of(home_id)
    booking = booking_of(organiser_id, contact)

    await town.happen(booking)
    (waiting,) = await town.messages(home_id)
    assert (waiting.state, waiting.recipient_id, waiting.body) == ("waiting_for_recipient", contact.contact_id, "")
    await town.happen(contact)
    await town.happen(contact)
    await town.happen(booking)

    (told,) = await town.messages()
    assert (told.state, told.organisation_id) == ("pending", home_id)
    assert told.human_key == f"email:{contact.email}"
    assert "Lina et Yanis" in told.body


async def test_a_contact_who_becomes_known_at_the_same_moment_is_not_forgotten(worker_database: Database) -> None:
    organisation_id = new_id()
    contact = contact_of(organisation_id)

    async def make_known() -> None:
        async with worker_database.transaction() as session:
            await deliver(session, RECIPIENTS, contact)

    async with worker_database.transaction() as session:
        await deliver(session, MESSAGES, booking_of(organisation_id, contact))
        becoming_known = asyncio.create_task(make_known())
        while not (await session.execute(WAITS_FOR_A_LOCK)).first():
            assert not becoming_known.done()
    await becoming_known

    async with worker_database.transaction(organisation_context(organisation_id, "test")) as session:
        (message,) = (await session.execute(text("select state, body from messages"))).all()
    assert message.state == "pending"
    assert "Lina et Yanis" in message.body


async def test_a_contact_who_turns_out_to_belong_elsewhere_is_told_there(town: Town) -> None:
    organiser_id, home_id, elsewhere_id = [await town.association() for _ in range(3)]
    early, late = contact_of(elsewhere_id), contact_of(elsewhere_id)
    at_home = [{**place, "home_organisation_id": home_id} for place in booking_of(home_id, late).model_dump()["places"]]

    await town.happen(early)
    await town.happen(booking_of(organiser_id, early, places=at_home))
    await town.happen(booking_of(organiser_id, late, places=at_home))
    await town.happen(late)

    assert await town.messages(organiser_id, home_id) == []
    told = await town.messages(elsewhere_id)
    assert {row.recipient_id for row in told} == {early.contact_id, late.contact_id}
    assert {row.state for row in told} == {"pending"}


async def test_messages_follow_the_account_that_a_contact_links(town: Town) -> None:
    organiser_id = await town.association()
    contact = await town.contact(organiser_id, version=1)
    await town.happen(booking_of(organiser_id, contact))

    linked = contact.model_copy(
        update={"version": 2, "account_issuer": "https://sign-in.example.org", "account_subject": "amina"}
    )
    await town.happen(linked)
    await town.happen(contact)

    (message,) = await town.messages()
    assert message.account_subject == "amina"


async def test_rescheduling_tells_everyone_with_a_live_booking_once(town: Town) -> None:
    organiser_id, home_id = await town.association(), await town.association()
    animator = await town.member(organiser_id, Role.animator)
    planner = await town.member(home_id, Role.director)
    family, gone = await town.contact(organiser_id), await town.contact(organiser_id)
    grandchild = await town.contact(home_id)
    session_id = new_id()
    for _ in range(2):
        await town.happen(booking_of(organiser_id, family, session_id=session_id))
    group = booking_of(
        organiser_id, grandchild, by_contact=False, session_id=session_id, booked_by_organisation_id=home_id
    )  # fmt: skip
    await town.happen(group)
    cancelled = booking_of(organiser_id, gone, session_id=session_id)
    await town.happen(cancelled)
    given_up = booking_of(
        organiser_id, gone, BookingCancelled, session_id=session_id, booking_id=cancelled.booking_id, version=2,
        places=(), cancelled_places=cancelled.model_dump()["places"],
    )  # fmt: skip
    await town.happen(given_up)

    moved = example(SessionRescheduled, organisation_id=organiser_id, session_id=session_id)
    await town.happen(moved)

    told = {row.recipient_id: row for row in await town.messages() if row.kind.startswith("session_rescheduled")}
    assert told.keys() == {
        family.contact_id, grandchild.contact_id, animator.membership_id, planner.membership_id,
    }  # fmt: skip
    assert "Lina et Yanis" in told[family.contact_id].body


@pytest.mark.parametrize(
    ("session_version", "told"),
    [(1, "jeudi 15 octobre 2026, de 16:00 à 18:00"), (3, "mercredi 14 octobre 2026, de 14:00 à 16:00")],
)
async def test_who_hears_late_of_a_booking_is_told_the_newest_time(town: Town, session_version: int, told: str) -> None:
    """The session was moved to the fifteenth as its version 2; the booking says the fourteenth."""
    organiser_id = await town.association()
    contact = await town.contact(organiser_id)
    moved = example(
        SessionRescheduled, organisation_id=organiser_id, session_id=new_id(), version=2,
        starts_at="2026-10-15T14:00:00Z", ends_at="2026-10-15T16:00:00Z",
    )  # fmt: skip
    assert isinstance(moved, SessionRescheduled)
    await town.happen(moved)
    await town.happen(moved.model_copy(update={"version": 1, "starts_at": moved.previous_starts_at}))
    booking = booking_of(organiser_id, contact, session_id=moved.session_id, session_version=session_version)
    await town.happen(booking)

    (message,) = [row for row in await town.messages() if row.kind == "booking_confirmed"]
    assert told in message.body.replace("\u202f", " ")


async def test_people_are_told_where_it_is_and_that_it_moved_elsewhere(town: Town) -> None:
    organiser_id = await town.association()
    hall, park = [
        await town.association(kind=OrganisationKind.site, parent_id=organiser_id, name=name)
        for name in ("Grande salle", "Parc communal")
    ]
    contact = await town.contact(organiser_id)
    rooms = ("Salle bleue", "Jardin")
    booking = booking_of(organiser_id, contact, session_id=new_id(), site_id=hall, rooms=rooms)
    await town.happen(booking)
    moved = example(
        SessionRescheduled, organisation_id=organiser_id, session_id=booking.session_id, version=2,
        site_id=park, previous_site_id=hall,
    )  # fmt: skip
    await town.happen(moved)
    late = booking_of(
        organiser_id, contact, session_id=booking.session_id, site_id=hall, rooms=rooms, session_version=1
    )
    await town.happen(late)
    told = [row for row in await town.messages() if row.recipient_id == contact.contact_id]
    bookings = [row for row in told if row.kind == "booking_confirmed"]
    (change,) = [row for row in told if row.kind == "session_rescheduled"]
    assert ["Lieu : Grande salle, Salle bleue, Jardin\n" in row.body for row in bookings] == [True, False]
    assert "Lieu : Parc communal\n" in bookings[1].body, "who hears late of a booking is told the newest place"
    assert change.subject.startswith("Changement de lieu")
    assert "dans un autre lieu" in change.body
    assert "Lieu : Parc communal" in change.body


async def test_a_booking_event_of_before_session_versions_tells_its_own_time(town: Town) -> None:
    organiser_id = await town.association()
    contact = await town.contact(organiser_id)
    moved = example(SessionRescheduled, organisation_id=organiser_id, session_id=new_id(), version=2)
    await town.happen(moved)
    await town.happen(booking_of(organiser_id, contact, session_id=moved.key, session_version=None))
    (message,) = [row for row in await town.messages() if row.kind == "booking_confirmed"]
    assert "mercredi 14 octobre 2026" in message.body


@pytest.mark.parametrize("session_first", [True, False])
async def test_a_cancelled_session_is_told_to_colleagues_once_and_to_contacts_by_their_booking(
    town: Town, session_first: bool
) -> None:
    organiser_id, home_id = await town.association(), await town.association()
    volunteer = await town.member(organiser_id, Role.volunteer)
    coordinator = await town.member(home_id, Role.coordinator)
    contact = await town.contact(home_id)
    session_id = new_id()
    booking = booking_of(organiser_id, contact, session_id=session_id, booked_by_organisation_id=home_id)
    await town.happen(booking)
    before = {row.id for row in await town.messages()}

    events: list[Event] = [
        example(SessionCancelled, organisation_id=organiser_id, session_id=session_id, reason="Tempête"),
        booking_of(
            organiser_id, contact, BookingCancelled, booking_id=booking.booking_id, session_id=session_id, version=2,
            places=(), cancelled_places=booking.model_dump()["places"], reason=CancellationReason.session_cancelled,
            session_cancellation_reason="Tempête", booked_by_organisation_id=home_id,
        ),
    ]  # fmt: skip
    for event in events if session_first else reversed(events):
        await town.happen(event)

    messages = [row for row in await town.messages() if row.id not in before]
    assert sorted((row.recipient_id, row.kind) for row in messages) == sorted(
        [
            (volunteer.membership_id, "session_cancelled_team"),
            (coordinator.membership_id, "session_cancelled_team"),
            (contact.contact_id, "booking_cancelled"),
        ]
    )
    assert ["Tempête" in row.body for row in messages if row.kind == "session_cancelled_team"] == [True, True]


async def test_each_home_association_hears_of_its_own_participants_and_again_on_a_correction(town: Town) -> None:
    organiser_id, home_id = await town.association(), await town.association()
    await town.member(home_id, Role.coordinator)
    recorded = example(AttendanceRecorded, organisation_id=organiser_id)
    assert isinstance(recorded, AttendanceRecorded)
    places = tuple(place.model_copy(update={"home_organisation_id": home_id}) for place in recorded.places)

    await town.happen(recorded.model_copy(update={"places": places}))
    await town.happen(recorded.model_copy(update={"places": places[:1], "version": 2}))

    first, corrected = await town.messages(home_id)
    assert "1 présent, 0 absents, 1 excusé" in first.body.replace("0 absent,", "0 absents,")
    assert "1 présent, 0 absents, 0 excusés" in corrected.body.replace("0 absent,", "0 absents,").replace(
        "0 excusé.", "0 excusés."
    )


async def test_an_invitation_carries_its_code_once(town: Town) -> None:
    organiser_id = await town.association(name="Maison des jeunes")
    invited = await town.member(
        organiser_id, Role.animator, state=MembershipState.invited, invitation_code="PLUM-4711", version=1,
        account_issuer=None, account_subject=None,
    )  # fmt: skip
    await town.happen(invited.model_copy(update={"version": 2, "display_name": "Claire Dubois-Martin"}))
    await town.happen(invited.model_copy(update={"version": 3, "state": MembershipState.active}))

    (message,) = await town.messages()
    assert (message.kind, message.channel, message.state) == ("member_invited", "email", "pending")
    assert "PLUM-4711" in message.body
    assert "PLUM-4711" not in message.fact_id
    assert "(rôle : animation)" in message.body


async def test_a_link_code_goes_to_the_contact(town: Town) -> None:
    organiser_id = await town.association()
    contact = await town.contact(organiser_id, link_code="PEAR-0815")

    (message,) = await town.messages()
    assert (message.kind, message.recipient_id) == ("account_link", contact.contact_id)
    assert "PEAR-0815" in message.body


async def test_a_link_code_goes_to_the_person_who_works(town: Town) -> None:
    organiser_id = await town.association()
    event = example(PersonChanged, organisation_id=organiser_id, link_code="PLUM-4711")
    await town.happen(event)
    await town.happen(event)
    (message,) = await town.messages()
    assert (message.kind, message.recipient_id) == ("work_account_link", event.key)
    assert "PLUM-4711" in message.body


async def test_the_link_goes_to_the_guest_alone_and_once(town: Town) -> None:
    organiser_id = await town.association()
    contact = await town.contact(organiser_id, persons=())
    held = example(GuestPlacesHeld, organisation_id=organiser_id, contact_id=contact.contact_id)
    await town.happen(held)
    await town.happen(held)
    (message,) = await town.messages()
    assert (message.kind, message.recipient_id) == ("guest_places_held", contact.contact_id)
    assert f"/guest-bookings/{held.code}" in message.body


async def test_an_offer_to_a_guest_comes_with_a_link_and_without_another_message(town: Town) -> None:
    organiser_id = await town.association()
    coordinator = await town.member(organiser_id, Role.coordinator)
    contact = await town.contact(organiser_id)
    told = {"organisation_id": organiser_id, "contact_id": contact.contact_id}
    asked = example(GuestPlacesHeld, **told, purpose=LinkPurpose.wait)
    link = asked.model_copy(update={"purpose": LinkPurpose.take_offer, "code": "another-code-of-the-offer"})
    persons = tuple(person.participant_id for person in contact.persons)
    (place, *_) = example(BookingOffered).places
    mine = place.model_copy(update={"participant_id": persons[0], "home_organisation_id": organiser_id})
    changes = {"booking_id": asked.booking_id, "booked_by_organisation_id": None, "places": (mine,)}
    offered = example(BookingOffered, **told, **changes, is_told_by_link=True)
    for event in (asked, link, link, offered):
        await town.happen(event)
    messages = await town.messages()
    to_guest = [message for message in messages if message.recipient_id == contact.contact_id]
    assert [message.kind for message in to_guest] == ["guest_places_held", "guest_places_held"]
    assert sum("/guest-bookings/another-code-of-the-offer" in message.body for message in to_guest) == 1
    others = [(message.kind, message.recipient_id) for message in messages if message not in to_guest]
    assert others == [("booking_offered_team", coordinator.membership_id)]


async def test_an_older_state_of_a_recipient_changes_nothing(town: Town) -> None:
    organiser_id = await town.association()
    contact = await town.contact(organiser_id, version=5, email="new@example.org")
    await town.happen(contact.model_copy(update={"version": 4, "email": "old@example.org"}))

    email = text("select email from recipients where recipient_id = :id")
    assert (await town.session.execute(email, {"id": contact.contact_id})).scalar_one() == "new@example.org"


async def test_a_booking_without_anybody_to_tell_is_no_error(town: Town) -> None:
    event = example(BookingConfirmed, organisation_id=await town.association())
    assert await deliver(town.session, MESSAGES, event) == "handled"
    assert await town.messages() == []


async def worker(town: Town, organisation_id: UUID, **fields: object) -> PersonChanged:
    """Somebody who works there, without an account."""
    values = {"person_id": new_id(), "account_issuer": None, "account_subject": None, "link_code": None, **fields}
    event = example(PersonChanged, organisation_id=organisation_id, **values)
    await town.happen(event)
    assert isinstance(event, PersonChanged)
    return event


async def test_those_asked_to_step_in_and_the_coordinator_are_told_once(town: Town) -> None:
    organiser_id = await town.association()
    coordinator = await town.member(organiser_id, Role.coordinator)
    mailed, called = await worker(town, organiser_id), await worker(town, organiser_id, email=None)
    asked = (mailed.person_id, called.person_id)
    event = example(SubstituteSought, organisation_id=organiser_id, asked_person_ids=asked)
    for _ in range(2):
        await town.happen(event)
    told = {message.recipient_id: (message.kind, message.channel) for message in await town.messages()}
    assert told == {
        mailed.person_id: ("substitute_sought", "email"),
        called.person_id: ("substitute_sought", "post"),
        coordinator.membership_id: ("substitute_sought_team", "in_app"),
    }
    assert len(await town.messages()) == 3


async def test_who_recruits_is_told_once_that_somebody_applied(town: Town) -> None:
    organiser_id = await town.association()
    director, animator = [await town.member(organiser_id, role) for role in (Role.director, Role.animator)]
    event = example(ApplicationReceived, organisation_id=organiser_id)
    for _ in range(2):
        await town.happen(event)
    (message,) = await town.messages()
    assert (message.kind, message.recipient_id) == ("application_received", director.membership_id)
    assert "Animateurs pour l'été" in message.subject
    assert animator.membership_id != message.recipient_id


async def test_somebody_of_another_association_is_asked_as_it_knows_him(town: Town) -> None:
    organiser_id, home_id = await town.association(), await town.association()
    lent, unknown = await worker(town, home_id), new_id()
    elsewhere = [{"person_id": one, "organisation_id": home_id} for one in (lent.person_id, unknown)]
    asked = (lent.person_id, unknown)
    sought = example(SubstituteSought, organisation_id=organiser_id, asked_person_ids=asked, asked_elsewhere=elsewhere)
    await town.happen(sought)
    await worker(town, home_id, person_id=unknown, email="b@example.org")
    told = {message.recipient_id: message.kind for message in await town.messages()}
    assert told == {lent.person_id: "substitute_sought", unknown: "substitute_sought"}


@pytest.mark.parametrize(
    ("event_class", "fields", "kinds"),
    [
        (ShiftAssigned, {"chose_himself": False}, ["shift_assigned"]),
        (ShiftAssigned, {"chose_himself": True}, ["shift_assigned", "shift_taken_team"]),
        (ShiftReleased, {"reason": "by_planner"}, ["shift_released"]),
        (ShiftReleased, {"reason": "by_request"}, ["shift_left_team"]),
        (ShiftReleased, {"reason": "absent"}, []),
        (ShiftReleased, {"reason": "on_leave"}, ["shift_released"]),
    ],
)
async def test_who_hears_of_a_shift(
    town: Town, event_class: type[Event], fields: dict[str, object], kinds: list[str]
) -> None:
    organiser_id = await town.association()
    await town.member(organiser_id, Role.coordinator)
    person = await worker(town, organiser_id)
    event = example(event_class, organisation_id=organiser_id, person_id=person.person_id, **fields)
    for _ in range(2):
        await town.happen(event)
    messages = await town.messages()
    assert sorted(message.kind for message in messages) == kinds
    assert all("Atelier cirque" in message.subject for message in messages)


async def test_a_shift_of_somebody_unknown_waits_for_him(town: Town) -> None:
    organiser_id = await town.association()
    person_id = new_id()
    await town.happen(example(ShiftAssigned, organisation_id=organiser_id, person_id=person_id))
    await worker(town, organiser_id, person_id=person_id)
    (message,) = [one for one in await town.messages() if one.recipient_id == person_id]
    assert (message.kind, message.state) == ("shift_assigned", "pending")


async def test_a_task_reminds_its_owner_once_and_waits_for_who_is_not_known_yet(town: Town) -> None:
    organiser_id = await town.association()
    owner = await town.member(organiser_id, Role.animator, language="nl")
    await town.member(organiser_id, Role.coordinator)
    task = example(TaskDue, organisation_id=organiser_id, owner_membership_id=owner.membership_id)
    assert await deliver(town.session, group_of(task), task) == "handled"
    assert await deliver(town.session, group_of(task), task) == "repeated"
    assert await deliver(town.session, group_of(task), task, new_id()) == "handled"

    (message,) = await town.messages()
    assert (message.recipient_id, message.channel) == (owner.membership_id, "email")
    assert message.subject == "Taak voor vandaag: Envoyer le planning au service jeunesse"
    assert "Coordination locale de novembre" in message.body

    unknown = example(TaskDue, organisation_id=organiser_id, owner_membership_id=new_id(), task_id=new_id())
    await deliver(town.session, group_of(unknown), unknown)
    assert [row.state for row in await town.messages()] == ["pending", "waiting_for_recipient"]

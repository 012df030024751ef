"""Associations, members and contacts around a booking, told to the service by the events of their owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import know_organisation
from common.database import apply_context, organisation_context
from common.ids import new_id
from common.reactions import Reaction
from common.testing import deliver, example
from contracts.activities import BookingConfirmed, BookingEvent, ContactChanged
from contracts.event import Event
from contracts.partners import MemberContactChanged, MembershipState, OrganisationChanged, Role
from notifications.run_consumer import REACTIONS

_, RECIPIENTS, MESSAGES, *_others = REACTIONS
_ROWS = text("select * from messages order by id")


def group_of(event: Event) -> Reaction:
    """The consumer group of the service that handles the event."""
    return next(reaction for reaction in (RECIPIENTS, MESSAGES) if type(event) in reaction.handlers)


@dataclass
class Town:
    """One session of the database and what happens in it."""

    session: AsyncSession
    organisations: list[UUID] = field(default_factory=list)

    async def association(self, **fields: object) -> UUID:
        """An association in Europe/Brussels that speaks French first."""
        organisation_id = new_id()
        self.organisations.append(organisation_id)
        values = {"organisation_id": organisation_id, "name": "Maison des jeunes", "languages": ("fr",), **fields}
        await apply_context(self.session, organisation_context(organisation_id, "test"))
        await know_organisation(self.session, example(OrganisationChanged, **values))  # type: ignore[arg-type]
        return organisation_id

    async def happen(self, event: Event) -> str:
        """Deliver an event once."""
        return await deliver(self.session, group_of(event), event, new_id())

    async def member(self, organisation_id: UUID, role: Role, **fields: object) -> MemberContactChanged:
        """An active member with an address and an account of his own."""
        values = {
            "organisation_id": organisation_id,
            "membership_id": new_id(),
            "role": role,
            "state": MembershipState.active,
            "email": f"{role}-{new_id()}@example.org",
            "account_subject": f"{role}-{new_id()}",
            **fields,
        }
        event = example(MemberContactChanged, **values)
        await self.happen(event)
        assert isinstance(event, MemberContactChanged)
        return event

    async def contact(self, organisation_id: UUID, **fields: object) -> ContactChanged:
        """A contact without an account who answers for Yanis and Lina, two participants of his own."""
        event = contact_of(organisation_id, **fields)
        await self.happen(event)
        return event

    async def messages(self, *organisation_ids: UUID) -> Sequence[Row[Any]]:
        """Every message that was written in the organisations (all of this town when none is named)."""
        wanted = frozenset(organisation_ids or self.organisations)
        context = {"app.organisations": "{" + ",".join(map(str, wanted)) + "}"}
        await apply_context(self.session, context)
        return (await self.session.execute(_ROWS)).all()


def contact_of(organisation_id: UUID, **fields: object) -> ContactChanged:
    """What activities says of such a contact."""
    values = {
        "organisation_id": organisation_id,
        "contact_id": new_id(),
        "household_id": new_id(),
        "email": f"contact-{new_id()}@example.org",
        "account_issuer": None,
        "account_subject": None,
        "persons": (
            {"participant_id": new_id(), "given_name": "Yanis"},
            {"participant_id": new_id(), "given_name": "Lina"},
        ),
        **fields,
    }
    event = example(ContactChanged, **values)
    assert isinstance(event, ContactChanged)
    return event


def booking_of(
    organiser_id: UUID,
    contact: ContactChanged,
    event_class: type[BookingEvent] = BookingConfirmed,
    *,
    by_contact: bool = True,
    **fields: object,
) -> Any:
    """A booking event at the organiser for everybody that the contact answers for."""
    places = tuple(
        {
            "participant_id": person.participant_id,
            "home_organisation_id": contact.organisation_id,
            "age": 9,
            "price_category": "standard",
            "price_minor": 500,
        }
        for person in contact.persons
    )
    values = {
        "organisation_id": organiser_id,
        "booking_id": new_id(),
        "session_id": new_id(),
        "contact_id": contact.contact_id if by_contact else None,
        "booked_by_organisation_id": None,
        "payer": {"kind": "household", "id": contact.household_id or new_id()},
        "places": places,
        **fields,
    }
    return example(event_class, **values)

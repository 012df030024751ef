"""What the owners of rooms and equipment, and those who plan people, answer to a hold."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from activities.holds import use_cases
from activities.holds.use_cases import PEOPLE, RESOURCES, Answer
from common.reactions import Reaction
from contracts.partners import ResourcesHeld, ResourcesRefused
from contracts.staffing import PeopleHeld, PeopleRefused


async def take_resources_held(session: AsyncSession, event: ResourcesHeld) -> None:
    """Every resource is reserved."""
    facts = [one.model_dump(mode="json") for one in event.reservations]
    await use_cases.take_answer(session, _answer(event, RESOURCES, facts, held=True))


async def take_resources_refused(session: AsyncSession, event: ResourcesRefused) -> None:
    """Some resource cannot be had, or had to be taken back."""
    facts = [one.model_dump(mode="json") for one in event.refusals]
    await use_cases.take_answer(session, _answer(event, RESOURCES, facts, held=False))


async def take_people_held(session: AsyncSession, event: PeopleHeld) -> None:
    """Everybody is assigned."""
    facts = [one.model_dump(mode="json") for one in event.people]
    await use_cases.take_answer(session, _answer(event, PEOPLE, facts, held=True))


async def take_people_refused(session: AsyncSession, event: PeopleRefused) -> None:
    """Some role cannot be filled."""
    facts = [one.model_dump(mode="json") for one in event.refusals]
    await use_cases.take_answer(session, _answer(event, PEOPLE, facts, held=False))


def _answer(
    event: ResourcesHeld | ResourcesRefused | PeopleHeld | PeopleRefused,
    about: str,
    facts: list[dict[str, object]],
    *,
    held: bool,
) -> Answer:
    return Answer(event.hold_id, event.version, event.session_id, event.organisation_id, about, held, facts)


HOLDS = Reaction(
    group="activities.holds",
    handlers={
        ResourcesHeld: take_resources_held,
        ResourcesRefused: take_resources_refused,
        PeopleHeld: take_people_held,
        PeopleRefused: take_people_refused,
    },
)

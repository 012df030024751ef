"""The questions that the story asks the services while something happens, each with a statement to show."""

from collections.abc import Sequence
from datetime import datetime

from maillage.people import find_person
from maillage.story import expected
from maillage.story.effect import Effect
from maillage.story.reading import Reading


class Probes:
    """Every effect is read over HTTP as somebody who may see it."""

    def __init__(self, reading: Reading) -> None:
        self._reading, self._stage = reading, reading.stage

    def published(self, session: str) -> Effect:
        async def is_seen() -> bool:
            found = await self._stage.platform.nobody.get("activities", f"/sessions/{self._id(session)}")
            return bool(found["state"] == "scheduled")

        return Effect("activities", "the session is published: everybody can see it, signed in or not", is_seen)

    def session(self, session: str, state: str, what: str) -> Effect:
        async def is_seen() -> bool:
            return await self._reading.session_state(session) == state

        return Effect("activities", what, is_seen)

    def places_free(self, session: str, free: int) -> Effect:
        async def is_seen() -> bool:
            return await self._reading.places_free(session) == free

        return Effect("activities", f"{_count(free, 'place')} free of {self._capacity(session)}", is_seen)

    def booking(self, user_name: str, name: str, state: str, what: str) -> Effect:
        async def is_seen() -> bool:
            return await self._reading.booking_state(user_name, name) == state

        return Effect("activities", what, is_seen)

    def charged(self, name: str, amount_minor: int, what: str) -> Effect:
        async def is_seen() -> bool:
            charges = await self._reading.charges(name)
            return bool(charges) and sum(charge["amount_minor"] for charge in charges) == amount_minor

        return Effect("finance", f"{what}: {euros(amount_minor)}", is_seen)

    def settled(self, name: str, home_owes_minor: int, house_owes_minor: int) -> Effect:
        async def is_seen() -> bool:
            return await self._reading.settled("sofia", [name]) == [home_owes_minor, house_owes_minor]

        owed = f"the home owes {euros(home_owes_minor)}, the youth house {euros(house_owes_minor)}"
        return Effect("finance", f"settlement between the two associations: {owed}", is_seen)

    def budget(self, promised_minor: int, earned_minor: int = 0) -> Effect:
        async def is_seen() -> bool:
            budget = await self._reading.budget("sofia", "tremplin", self._stage.budget_year)
            return budget == [promised_minor, earned_minor]

        told = f"promised {euros(promised_minor)}" + (f", earned {euros(earned_minor)}" if earned_minor else "")
        return Effect("finance", f"the workshop's budget: {told}", is_seen)

    def spent(self, session: str, amount_minor: int, what: str) -> Effect:
        async def is_seen() -> bool:
            year = self._stage.day_of(session).year
            return await self._reading.spent("sofia", "tremplin", year) == amount_minor

        return Effect("finance", f"{what}: {euros(amount_minor)} are spent", is_seen)

    def earned(self, names: Sequence[str], amount_minor: int) -> Effect:
        async def is_seen() -> bool:
            return await self._reading.earned(names) == amount_minor

        return Effect("finance", f"earned of these bookings: {euros(amount_minor)}", is_seen)

    def threshold(self, name: str, what: str) -> Effect:
        async def is_seen() -> bool:
            return name in await self._reading.thresholds(self._stage.budget_year)

        return Effect("finance", what, is_seen)

    def coverage(self, session: str, what: str, **expected: object) -> Effect:
        async def is_seen() -> bool:
            found = await self._reading.coverage("amelie", session)
            return found is not None and all(found[name] == value for name, value in expected.items())

        return Effect("staffing", what, is_seen)

    def hold(self, session: str, state: str, what: str) -> Effect:
        async def is_seen() -> bool:
            return await self._reading.hold(session) == expected.HOLDS[session] and expected.HOLDS[session][0] == state

        return Effect("activities", what, is_seen)

    def reserved(self, user_name: str, session: str, states: Sequence[str], what: str) -> Effect:
        async def is_seen() -> bool:
            return await self._reading.reservations(user_name, session) == list(states)

        return Effect("partners", what, is_seen)

    def lent(self, owner: str, amount_minor: int, what: str) -> Effect:
        async def is_seen() -> bool:
            return await self._reading.lent(owner) == amount_minor

        return Effect("finance", f"{what}: {euros(amount_minor)}", is_seen)

    def on_shift(self, workers: Sequence[str], what: str) -> Effect:
        """Exactly these people of the demo federation are assigned to the shift of the outing."""

        async def is_seen() -> bool:
            return await self._reading.on_shift() == sorted(workers)

        return Effect("staffing", what, is_seen)

    def to_telephone(self, names: Sequence[str], what: str) -> Effect:
        async def is_seen() -> bool:
            return [one["display_name"] for one in self._stage.absence["to_telephone"]] == list(names)

        return Effect("staffing", what, is_seen)

    def moved(self, session: str, what: str) -> Effect:
        """Staffing and activities agree on the time that the move was answered with."""

        async def is_seen() -> bool:
            found = await self._reading.coverage("amelie", session)
            return found is not None and same_moment(found["starts_at"], self._stage.sessions[session]["starts_at"])

        return Effect("staffing", what, is_seen)

    def told(self, user_name: str, kind: str, count: int, what: str) -> Effect:
        """`count` is how many of this kind the person has by now."""

        async def is_seen() -> bool:
            return (await self._reading.told(user_name))[kind] == count

        return Effect("notifications", f"{_given_name(user_name)} is told in the application: {what}", is_seen)

    def mailed(self, user_name: str, count: int, what: str) -> Effect:
        """`count` is how many e-mails of the story the person has by now."""

        async def is_seen() -> bool:
            return len(await self._reading.mails(user_name)) == count

        person = find_person(user_name)
        language = person.locale if person else ""
        return Effect("notifications", f"{_given_name(user_name)} gets an e-mail ({language}): {what}", is_seen)

    def _id(self, session: str) -> str:
        return str(self._stage.sessions[session]["id"])

    def _capacity(self, session: str) -> int:
        return int(self._stage.sessions[session]["capacity"])


def euros(amount_minor: int) -> str:
    return f"{amount_minor / 100:.2f} €"


def same_moment(one: str, other: str) -> bool:
    return datetime.fromisoformat(one) == datetime.fromisoformat(other)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _given_name(user_name: str) -> str:
    person = find_person(user_name)
    return person.given_name if person else user_name

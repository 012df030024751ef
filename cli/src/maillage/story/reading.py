"""Reads back what the services say about the story, as people who may see it."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from maillage.embedded.mail import CapturedMessage
from maillage.people import find_person
from maillage.signed_in import Json, Refused
from maillage.story.stage import Stage


class Reading:
    """Every answer comes from an HTTP API at the moment of the question."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    async def places_free(self, session: str) -> int:
        found = await self.stage.platform.nobody.get("activities", f"/sessions/{self.stage.sessions[session]['id']}")
        return int(found["places_free"])

    async def session_state(self, session: str) -> str:
        found = await self.stage.platform.nobody.get("activities", f"/sessions/{self.stage.sessions[session]['id']}")
        return str(found["state"])

    async def starts_at(self, session: str) -> str:
        found = await self.stage.platform.nobody.get("activities", f"/sessions/{self.stage.sessions[session]['id']}")
        return str(found["starts_at"])

    async def booking_state(self, user_name: str, name: str) -> str:
        person = await self.stage.person(user_name)
        found = await person.get("activities", f"/bookings/{self.stage.bookings[name]['id']}")
        return str(found["state"])

    async def charges(self, name: str, user_name: str = "sofia") -> list[Json]:
        person = await self.stage.person(user_name)
        return await person.list_all("finance", "/charges", booking_id=self.stage.bookings[name]["id"])

    async def charged(self, names: Iterable[str]) -> int:
        """What is owed for the bookings together."""
        return sum([charge["amount_minor"] for name in names for charge in await self.charges(name)])

    async def earned(self, names: Iterable[str]) -> int:
        """What of it is earned."""
        charges = [charge for name in names for charge in await self.charges(name)]
        return sum(charge["amount_minor"] for charge in charges if charge["is_earned"])

    async def settled(self, user_name: str, names: Iterable[str]) -> list[int]:
        """What the home owes the youth house for these bookings, and the other way round; as one of them sees it."""
        person = await self.stage.person(user_name)
        bookings = {self.stage.bookings[name]["id"] for name in names}
        house, home = self.stage.organisation("tremplin"), self.stage.organisation("tilleuls")
        lines = [
            line for line in await person.list_all("finance", "/settlements/lines") if line["booking_id"] in bookings
        ]
        home_owes = sum(
            line["amount_minor"] for line in lines if (line["debtor_id"], line["creditor_id"]) == (home, house)
        )
        house_owes = sum(
            line["amount_minor"] for line in lines if (line["debtor_id"], line["creditor_id"]) == (house, home)
        )
        return [home_owes, house_owes]

    async def budget(self, user_name: str, organisation: str, year: int) -> list[int]:
        """Promised and earned income of the story's activity in an association's books."""
        found = await self._budget(user_name, organisation, year)
        return [0, 0] if found is None else [found["promised_minor"], found["earned_minor"]]

    async def spent(self, user_name: str, organisation: str, year: int) -> int:
        """What was spent for the story's activity."""
        found = await self._budget(user_name, organisation, year)
        return 0 if found is None else int(found["spent_minor"])

    async def thresholds(self, year: int) -> list[str]:
        """The thresholds that the youth house's budget has passed."""
        found = await self._budget("sofia", "tremplin", year)
        return [] if found is None else list(found["reached_thresholds"])

    async def _budget(self, user_name: str, organisation: str, year: int) -> Json | None:
        person = await self.stage.person(user_name)
        found = await person.list_all(
            "finance",
            "/budgets",
            activity_id=self.stage.activity_id,
            organisation_id=self.stage.organisation(organisation),
            year=year,
        )
        return found[0] if found else None

    async def coverage(self, user_name: str, session: str) -> Json | None:
        person = await self.stage.person(user_name)
        try:
            return dict(await person.get("staffing", f"/sessions/{self.stage.sessions[session]['id']}/coverage"))
        except Refused as refusal:
            if refusal.status != 404:
                raise
            return None

    async def on_shift(self) -> list[str]:
        """Who is assigned to the shift of the outing, by the keys of the demo federation."""
        amelie = await self.stage.person("amelie")
        shift = await amelie.get("staffing", f"/shifts/{self.stage.shift_id}")
        keys = {person_id: key for key, person_id in self.stage.state.workers.items()}
        return sorted(keys[one["person_id"]] for one in shift["assignments"] if one["state"] == "assigned")

    async def entries(self, user_name: str, names: Iterable[str]) -> list[Json]:
        """The entries that these bookings made in the books that somebody may read."""
        person = await self.stage.person(user_name)
        found: list[Json] = []
        for name in names:
            found += await person.list_all(
                "finance", "/ledger/entries", booking_id=self.stage.bookings[name]["id"]
            )  # fmt: skip
        return found

    async def balances(self, user_name: str, organisation: str) -> dict[str, int]:
        """What the story's bookings come to on each account of one book; accounts at zero are left out."""
        totals: dict[str, int] = defaultdict(int)
        for entry in await self.entries(user_name, self.stage.bookings):
            if entry["organisation_id"] == self.stage.organisation(organisation):
                for line in entry["lines"]:
                    totals[line["account"]] += line["amount_minor"]
        return {account: amount for account, amount in sorted(totals.items()) if amount}

    async def messages(self, user_name: str) -> list[Json]:
        """Everything about the story that a person was told, on any channel."""
        person = await self.stage.person(user_name)
        own = await person.list_all("notifications", "/messages/mine")
        return [message for message in own if self.stage.is_about_story(message["subject"])]

    async def told(self, user_name: str) -> Counter[str]:
        """How many messages of each kind."""
        return Counter(message["kind"] for message in await self.messages(user_name))

    async def mails(self, user_name: str) -> list[CapturedMessage]:
        """The e-mails about the story that really arrived."""
        person = find_person(user_name)
        address = person.email if person else user_name
        return [mail for mail in await self.stage.mail.messages_to(address) if self.stage.is_about_story(mail.subject)]

    async def bookings(self, names: Iterable[str]) -> dict[str, list[object]]:
        """State and number of places of each, as the organiser sees them."""
        amelie = await self.stage.person("amelie")
        found = {name: await amelie.get("activities", f"/bookings/{self.stage.bookings[name]['id']}") for name in names}
        return {name: [booking["state"], len(booking["places"])] for name, booking in found.items()}

    async def count_bookings(self, session: str) -> int:
        amelie = await self.stage.person("amelie")
        return len(await amelie.list_all("activities", "/bookings", session_id=self.stage.sessions[session]["id"]))

    async def decisions_about_son(self) -> list[str]:
        greta = await self.stage.person("greta")
        found = await greta.get("activities", f"/bookings/{self.stage.bookings['son']['id']}/decisions")
        return [decision["decision"] for decision in found if decision["explanation"]]

    async def attendance(self, session: str) -> dict[str, int]:
        """How many of each state, and how often the list was written."""
        noah = await self.stage.person("noah")
        sheet = await noah.get("activities", f"/sessions/{self.stage.sessions[session]['id']}/attendance")
        states = [mark["state"] for mark in sheet["marks"]]
        counts = {state: states.count(state) for state in ("present", "absent", "excused")}
        return {**counts, "version": sheet["version"]}

    async def book_total(self, user_name: str, organisation: str) -> int:
        """Debits less credits of a whole book, of all its entries: 0 when it balances."""
        person = await self.stage.person(user_name)
        found = await person.get(
            "finance", "/ledger/balances", organisation_id=self.stage.organisation(organisation)
        )  # fmt: skip
        return sum(balance["amount_minor"] for balance in found["balances"])

    async def count_unbalanced(self, user_name: str) -> int:
        """Entries of the story whose lines do not sum to zero."""
        entries = await self.entries(user_name, self.stage.bookings)
        return sum(sum(line["amount_minor"] for line in entry["lines"]) != 0 for entry in entries)

    async def net(self, user_name: str, quarter: str) -> int:
        """What the home owes the youth house after setting off, over all its bookings of a quarter."""
        person = await self.stage.person(user_name)
        house, home = self.stage.organisation("tremplin"), self.stage.organisation("tilleuls")
        for pair in await person.get("finance", "/settlements", quarter=quarter):
            if {pair["first_id"], pair["second_id"]} == {house, home}:
                return int(pair["net_minor"] if pair["first_id"] == home else -pair["net_minor"])
        return 0

    async def coverage_facts(self, session: str, names: Iterable[str]) -> dict[str, object]:
        found = await self.coverage("amelie", session)
        return {} if found is None else {name: found[name] for name in names}

    async def told_plainly(self, user_name: str) -> dict[str, int]:
        return dict(await self.told(user_name))

    async def mail_languages(self, user_name: str) -> dict[str, int]:
        return dict(Counter(mail.language for mail in await self.mails(user_name)))

    async def count_doubles(self, user_name: str) -> int:
        """Messages beyond the first about one fact to one recipient, among those that a planner sees."""
        person = await self.stage.person(user_name)
        shown = await person.list_all("notifications", "/messages")
        about_story = [item for item in shown if self.stage.is_about_story(item["subject"])]
        told = Counter((item["fact_id"], item["recipient_id"]) for item in about_story)
        return sum(count - 1 for count in told.values())

    async def hold(self, session: str) -> list[object]:
        """The state of a session's hold, and of what was refused: the reasons, and whether others were named."""
        amelie = await self.stage.person("amelie")
        found = await amelie.get("activities", f"/sessions/{self.stage.sessions[session]['id']}/hold")
        refused = found["refused_resources"]
        return [found["state"], [one["reason"] for one in refused], all(one["alternatives"] for one in refused)]

    async def reservations(self, user_name: str, session: str) -> list[str]:
        """The states of the reservations for a session that somebody sees."""
        person = await self.stage.person(user_name)
        session_id = self.stage.sessions[session]["id"]
        return [one["state"] for one in await person.list_all("partners", "/reservations", session_id=session_id)]

    async def lent(self, owner: str) -> int:
        """What the youth house owes an association for what it lent to the trip, by the settlement lines."""
        amelie, sofia = await self.stage.person("amelie"), await self.stage.person("sofia")
        session_id = self.stage.sessions["trip"]["id"]
        made = await amelie.list_all("partners", "/reservations", session_id=session_id)
        reservation_ids = {one["id"] for one in made}
        lines = await sofia.list_all("finance", "/settlements/lines", creditor_id=self.stage.organisation(owner))
        return sum(int(one["amount_minor"]) for one in lines if one["reservation_id"] in reservation_ids)

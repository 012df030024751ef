"""Where the story is played: whom it knows, when its sessions take place, and what has been played so far."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from maillage.captured_mail import CapturedMail
from maillage.console import console
from maillage.demo.state import DemoState
from maillage.signed_in import Json, Platform, SignedIn
from maillage.story.effect import Effect, SeenEffect, watch

ZONE = ZoneInfo("Europe/Brussels")
DAYS_AHEAD = 10
NEWS_SECONDS = 15.0
PRICES = {"standard": 1_200, "senior": 800}
SHARES = {"tremplin": 6_000, "tilleuls": 4_000}


class PlayedStep(BaseModel):
    """A step as it was shown."""

    name: str
    effects: list[SeenEffect]


class Stage:
    """Everything has the run's number in its title and its keys, so that a story can be played again."""

    def __init__(self, platform: Platform, mail: CapturedMail, state: DemoState) -> None:
        self.platform, self.mail, self.state = platform, mail, state
        self.run = state.story_runs
        self.played: list[PlayedStep] = []
        self.activity_id = ""
        self.shift_id = ""
        self.absence: Json = {}
        self.budget_year = 0
        self.sessions: dict[str, Json] = {}
        self.bookings: dict[str, Json] = {}
        self.titles = {
            "workshop": f"Cirque en famille ({self.run})",
            "show": f"Spectacle de cirque ({self.run})",
            "rehearsal": f"Répétition générale ({self.run})",
            "warm-up": f"Échauffement ({self.run})",
            "outing": f"Sortie au grand cirque ({self.run})",
            "trip": f"Visite des coulisses ({self.run})",
            "rival": f"Visite d'un autre groupe ({self.run})",
        }
        workshop_on = self.today() + timedelta(days=DAYS_AHEAD)
        self.workshop_starts_at = datetime.combine(workshop_on, time(14), ZONE).astimezone(UTC)
        # A day of its own for every run: the people of an earlier one are taken, and one of them is away.
        outing_on = workshop_on + timedelta(days=self.run)
        self.outing_starts_at = datetime.combine(outing_on, time(14), ZONE).astimezone(UTC)
        self.trip_starts_at = datetime.combine(outing_on, time(9), ZONE).astimezone(UTC)

    def today(self) -> date:
        """The day at the place of the story."""
        return datetime.now(ZONE).date()

    async def person(self, user_name: str) -> SignedIn:
        return await self.platform.person(user_name)

    def organisation(self, key: str) -> str:
        return self.state.organisations[key]

    def participant(self, key: str) -> str:
        return self.state.participants[key]

    def residents(self, count: int) -> list[str]:
        """The first residents of the home."""
        return [self.participant(f"tilleuls-{number:02}") for number in range(1, count + 1)]

    def is_about_story(self, text: str) -> bool:
        """Whether a subject line names a session of this run."""
        return any(title in text for title in self.titles.values())

    async def act(
        self, name: str, action: Callable[[], Awaitable[None]], effects: Callable[[], Sequence[Effect]]
    ) -> None:
        """Does something and shows what comes of it; raises Refused when a service does not let it happen."""
        console.print(f"[bold]{len(self.played) + 1}. {name}[/]", highlight=False)
        with console.status("asking"):
            await action()
        self.played.append(PlayedStep(name=name, effects=await watch(effects(), console)))

    async def plan(self, session: str, starts_at: datetime, minutes: int, **more: object) -> None:
        """The coordinator of the youth house schedules a session of the story's activity."""
        body: Json = {
            "activity_id": self.activity_id,
            "site_id": self.organisation("tremplin-salle"),
            "title": self.titles[session],
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(minutes=minutes)).isoformat(),
            "prices": PRICES,
            "age_from": 6,
            "supervision": "be_holiday_centre",
            "cost_shares": [
                {"organisation_id": self.organisation(key), "basis_points": points} for key, points in SHARES.items()
            ],
            **more,
        }
        amelie = await self.person("amelie")
        self.sessions[session] = await amelie.create("activities", "/sessions", body, self.key(f"session-{session}"))

    async def book(
        self, user_name: str, session: str, name: str, participants: Sequence[str], *,
        category: str = "standard", booked_by: str | None = None, accepts_waiting: bool = True,
    ) -> None:  # fmt: skip
        """Keeps the booking under its name."""
        body: Json = {
            "session_id": self.sessions[session]["id"],
            "places": [{"participant_id": item, "price_category": category} for item in participants],
            "booked_by_organisation_id": None if booked_by is None else self.organisation(booked_by),
            "accepts_waiting": accepts_waiting,
        }
        person = await self.person(user_name)
        key = self.key(f"booking-{name}")
        self.bookings[name] = await person.create("activities", "/bookings", body, key, NEWS_SECONDS)

    def key(self, name: str) -> str:
        return f"story-{self.run}-{name.replace(' ', '-')}"

    def day_of(self, session: str) -> date:
        """The day of a session where it takes place."""
        return datetime.fromisoformat(self.sessions[session]["starts_at"]).astimezone(ZONE).date()

"""Events as activities publishes them, from the committed examples with ids and money of one's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from common.ids import new_id
from common.testing import example
from contracts.activities import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    SessionCompleted,
    SessionRescheduled,
    SessionScheduled,
)

FIRST_DAY = "2026-10-14T12:00:00Z"
NEXT_YEAR = "2027-01-20T12:00:00Z"


@dataclass(frozen=True)
class Workshop:
    """A session of an organiser, perhaps with a co-host."""

    organiser_id: UUID
    cost_shares: tuple[tuple[UUID, int], ...] = ()
    session_id: UUID = field(default_factory=new_id)
    activity_id: UUID = field(default_factory=new_id)

    def _about(self, **fields: object) -> dict[str, object]:
        shares = [{"organisation_id": one, "basis_points": points} for one, points in self.cost_shares]
        told = {"organisation_id": self.organiser_id, "session_id": self.session_id, "activity_id": self.activity_id}
        return {**told, "cost_shares": shares, **fields}

    def scheduled(self, version: int = 1, starts_at: str = FIRST_DAY) -> SessionScheduled:
        return example(SessionScheduled, **self._about(version=version, starts_at=starts_at))

    def rescheduled(self, version: int = 2, starts_at: str = NEXT_YEAR) -> SessionRescheduled:
        moved = {"previous_starts_at": FIRST_DAY, "previous_ends_at": FIRST_DAY}
        return example(
            SessionRescheduled,
            **{
                **example(SessionScheduled).model_dump(),
                **self._about(version=version, starts_at=starts_at, **moved),
            },
        )

    def completed(self, version: int = 3, starts_at: str = FIRST_DAY) -> SessionCompleted:
        return example(SessionCompleted, **self._about(version=version, starts_at=starts_at))

    def attendance(
        self, *places: dict[str, object], version: int = 1, starts_at: str = FIRST_DAY
    ) -> AttendanceRecorded:
        return example(AttendanceRecorded, **self._about(version=version, places=places, starts_at=starts_at))


@dataclass(frozen=True)
class Order:
    """A booking of places in a workshop."""

    workshop: Workshop
    payer_kind: str
    payer_id: UUID
    home_id: UUID
    prices: tuple[int, ...]
    booking_id: UUID = field(default_factory=new_id)
    participants: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, workshop: Workshop, payer_kind: str, payer_id: UUID, home_id: UUID, *prices: int) -> Order:
        people = tuple(new_id() for _ in prices)
        return cls(workshop, payer_kind, payer_id, home_id, prices, participants=people)

    def _about(self, version: int, held: tuple[int, ...]) -> dict[str, object]:
        return self.workshop._about(
            booking_id=self.booking_id,
            version=version,
            starts_at=FIRST_DAY,
            payer={"kind": self.payer_kind, "id": self.payer_id},
            places=[self._place(index) for index in held],
        )

    def _place(self, index: int) -> dict[str, object]:
        return {
            "participant_id": self.participants[index],
            "home_organisation_id": self.home_id,
            "age": 9,
            "price_category": "standard",
            "price_minor": self.prices[index],
        }

    def confirmed(self, version: int = 1) -> BookingConfirmed:
        return example(BookingConfirmed, **self._about(version, tuple(range(len(self.prices)))))

    def cancelled(
        self, given_back: dict[int, int], version: int = 2, held: tuple[int, ...] = (), state: str = "confirmed"
    ) -> BookingCancelled:
        return example(
            BookingCancelled,
            **self._about(version, held),
            previous_state=state,
            cancelled_places=[self._place(index) for index in given_back],
            given_back=[
                {"participant_id": self.participants[index], "amount_minor": amount}
                for index, amount in given_back.items()
            ],
        )

    def attended(self, index: int, state: str = "present", given_back_minor: int = 0) -> dict[str, object]:
        return {
            "booking_id": self.booking_id,
            "participant_id": self.participants[index],
            "home_organisation_id": self.home_id,
            "state": state,
            "price_minor": self.prices[index],
            "given_back_minor": given_back_minor,
        }

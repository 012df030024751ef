"""All associations of a federation side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from portal.directory.domain import Directory, Organisation
from portal.home_zone import HOME_ZONE

PERIODS = ("past", "now", "ahead")
WEEKS = 12
FOUNDED_KINDS = ("association", "outside_partner")
MAP_WIDTH, MAP_HEIGHT_MAX, MAP_MARGIN = 360, 440, 52
RADIUS_MIN, RADIUS_MAX = 9, 26
LABEL_CHARACTERS_MAX, LABEL_HEIGHT, CHARACTER_WIDTH = 48, 16, 7


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def starts_from(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), HOME_ZONE)

    @property
    def starts_before(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), HOME_ZONE)


def period_of(name: str, today: date) -> Period:
    """The twelve weeks before today, this month, or the twelve weeks from today on."""
    if name == "past":
        return Period(today - timedelta(weeks=WEEKS), today - timedelta(days=1))
    if name == "ahead":
        return Period(today, today + timedelta(weeks=WEEKS))
    next_month = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Period(today.replace(day=1), next_month - timedelta(days=1))


def belonging_to(directory: Directory, federation: Organisation) -> list[Organisation]:
    """The associations and outside partners of a federation, by name."""
    found = [one for one in _living(directory) if federation.id in one.federation_ids]
    return sorted(found, key=lambda one: (one.kind, one.name.casefold()))


def outside_of(directory: Directory, federation: Organisation) -> list[Organisation]:
    """Those on the platform that belong to other federations only, by name."""
    found = [one for one in _living(directory) if federation.id not in one.federation_ids]
    return sorted(found, key=lambda one: one.name.casefold())


def _living(directory: Directory) -> list[Organisation]:
    return [one for one in directory.by_id.values() if one.kind in FOUNDED_KINDS and not one.is_ended]


@dataclass(frozen=True)
class Row:
    """One association: what it offers and how many came; None where fewer than five people are meant."""

    association: Organisation
    sessions: int
    cancelled: int
    capacity: int
    booked: int | None
    marked: int | None
    present: int | None

    @property
    def booked_percent(self) -> int | None:
        """How many of the places are booked."""
        return round(100 * self.booked / self.capacity) if self.booked is not None and self.capacity else None

    @property
    def present_percent(self) -> int | None:
        """How many of those on the attendance lists came."""
        return round(100 * self.present / self.marked) if self.present is not None and self.marked else None


def rows_of(figures: Sequence[Mapping[str, Any]], directory: Directory) -> list[Row]:
    """Every association by name, also those that offer nothing."""
    known = {one["organisation_id"]: one for one in figures}
    nothing = {"sessions": 0, "cancelled": 0, "capacity": 0, "booked": 0, "marked": 0, "present": 0}
    return [
        Row(association, **{name: known.get(association.id, nothing)[name] for name in nothing})
        for association in directory.associations
    ]


def most_booked(rows: Sequence[Row]) -> Row | None:
    """The association with the highest share of booked places; None when no share is shown."""
    shown = [row for row in rows if row.booked_percent is not None]
    return max(shown, key=lambda row: row.booked_percent or 0, default=None)


@dataclass(frozen=True)
class Supervision:
    """The sessions of one association that need supervisors, and those of them that lack some."""

    association: Organisation
    supervised: int
    short: int

    @property
    def covered_percent(self) -> int | None:
        """How many of them have enough; None when none needs any."""
        return round(100 * (self.supervised - self.short) / self.supervised) if self.supervised else None


def supervisions_of(figures: Sequence[Mapping[str, Any]], directory: Directory) -> list[Supervision]:
    """Every association by name, also those of which no session needs supervisors."""
    known = {one["organisation_id"]: one for one in figures}
    nothing = {"supervised": 0, "short": 0}
    return [
        Supervision(association, **{name: known.get(association.id, nothing)[name] for name in nothing})
        for association in directory.associations
    ]


@dataclass(frozen=True)
class Money:
    """The budgets of one association in a year together, in minor units."""

    association: Organisation
    currency: str
    planned_income_minor: int
    promised_minor: int
    earned_minor: int
    planned_expense_minor: int
    spent_minor: int

    @property
    def amounts(self) -> Sequence[int]:
        """In the order of the table: income planned, promised, earned; expense planned, spent."""
        return (
            self.planned_income_minor, self.promised_minor, self.earned_minor, self.planned_expense_minor,
            self.spent_minor,
        )  # fmt: skip


def money_of(figures: Sequence[Mapping[str, Any]], directory: Directory) -> list[Money]:
    """The associations that have budgets, by name."""
    names = (
        "currency", "planned_income_minor", "promised_minor", "earned_minor", "planned_expense_minor", "spent_minor",
    )  # fmt: skip
    by_id = {association.id: association for association in directory.associations}
    found = [
        Money(by_id[one["organisation_id"]], **{name: one[name] for name in names})
        for one in figures
        if one["organisation_id"] in by_id
    ]
    return sorted(found, key=lambda one: (one.association.name, one.currency))


@dataclass(frozen=True)
class Loan:
    """What one association lent another: reservations, their hours and price; lent people and their hours.

    None for both numbers of people where fewer than five are meant.
    """

    owner: Organisation
    lodger: Organisation
    reservations: int = 0
    hours: float = 0
    price_minor: int = 0
    currency: str = ""
    people: int | None = 0
    people_hours: float | None = 0


def loans_of(
    resources: Sequence[Mapping[str, Any]], people: Sequence[Mapping[str, Any]], directory: Directory
) -> list[Loan]:
    """What was lent between associations that the directory knows, by the names of owner and lodger."""
    found: dict[tuple[str, str, str], Loan] = {}
    by_id = {association.id: association for association in directory.associations}
    for one in resources:
        key = (one["owner_id"], one["lodger_id"], one["currency"])
        if key[0] in by_id and key[1] in by_id:
            sums = {
                "reservations": one["reservations"],
                "hours": one["minutes"] / 60,
                "price_minor": one["price_minor"],
            }
            found[key] = Loan(by_id[key[0]], by_id[key[1]], currency=one["currency"], **sums)
    for one in people:
        pair = (one["lender_id"], one["host_id"])
        if pair[0] in by_id and pair[1] in by_id:
            key = next((key for key in found if key[:2] == pair), (*pair, ""))
            loan = found.get(key, Loan(by_id[pair[0]], by_id[pair[1]]))
            hours = None if one["minutes"] is None else one["minutes"] / 60
            found[key] = replace(loan, people=one["people"], people_hours=hours)
    return sorted(found.values(), key=lambda loan: (loan.owner.name, loan.lodger.name, loan.currency))


class Circle(NamedTuple):
    """Where an association is drawn, and how large."""

    row: Row
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Spot:
    """An association on the map: a circle and its name below or above it, in the units of the drawing."""

    row: Row
    x: float
    y: float
    radius: float
    label: str
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Map:
    """The associations that say where they are, and those that do not."""

    width: int
    height: int
    spots: Sequence[Spot]
    missing: Sequence[Organisation]


def map_of(rows: Sequence[Row]) -> Map:
    """Associations by their position; the area of each circle grows with the places that it offers."""
    placed = [(row, row.association.position) for row in rows if row.association.position is not None]
    missing = [row.association for row in rows if row.association.position is None]
    points = _projected([position for _row, position in placed])
    points, height = _fitted(points)
    most = max((row.capacity for row, _position in placed), default=0)
    circles = [
        Circle(row, x, y, RADIUS_MIN + (RADIUS_MAX - RADIUS_MIN) * math.sqrt(row.capacity / most if most else 0))
        for (x, y), (row, _position) in sorted(zip(points, placed, strict=True), key=lambda one: one[0][1])
    ]
    spots: list[Spot] = []
    for circle in circles:
        spots.append(_labelled(circle, circles, spots))
    lowest = max((spot.label_y for spot in spots), default=0)
    return Map(MAP_WIDTH, math.ceil(max(height, lowest + LABEL_HEIGHT)), spots, missing)


def _projected(positions: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """East and south in degrees of latitude: equirectangular, true to scale in the middle of the positions."""
    if not positions:
        return []
    latitudes = [latitude for latitude, _longitude in positions]
    shrinking = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2))
    return [(longitude * shrinking, -latitude) for latitude, longitude in positions]


def _fitted(points: Sequence[tuple[float, float]]) -> tuple[list[tuple[float, float]], float]:
    """The points inside the margins of the drawing, in the same proportions, and how high the drawing is."""
    if not points:
        return [], 0
    west, north = min(x for x, _y in points), min(y for _x, y in points)
    wide, high = max(x for x, _y in points) - west, max(y for _x, y in points) - north
    room, room_high = MAP_WIDTH - 2 * MAP_MARGIN, MAP_HEIGHT_MAX - 2 * MAP_MARGIN
    scale = min(room / wide if wide else math.inf, room_high / high if high else math.inf)
    if math.isinf(scale):
        return [(MAP_WIDTH / 2, MAP_MARGIN) for _point in points], 2 * MAP_MARGIN
    left = (MAP_WIDTH - wide * scale) / 2
    fitted = [(left + (x - west) * scale, MAP_MARGIN + (y - north) * scale) for x, y in points]
    return fitted, high * scale + 2 * MAP_MARGIN


def _labelled(circle: Circle, circles: Sequence[Circle], others: Sequence[Spot]) -> Spot:
    """The spot with its name below or above the circle, lower where circles and other names leave no room."""
    row, x, y, radius = circle
    name = row.association.name
    label = name if len(name) <= LABEL_CHARACTERS_MAX else name[: LABEL_CHARACTERS_MAX - 1].rstrip() + "…"
    half = len(label) * CHARACTER_WIDTH / 2
    label_x = min(max(x, half), MAP_WIDTH - half)
    near_names = [one for one in others if abs(one.label_x - label_x) < half + len(one.label) * CHARACTER_WIDTH / 2]
    near_circles = [one for one in circles if one is not circle and abs(one.x - label_x) < half + one.radius]

    def is_free(label_y: float) -> bool:
        middle = label_y - LABEL_HEIGHT / 4
        return all(abs(one.label_y - label_y) >= LABEL_HEIGHT for one in near_names) and all(
            abs(one.y - middle) >= one.radius + LABEL_HEIGHT / 2 for one in near_circles
        )

    label_y, above = y + radius + LABEL_HEIGHT, y - radius - LABEL_HEIGHT / 2
    if not is_free(label_y):
        if above >= LABEL_HEIGHT and is_free(above):
            label_y = above
        else:
            for other in sorted(near_names, key=lambda spot: spot.label_y):
                if abs(other.label_y - label_y) < LABEL_HEIGHT:
                    label_y = other.label_y + LABEL_HEIGHT
    return Spot(row, round(x, 1), round(y, 1), round(radius, 1), label, round(label_x, 1), round(label_y, 1))

"""What is offered: a season of programmes, activities and forty sessions, counted from a given day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from activities.sessions.domain import school_holidays
from maillage.demo.model import Activity, Programme, Series
from maillage.demo.organisations import ORGANISATIONS

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS_AHEAD = 3
SEASON_STARTS_IN_MONTH = 7
CALENDAR_DAYS = 400


def season_of(day: date) -> tuple[str, date, date]:
    """Name, first and last day of the season that a day belongs to."""
    year = day.year if day.month >= SEASON_STARTS_IN_MONTH else day.year - 1
    return f"{year}-{year + 1}", date(year, SEASON_STARTS_IN_MONTH, 1), date(year + 1, 6, 30)


def programmes(day: date) -> tuple[Programme, ...]:
    season, first, last = season_of(day)
    return (
        Programme(
            key="apres-ecole", organisation="tremplin", planner="amelie", leader="karim",
            title="Après l'école, ensemble", season=season, starts_on=first, ends_on=last,
            audience="enfants et jeunes de 6 à 16 ans", policy_axes=("lien entre générations", "accès à la culture"),
            objective="Faire se rencontrer enfants et aînés", indicator="séances mixtes", target=10,
        ),
        Programme(
            key="samen-thuis", organisation="tilleuls", planner="pieter", leader="els",
            title="Samen thuis", season=season, starts_on=first, ends_on=last,
            audience="bewoners en buren", policy_axes=("welzijn van ouderen",),
            objective="Bewoners komen buiten hun kamer", indicator="deelnames", target=60,
        ),
        Programme(
            key="kultur-fuer-alle", organisation="grange", planner="hanna", leader="tom",
            title="Kultur für alle", season=season, starts_on=first, ends_on=last,
            audience="Kinder und Erwachsene", policy_axes=("kulturelle Teilhabe",),
            objective="Neue Menschen auf die Bühne bringen", indicator="erste Auftritte", target=12,
        ),
        Programme(
            key="on-the-move", organisation="elan", planner="marta", leader="marta",
            title="On the move", season=season, starts_on=first, ends_on=last,
            audience="families of Valbois", policy_axes=("health", "meeting people"),
            objective="Bring newcomers into sport", indicator="new members", target=15,
        ),
    )  # fmt: skip


ACTIVITIES = (
    Activity("cirque", "apres-ecole", "Atelier cirque", "dès 6 ans", "arrival", 60_000, 48_000),
    Activity("radio", "apres-ecole", "Studio radio", "10 à 16 ans", "arrival", 18_000, 15_000),
    Activity("devoirs", "apres-ecole", "Coup de pouce devoirs", "6 à 12 ans", "own_participants_first", 4_000, 9_000),
    Activity("stoeldans", "samen-thuis", "Dansen op de stoel", "senioren", "arrival", 5_000, 6_000),
    Activity("theater", "kultur-fuer-alle", "Theaterwerkstatt", "ab 8 Jahren", "arrival_if_it_fits", 40_000, 36_000),
    Activity("chor", "kultur-fuer-alle", "Offener Chor", "Erwachsene", "arrival", 8_000, 8_000),
    Activity("basket", "on-the-move", "Mini basketball", "6 to 12 years", "own_participants_first", 20_000, 16_000),
    Activity("yoga", "on-the-move", "Gentle yoga", "everybody", "arrival", 6_000, 5_000),
)


def series(day: date) -> tuple[Series, ...]:
    """Forty sessions; none before `DAYS_AHEAD` days, so that an interrupted loading can go on the day after."""
    return (
        _series(
            "cirque", "tremplin-salle", "Atelier cirque", day, ("WE",), time(14), 120, sessions=8,
            capacity=14, minimum=6, prices={"standard": 1_200, "senior": 800}, supervision="be_holiday_centre",
            age_from=6, accessibility=("accès en fauteuil roulant",),
        ),
        _series(
            "radio", "tremplin-salle", "Studio radio", day, ("FR",), time(16, 30), 90, sessions=6,
            capacity=8, minimum=3, prices={"standard": 500}, supervision="be_holiday_centre", age_from=10, age_to=16,
        ),
        _series(
            "devoirs", "tremplin-salle", "Coup de pouce devoirs", day, ("MO", "TH"), time(16), 90, sessions=8,
            capacity=10, minimum=0, prices={"standard": 100}, supervision="be_holiday_centre", age_from=6, age_to=12,
        ),
        _series(
            "stoeldans", "tilleuls-tuinzaal", "Dansen op de stoel", day, ("TH",), time(14, 30), 60, sessions=2,
            capacity=16, minimum=4, prices={"standard": 250}, skips=False, accessibility=("rolstoeltoegankelijk",),
        ),
        _series(
            "theater", "grange-saal", "Theaterwerkstatt", day, ("SA",), time(10), 150, sessions=6,
            capacity=12, minimum=5, prices={"standard": 900, "reduced": 450}, age_from=8,
        ),
        _series(
            "chor", "grange-saal", "Offener Chor", day, ("TU",), time(19), 90, sessions=4,
            capacity=40, minimum=0, prices={"standard": 300}, age_from=16,
        ),
        _series(
            "basket", "elan-hall", "Mini basketball", day, ("SU",), time(10, 30), 75, sessions=4,
            capacity=16, minimum=6, prices={"standard": 600}, supervision="be_holiday_centre", age_from=6, age_to=12,
        ),
        _series(
            "yoga", "elan-hall", "Gentle yoga", day, ("MO",), time(18), 60, sessions=2,
            capacity=20, minimum=0, prices={"standard": 400}, skips=False, open_door=True,
        ),
    )  # fmt: skip


def _series(
    activity: str, site: str, title: str, day: date, weekdays: tuple[str, ...], begins: time, minutes: int, *,
    sessions: int, capacity: int, minimum: int, prices: dict[str, int], skips: bool = True, supervision: str = "none",
    age_from: int | None = None, age_to: int | None = None, accessibility: tuple[str, ...] = (),
    open_door: bool = False,
) -> Series:  # fmt: skip
    days_off = _days_off(site, day) if skips else set()
    occurrences = _occurrences(day + timedelta(days=DAYS_AHEAD), weekdays, days_off, sessions)
    return Series(
        key=activity, activity=activity, site=site, title=title,
        first_local=datetime.combine(occurrences[0], begins), minutes=minutes,
        rule=f"FREQ=WEEKLY;BYDAY={','.join(weekdays)};COUNT={len(occurrences)}", sessions=sessions,
        skips_school_holidays=skips, capacity=capacity, minimum=minimum, prices=prices, supervision=supervision,
        age_from=age_from, age_to=age_to, accessibility=accessibility, open_door=open_door,
    )  # fmt: skip


def _days_off(site: str, day: date) -> set[date]:
    jurisdiction = next(organisation.jurisdiction for organisation in ORGANISATIONS if organisation.key == site)
    return school_holidays(jurisdiction, day, day + timedelta(days=CALENDAR_DAYS))


def _occurrences(first: date, weekdays: tuple[str, ...], days_off: set[date], wanted: int) -> list[date]:
    """All days of the rule, those that are skipped among them, until `wanted` are left."""
    found: list[date] = []
    kept = 0
    for day in _days_from(first):
        if DAYS[day.weekday()] in weekdays:
            found.append(day)
            kept += day not in days_off
        if kept == wanted:
            return found
    raise AssertionError("there is always another week")


def _days_from(first: date) -> Iterator[date]:
    while True:
        yield first
        first += timedelta(days=1)

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr

from activities.sessions.domain import school_holidays
from contracts.partners import Role
from maillage.demo.generator import describe_demo
from maillage.demo.model import Series
from maillage.demo.organisations import ORGANISATIONS
from maillage.people import DEMO_PEOPLE

DAYS = [date(2026, 11, 22) + timedelta(days=23 * number) for number in range(32)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_federation_has_its_size_whenever_it_is_made(day: date) -> None:
    demo = describe_demo(day)
    assert len([item for item in demo.organisations if item.kind == "association"]) == 4
    assert len(demo.activities) >= 6
    assert len({activity.programme for activity in demo.activities}) >= 3
    assert (len(demo.households), len(demo.participants)) == (35, 60)
    assert sum(len(_occurrences(series)) for series in demo.series) == 40
    assert all(len(_occurrences(series)) == series.sessions for series in demo.series)
    assert min(series.first_local for series in demo.series).date() > day


def test_everything_but_the_days_follows_from_the_seed() -> None:
    one, other = describe_demo(DAYS[0]), describe_demo(DAYS[1])
    assert describe_demo(DAYS[0]) == one
    assert one.households == other.households
    assert [item.family_name for item in one.participants] == [item.family_name for item in other.participants]


def test_some_are_told_by_post_only() -> None:
    demo = describe_demo(DAYS[0])
    without_address = [household for household in demo.households if household.contact.email is None]
    residents = [participant for participant in demo.participants if participant.household is None]
    assert len(without_address) >= 3
    assert len(residents) == 10
    assert {household.contact.language for household in demo.households} == {"fr", "nl", "de", "en"}


def test_people_hold_every_role_and_speak_four_languages() -> None:
    demo = describe_demo(DAYS[0])
    held = {membership.role for membership in demo.memberships} | {"federation_admin"}
    assert held == {str(role) for role in Role}
    assert {person.locale for person in DEMO_PEOPLE} == {"fr", "nl", "de", "en"}
    names = [person.user_name for person in DEMO_PEOPLE]
    assert {membership.user_name for membership in demo.memberships} <= set(names)
    parents = [household.contact.user_name for household in demo.households if household.contact.user_name]
    assert len(parents) == 2
    assert set(parents) <= set(names)


def test_children_keep_their_age_for_two_months() -> None:
    day = date(2027, 2, 28)
    for participant in describe_demo(day).participants:
        assert _age(participant.born_on, day) == _age(participant.born_on, day + timedelta(days=60))


def _occurrences(series: Series) -> list[datetime]:
    """Counted the way a reader would: all days of the rule less the days without school."""
    days = list(rrulestr(series.rule, dtstart=series.first_local))
    if not series.skips_school_holidays:
        return days
    (jurisdiction,) = [item.jurisdiction for item in ORGANISATIONS if item.key == series.site]
    days_off = school_holidays(jurisdiction, days[0].date(), days[-1].date())
    return [day for day in days if day.date() not in days_off]


def _age(born_on: date, day: date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))

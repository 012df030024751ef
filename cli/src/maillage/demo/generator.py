"""Describes the demo federation: the same people and offers every time, around a given day."""

import random
from datetime import date

from maillage.demo.families import families, residents
from maillage.demo.model import Demo
from maillage.demo.offers import ACTIVITIES, programmes, series
from maillage.demo.organisations import FEDERATION_NAME, FEDERATION_SLUG, MEMBERSHIPS, ORGANISATIONS
from maillage.demo.workers import WORKERS

SEED = 2026


def describe_demo(day: date) -> Demo:
    """The season is the one of `day`, and every session lies after it; everything else follows from the seed."""
    chance = random.Random(SEED)  # noqa: S311  The same federation every time is the point
    households, people = families(day, chance)
    return Demo(
        federation_name=FEDERATION_NAME,
        federation_slug=FEDERATION_SLUG,
        organisations=ORGANISATIONS,
        memberships=MEMBERSHIPS,
        programmes=programmes(day),
        activities=ACTIVITIES,
        series=series(day),
        households=tuple(households),
        participants=(*people, *residents(day, chance)),
        workers=WORKERS,
    )

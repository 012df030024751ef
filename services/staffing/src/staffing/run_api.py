"""HTTP in: the routes of every feature."""

from __future__ import annotations

import asyncio
from types import ModuleType

from access.serving import serve_api
from common.running import main
from staffing.absences import api as absences
from staffing.calendars import api as calendars
from staffing.contracts import api as contracts
from staffing.coverage import api as coverage
from staffing.database import api_database
from staffing.evaluation import api as evaluation
from staffing.hours import api as hours
from staffing.lending import api as lending
from staffing.passports import api as passports
from staffing.people import api as people
from staffing.proposals import api as proposals
from staffing.qualifications import api as qualifications
from staffing.recruitment import api as recruitment
from staffing.settings import Settings
from staffing.shifts import api as shifts
from staffing.substitutes import api as substitutes
from staffing.training import api as training
from staffing.wellbeing import api as wellbeing

FEATURES: tuple[ModuleType, ...] = (
    coverage,
    people,
    qualifications,
    passports,
    contracts,
    recruitment,
    training,
    shifts,
    calendars,
    lending,
    absences,
    substitutes,
    hours,
    wellbeing,
    proposals,
    evaluation,
)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve the API until `stop` is set."""
    await serve_api("staffing", settings, FEATURES, api_database, stop)


if __name__ == "__main__":
    main("staffing", Settings(), run, serves_http=True)

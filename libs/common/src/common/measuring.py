"""Figures that only the whole database can tell, by organisation: asked seldom, as the auditor, shown as metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from prometheus_client import Gauge

from common.invariants import WATCH_SECONDS, connection_as
from common.logging import get_logger
from common.reactions import is_passing
from common.settings import ServiceSettings
from common.waiting import pause

logger = get_logger(__name__)


@dataclass(frozen=True)
class Measurement:
    """A gauge with one label, and the SELECT of its values: label, number. No label may name a person."""

    gauge: Gauge
    question: str


async def measure_all(settings: ServiceSettings, measurements: Sequence[Measurement], stop: asyncio.Event) -> None:
    """Measure every five minutes until `stop` is set; nothing where the auditor's address is not set."""
    while not stop.is_set() and settings.auditor_database_url and measurements:
        try:
            await measure(settings, measurements)
        except Exception as error:
            if not is_passing(error):
                raise
            logger.warning("use could not be measured", error=repr(error)[:300])
        await pause(stop, WATCH_SECONDS)
    await stop.wait()


async def measure(settings: ServiceSettings, measurements: Sequence[Measurement]) -> None:
    """Measure once; a label that is gone is no longer shown."""
    async with connection_as(settings, "auditor") as connection:
        for measurement in measurements:
            rows = await connection.fetch(measurement.question)
            measurement.gauge.clear()
            for row in rows:
                measurement.gauge.labels(row[0]).set(row[1])

"""An owner and a lodger of one federation."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from common.testing import rolled_back
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded
from tests.partners.lending import Lending, second_association


@pytest.fixture
async def lent(databases: ServiceDatabases, ours: Founded) -> AsyncIterator[Lending]:
    """A transaction of the worker in which associations lend each other things."""
    lodger_id = await second_association(databases, ours)
    async with rolled_back(databases.engine("worker")) as session:
        yield Lending(session, ours.association_id, lodger_id)

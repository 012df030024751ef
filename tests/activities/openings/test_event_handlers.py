"""What the staffing service announces, from its committed examples and delivered twice."""

from __future__ import annotations

from collections.abc import Callable

from activities.openings.event_handlers import OPENINGS
from activities.openings.queries import find_supervision
from common.database import organisation_context
from common.testing import deliver, example, rolled_back
from contracts.staffing import CoverageRestored, CoverageShort
from tests.conftest import ServiceDatabases

SHORT = example(CoverageShort)
assert isinstance(SHORT, CoverageShort)


async def test_the_last_announcement_counts(databases_of: Callable[[str], ServiceDatabases]) -> None:
    about = {"session_id": SHORT.session_id, "organisation_id": SHORT.organisation_id}
    restored = example(CoverageRestored, **about, version=SHORT.version + 1)
    context = organisation_context(SHORT.organisation_id, "test")
    async with rolled_back(databases_of("activities").engine("worker"), context) as session:
        for event, is_short in ((SHORT, True), (SHORT, True), (restored, False), (restored, False)):
            await deliver(session, OPENINGS, event)
            known = await find_supervision(session, SHORT.session_id)
            assert known is not None
            assert known.is_short is is_short
        await deliver(session, OPENINGS, example(CoverageShort, **about))
        late = await find_supervision(session, SHORT.session_id)
        assert late is not None
        assert not late.is_short, "an older announcement changes nothing"

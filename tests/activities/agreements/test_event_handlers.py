"""What the partners service announces of agreements, from its committed example and delivered twice."""

from __future__ import annotations

from collections.abc import Callable

from activities.agreements.event_handlers import AGREEMENTS
from activities.agreements.queries import get_agreement
from common.database import organisation_context
from common.testing import deliver, example, rolled_back
from contracts.partners import AgreementChanged
from tests.conftest import ServiceDatabases

SIGNED = example(AgreementChanged)
assert isinstance(SIGNED, AgreementChanged)


async def test_the_last_announcement_counts(databases_of: Callable[[str], ServiceDatabases]) -> None:
    about = {"agreement_id": SIGNED.agreement_id, "organisation_id": SIGNED.organisation_id}
    ended = example(AgreementChanged, **about, state="ended", version=SIGNED.version + 1)
    context = organisation_context(SIGNED.organisation_id, "test")
    async with rolled_back(databases_of("activities").engine("worker"), context) as session:
        for event, state in ((SIGNED, "signed"), (SIGNED, "signed"), (ended, "ended"), (SIGNED, "ended")):
            await deliver(session, AGREEMENTS, event)
            known = await get_agreement(session, SIGNED.agreement_id)
            assert known.state == state
            assert known.sides == {SIGNED.organisation_id, *SIGNED.party_ids}

"""Members of an account that is erased, from the committed example and delivered twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import account_digest
from common.database import apply_context, organisation_context
from common.testing import deliver, example, published, rolled_back
from contracts.activities import ErasureRequested
from contracts.partners import MembersErased
from partners.erasures.event_handlers import ERASURES
from partners.memberships.use_cases import end_every_membership, grant_first_admin
from partners.organisations.queries import find_organisation_by_slug
from tests.conftest import ServiceDatabases
from tests.partners.conftest import new_account, new_slug


@pytest.fixture
async def session(databases_of: Callable[[str], ServiceDatabases]) -> AsyncIterator[AsyncSession]:
    async with rolled_back(databases_of("partners").engine("worker")) as opened:
        yield opened


@pytest.mark.parametrize("has_ended", [True, False])
async def test_what_has_ended_goes_and_an_office_stays(session: AsyncSession, has_ended: bool) -> None:
    account, slug = new_account(), new_slug()
    membership_id = await grant_first_admin(
        session,
        "Fédération",
        slug,
        account,
        display_name="Rosa Zylberman",
        email="rosa@zylberman.example",
        language="fr",
    )
    organisation = await find_organisation_by_slug(session, slug)
    assert organisation is not None
    if has_ended:
        await apply_context(session, organisation_context(organisation.id, "test"))
        await end_every_membership(session, organisation.id)
    request = example(ErasureRequested, organisation_id=organisation.id, account_digests=(account_digest(account),))
    assert await deliver(session, ERASURES, request) == "handled"
    assert await deliver(session, ERASURES, request) == "repeated"
    (answer,) = [event for event in await published(session) if isinstance(event, MembersErased)]
    kept = {records.reason: records.count for records in answer.kept}
    assert kept == ({} if has_ended else {"still_in_office": 1})
    told = text("select payload from outbox_events where key = :id")
    payloads = (await session.scalars(told, {"id": membership_id})).all()
    assert any("ylberman" in payload for payload in payloads) is not has_ended
    left = await session.scalar(text("select count(*) from memberships where id = :id"), {"id": membership_id})
    assert left == (0 if has_ended else 1)

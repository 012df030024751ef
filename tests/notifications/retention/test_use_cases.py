"""Messages of more than a year ago are deleted; what is on its way, and whatever is nearer, stays."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import know_organisation
from access.retention import list_past_period
from common.database import apply_context, organisation_context
from common.ids import new_id
from common.testing import example
from contracts.partners import OrganisationChanged
from notifications.retention.use_cases import KEPT

(MESSAGES,) = KEPT
WRITTEN = text(
    """insert into messages (id, organisation_id, fact_id, human_key, recipient_id, person_ids, kind, language,
              subject, body, channel, state, created_at)
       values (:id, :organisation_id, cast(cast(:id as uuid) as text), 'h', uuidv7(), '{}', 'booking_confirmed', 'fr',
              's', 'b', 'email', :state, now() - make_interval(days => :days))"""
)


async def test_a_message_is_kept_for_a_year(session: AsyncSession) -> None:
    organisation_id = new_id()
    await apply_context(session, organisation_context(organisation_id, "test"))
    await know_organisation(session, example(OrganisationChanged, organisation_id=organisation_id, jurisdiction="BE"))
    ids = {name: new_id() for name in ("old", "printed", "on its way", "new")}
    written = {"old": ("sent", 366), "printed": ("printed", 800), "on its way": ("sending", 366), "new": ("sent", 364)}
    for name, (state, days) in written.items():
        values = {"id": ids[name], "organisation_id": organisation_id, "state": state, "days": days}
        await session.execute(WRITTEN, values)
    past = await list_past_period(session, organisation_id, MESSAGES)
    assert sorted(past) == sorted([ids["old"], ids["printed"]])
    await MESSAGES.forget(session, organisation_id, past)
    left = (
        await session.scalars(text("select id from messages where id = any(:ids)"), {"ids": list(ids.values())})
    ).all()
    assert sorted(left) == sorted([ids["on its way"], ids["new"]])

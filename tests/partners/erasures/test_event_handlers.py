"""Members of an account that is erased, from the committed example and delivered twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import account_digest
from common.database import apply_context, organisation_context
from common.testing import deliver, example, published, rolled_back
from contracts.activities import ErasureRequested
from contracts.partners import MembersErased
from partners.erasures.event_handlers import ERASURES
from partners.keys.domain import NewHandover
from partners.keys.use_cases import enter_key, hand_over, take_back
from partners.meetings.domain import Attendance, MeetingKind, Record
from partners.meetings.tables import Meeting, MeetingAttendance, Task
from partners.meetings.use_cases import NewTask, give_task, write_down_meeting
from partners.memberships.use_cases import end_every_membership, grant_first_admin
from partners.organisations.queries import find_organisation_by_slug
from partners.resources.use_cases import enter_resource
from tests.conftest import ServiceDatabases
from tests.partners.conftest import new_account, new_slug
from tests.partners.lending import plan


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


async def grant(session: AsyncSession, slug: str, name: str) -> tuple[UUID, str]:
    """An admin of the federation by this name: the membership, and the digest of the account."""
    account = new_account()
    membership_id = await grant_first_admin(
        session, "Fédération", slug, account, display_name=name, email=f"{account.subject}@example.org", language="fr"
    )
    return membership_id, account_digest(account)


@pytest.mark.parametrize("namesake", [False, True])
async def test_minutes_and_tasks_forget_who_is_erased(session: AsyncSession, namesake: bool) -> None:
    slug = new_slug()
    membership_id, digest = await grant(session, slug, "Rosa Zylberman")
    other_id, _ = await grant(session, slug, "Rosa Zylberman" if namesake else "Ada Byron")
    organisation = await find_organisation_by_slug(session, slug)
    assert organisation is not None
    own = organisation.id
    await apply_context(session, organisation_context(own, "test"))
    record = Record(
        kind=MeetingKind.meeting, title="Coordination", place="", starts_at=datetime(2026, 11, 25, 9, tzinfo=UTC),
        ends_at=datetime(2026, 11, 25, 11, tzinfo=UTC), partner_ids=(), agenda="Point de rosa zylberman",
        minutes="Ada Byron et Rosa Zylberman proposent…", decisions=("Rosa Zylberman écrit à la commune",),
        attendances=(Attendance("Rosa Zylberman", own), Attendance("Ada Byron", own)),
    )  # fmt: skip
    meeting = await write_down_meeting(session, own, record)
    task = await give_task(session, own, NewTask("Rappeler Rosa Zylberman", membership_id, date(2026, 12, 1)))
    others = await give_task(session, own, NewTask("Écrire", other_id, date(2026, 12, 1)))
    meeting_id, task_id, others_id = meeting.id, task.id, others.id
    ended = "update memberships set state = 'ended', ended_at = now() where id = :id"
    await session.execute(text(ended), {"id": membership_id})
    session.expire_all()
    request = example(ErasureRequested, organisation_id=own, account_digests=(digest,))
    assert await deliver(session, ERASURES, request) == "handled"
    assert await deliver(session, ERASURES, request) == "repeated"
    await apply_context(session, organisation_context(own, "test"))
    name = "Rosa Zylberman" if namesake else "—"
    told = await session.get_one(Meeting, meeting_id, populate_existing=True)
    assert told.minutes == f"Ada Byron et {name} proposent…"
    assert told.decisions == [f"{name} écrit à la commune"]
    present = select(MeetingAttendance.name).where(MeetingAttendance.meeting_id == meeting_id)
    assert set((await session.scalars(present)).all()) == {name, "Ada Byron"}
    left = await session.get_one(Task, task_id, populate_existing=True)
    assert (left.title, left.owner_membership_id) == (f"Rappeler {name}", None)
    assert (await session.get_one(Task, others_id, populate_existing=True)).owner_membership_id == other_id
    (answer,) = [event for event in await published(session) if isinstance(event, MembersErased)]
    erased = {records.record: records.count for records in answer.erased}
    assert (erased["memberships"], erased["tasks"], erased.get("meetings", 0)) == (1, 1, 0 if namesake else 2)


async def test_who_had_a_key_is_forgotten_and_who_has_one_is_not(session: AsyncSession) -> None:
    slug = new_slug()
    membership_id, digest = await grant(session, slug, "Rosa Zylberman")
    organisation = await find_organisation_by_slug(session, slug)
    assert organisation is not None
    await apply_context(session, organisation_context(organisation.id, "test"))
    hall = await enter_resource(session, organisation.id, plan(name="Salle des fêtes"))
    back, out = [await enter_key(session, hall.id, label, "") for label in ("A3", "A4")]
    for key in (back, out):
        given = NewHandover("Rosa Zylberman", membership_id, date(2026, 11, 2), None)
        await hand_over(session, key.id, given)
    await take_back(session, back.id, date(2026, 11, 20))
    await end_every_membership(session, organisation.id)
    request = example(ErasureRequested, organisation_id=organisation.id, account_digests=(digest,))
    assert await deliver(session, ERASURES, request) == "handled"
    (answer,) = [event for event in await published(session) if isinstance(event, MembersErased)]
    assert {one.record: one.count for one in answer.erased}["key_handovers"] == 1
    assert [(one.record, one.reason, one.count) for one in answer.kept] == [("key_handovers", "key_not_returned", 1)]
    left = (await session.scalars(text("select key_id from key_handovers"))).all()
    assert left == [out.id]

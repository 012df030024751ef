"""The alarm before an agreement runs out: set by the last signature, told once, and only while it is in force."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Principal
from access.roles import LEADERS
from common.testing import published, rolled_back
from contracts.partners import AgreementChanged, AgreementRenewalDue
from partners.agreements import use_cases
from partners.agreements.domain import Terms
from partners.agreements.tables import Agreement
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded

DUE = text("select due_at from due_rows where kind = :kind and subject_id = :subject_id")


async def signed(session: AsyncSession, director: Principal, keeper_id: UUID, party_id: UUID) -> Agreement:
    terms = Terms("Cirque", "", date(2026, 9, 1), date(2027, 6, 30), 90, (party_id,), ())
    agreement = await use_cases.draft_agreement(session, keeper_id, terms)
    await use_cases.send_agreement(session, agreement.id)
    for side in (keeper_id, party_id):
        new = use_cases.NewSignature(side, "Karim Benali", date(2026, 8, 20))
        await use_cases.sign_agreement(session, director, agreement.id, new)
    return agreement


async def alarm_of(session: AsyncSession, agreement: Agreement) -> str | None:
    values = {"kind": use_cases.RENEWAL_DUE, "subject_id": agreement.id}
    due_at = await session.scalar(DUE, values)
    return due_at and due_at.isoformat()


async def test_the_last_signature_sets_the_alarm_and_the_alarm_names_the_sides(
    databases: ServiceDatabases, ours: Founded, theirs: Founded
) -> None:
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        agreement = await signed(session, ours.director, ours.association_id, theirs.association_id)
        assert await alarm_of(session, agreement) == "2027-04-01T06:00:00+00:00"
        await use_cases.announce_renewal(session, agreement.id)
        event = (await published(session))[-1]
        assert isinstance(event, AgreementRenewalDue)
        assert (event.agreement_id, event.ends_on, len(event.party_names)) == (agreement.id, date(2027, 6, 30), 1)


async def test_what_has_ended_rings_no_more(databases: ServiceDatabases, ours: Founded, theirs: Founded) -> None:
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        agreement = await signed(session, ours.director, ours.association_id, theirs.association_id)
        await use_cases.end_agreement(session, agreement.id, "The project stops")
        assert await alarm_of(session, agreement) is None
        await use_cases.announce_renewal(session, agreement.id)
        assert [event for event in await published(session) if isinstance(event, AgreementRenewalDue)] == []


async def test_others_hear_of_an_agreement_from_when_it_is_sent(
    databases: ServiceDatabases, ours: Founded, theirs: Founded
) -> None:
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        agreement = await signed(session, ours.director, ours.association_id, theirs.association_id)
        await use_cases.end_agreement(session, agreement.id, "The project stops")
        draft = Terms("Draft", "", date(2026, 9, 1), None, 90, (theirs.association_id,), ())
        given_up = await use_cases.draft_agreement(session, ours.association_id, draft)
        await use_cases.end_agreement(session, given_up.id, "Never sent")
        told = [event for event in await published(session) if isinstance(event, AgreementChanged)]
        assert [(event.version, event.state) for event in told] == [
            (2, "sent"),
            (3, "sent"),
            (4, "signed"),
            (5, "ended"),
        ]
        assert {event.agreement_id for event in told} == {agreement.id}
        assert await use_cases.announce_every_agreement(session) == 1

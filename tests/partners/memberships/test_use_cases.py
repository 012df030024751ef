"""What memberships write and announce, as the restricted role, and what two transactions at once cannot do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from access.principals import Principal
from access.roles import LEADERS
from common.database import ORGANISATIONS_SETTING, apply_context, uuid_array
from common.ids import new_id
from common.testing import published, rolled_back
from contracts.partners import MemberContactChanged, MembershipChanged
from partners.memberships import queries, use_cases
from partners.memberships.domain import (
    AlreadyInvited,
    AlreadyMember,
    InvitationNotValid,
    LastLeaderMustStay,
    MembershipChangedMeanwhile,
    MembershipHasEnded,
    MembershipNotFound,
    MembershipState,
    Role,
    RoleDoesNotFit,
)
from partners.memberships.tables import Membership
from partners.organisations.use_cases import end_organisation
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded, new_account, new_slug
from tests.partners.memberships.conftest import CLAIRE, invited, joined

WAITING = text("select count(*) from pg_locks where not granted")


async def test_invitation_keeps_only_a_fingerprint_of_its_code(databases: ServiceDatabases, ours: Founded) -> None:
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        membership = await use_cases.invite_member(
            session, ours.director, ours.association_id, Role.coordinator, CLAIRE
        )
        changed, contact = await published(session)
        assert isinstance(changed, MembershipChanged)
        assert isinstance(contact, MemberContactChanged)
        assert (changed.membership_id, changed.version, changed.state) == (membership.id, 1, "invited")
        assert (contact.version, contact.email, contact.language) == (1, "claire@example.org", "fr")
        assert contact.invitation_code is not None
        stored = await session.scalar(text("select m::text from memberships m where id = :id"), {"id": membership.id})
        assert CLAIRE.email in stored
        assert contact.invitation_code not in stored
        assert membership.expires_at == membership.invited_at + timedelta(days=14)


async def test_acceptance_links_the_account_once(databases: ServiceDatabases, ours: Founded) -> None:
    membership_id, code = await invited(databases, ours, Role.coordinator)
    account = new_account()
    async with rolled_back(databases.engine("api"), Principal(account).context()) as session:
        membership = await use_cases.accept_invitation(session, account, code)
        assert (membership.id, membership.state, membership.version) == (membership_id, "active", 2)
        assert (membership.code_hash, membership.expires_at) == (None, None)
        changed, contact = await published(session)
        assert isinstance(changed, MembershipChanged)
        assert isinstance(contact, MemberContactChanged)
        assert (changed.state, changed.account_subject, changed.version) == ("active", account.subject, 2)
        assert contact.invitation_code is None
        with pytest.raises(InvitationNotValid):
            await use_cases.accept_invitation(session, account, code)
        assert len(await published(session)) == 2


async def test_unknown_expired_and_withdrawn_codes_are_told_apart_by_nobody(
    databases: ServiceDatabases, ours: Founded
) -> None:
    expired_id, expired = await invited(databases, ours, Role.animator)
    withdrawn_id, withdrawn = await invited(databases, ours, Role.volunteer)
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        past = datetime(2020, 1, 1, tzinfo=UTC)
        await session.execute(update(Membership).where(Membership.id == expired_id).values(expires_at=past))
        await use_cases.end_membership(session, ours.director, withdrawn_id)
        told = set()
        for code in ("never-given-out", expired, withdrawn):
            with pytest.raises(InvitationNotValid) as refusal:
                await use_cases.accept_invitation(session, new_account(), code)
            told.add(str(refusal.value))
        assert len(told) == 1


async def test_ended_organisation_is_not_joined_any_more(databases: ServiceDatabases, ours: Founded) -> None:
    _, code = await invited(databases, ours, Role.coordinator)
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        await end_organisation(session, ours.director, ours.association_id)
        with pytest.raises(InvitationNotValid):
            await use_cases.accept_invitation(session, new_account(), code)


async def test_account_has_each_role_once(databases: ServiceDatabases, ours: Founded) -> None:
    coordinator = await joined(databases, ours, Role.coordinator)
    account = coordinator.principal.account
    _, same_role = await invited(databases, ours, Role.coordinator)
    treasurer = await joined(databases, ours, Role.treasurer, account)
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        with pytest.raises(AlreadyMember):
            await use_cases.accept_invitation(session, account, same_role)
        with pytest.raises(AlreadyMember):
            await use_cases.change_role(session, ours.director, treasurer.membership_id, 2, Role.coordinator)


async def test_open_invitation_is_not_sent_twice(databases: ServiceDatabases, ours: Founded) -> None:
    membership_id, _ = await invited(databases, ours, Role.coordinator)
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        shouted = use_cases.Invited("Claire", "CLAIRE@example.org", "fr")
        with pytest.raises(AlreadyInvited):
            await use_cases.invite_member(session, ours.director, ours.association_id, Role.coordinator, shouted)
        await use_cases.end_membership(session, ours.director, membership_id)
        await use_cases.invite_member(session, ours.director, ours.association_id, Role.coordinator, shouted)


async def test_federation_has_no_director(databases: ServiceDatabases, ours: Founded) -> None:
    async with rolled_back(databases.engine("api"), ours.admin.context(LEADERS)) as session:
        with pytest.raises(RoleDoesNotFit):
            await use_cases.invite_member(session, ours.admin, ours.federation_id, Role.director, CLAIRE)
        admin = await use_cases.invite_member(session, ours.admin, ours.federation_id, Role.federation_admin, CLAIRE)
        assert admin.role == "federation_admin"


async def test_role_changes_one_version_on(databases: ServiceDatabases, ours: Founded) -> None:
    member = await joined(databases, ours, Role.volunteer)
    async with rolled_back(databases.engine("api"), ours.admin.context(LEADERS)) as session:
        changed = await use_cases.change_role(session, ours.admin, member.membership_id, 2, Role.animator)
        assert (changed.version, changed.role) == (3, "animator")
        events = await published(session)
        assert [(type(event), getattr(event, "version", None)) for event in events] == [
            (MembershipChanged, 3),
            (MemberContactChanged, 3),
        ]
        with pytest.raises(MembershipChangedMeanwhile):
            await use_cases.change_role(session, ours.admin, member.membership_id, 2, Role.volunteer)
        await use_cases.end_membership(session, ours.admin, member.membership_id)
        with pytest.raises(MembershipHasEnded):
            await use_cases.change_role(session, ours.admin, member.membership_id, 4, Role.volunteer)


async def test_last_director_neither_goes_nor_changes(databases: ServiceDatabases, ours: Founded) -> None:
    director = await joined(databases, ours, Role.director)
    async with rolled_back(databases.engine("api"), director.principal.context(LEADERS)) as session:
        with pytest.raises(LastLeaderMustStay):
            await use_cases.end_membership(session, director.principal, director.membership_id)
        with pytest.raises(LastLeaderMustStay):
            await use_cases.change_role(session, director.principal, director.membership_id, 2, Role.coordinator)
    async with rolled_back(databases.engine("api"), ours.admin.context(LEADERS)) as session:
        with pytest.raises(LastLeaderMustStay):
            await use_cases.end_membership(session, ours.admin, ours.admin_membership_id)


async def test_member_leaves_by_himself_and_only_himself(databases: ServiceDatabases, ours: Founded) -> None:
    leaving, staying = await joined(databases, ours, Role.animator), await joined(databases, ours, Role.animator)
    caller = leaving.principal
    async with rolled_back(databases.engine("api"), caller.context(LEADERS)) as session:
        ended = await use_cases.end_membership(session, caller, leaving.membership_id)
        assert (ended.state, ended.version) == ("ended", 3)
        again = await use_cases.end_membership(session, caller, leaving.membership_id)
        assert again.version == 3
        for unreachable in (staying.membership_id, new_id()):
            with pytest.raises(MembershipNotFound):
                await use_cases.end_membership(session, caller, unreachable)
            with pytest.raises(MembershipNotFound):
                await use_cases.change_role(session, caller, unreachable, 2, Role.director)


@asynccontextmanager
async def ending(databases: ServiceDatabases, ours: Founded, membership_id: UUID) -> AsyncIterator[None]:
    """A transaction that has ended a membership; it commits after the block."""
    async with AsyncSession(databases.engine("api")) as session, session.begin():
        await apply_context(session, ours.admin.context(LEADERS))
        await use_cases.end_membership(session, ours.admin, membership_id)
        yield


async def until_somebody_waits(engine: AsyncEngine) -> None:
    """Return when a transaction of this database waits for a lock."""
    async with asyncio.timeout(5), engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        while await connection.scalar(WAITING) == 0:
            pass


async def test_two_directors_removed_at_once_leave_one(databases: ServiceDatabases, ours: Founded) -> None:
    one, other = await joined(databases, ours, Role.director), await joined(databases, ours, Role.director)

    async def end_other() -> None:
        async with ending(databases, ours, other.membership_id):
            pass

    async with ending(databases, ours, one.membership_id):
        second = asyncio.create_task(end_other())
        await until_somebody_waits(databases.engine("owner"))
    with pytest.raises(LastLeaderMustStay):
        await second
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        active = await queries.list_memberships(session, ours.association_id, MembershipState.active, None, 10)
        assert [membership.id for membership in active] == [other.membership_id]


async def test_grant_founds_once_and_announces_like_any_other(databases: ServiceDatabases) -> None:
    account, slug = new_account(), new_slug()
    async with rolled_back(databases.engine("worker"), {"app.actor": "maillage grant"}) as session:

        async def grant() -> UUID:
            return await use_cases.grant_first_admin(
                session, "Fédération", slug, account, display_name="F", email="f@example.org", language="fr"
            )

        membership_id = await grant()
        federation, changed, contact = await published(session)
        assert federation.wire_type == "partners.organisation_changed.v1"
        assert isinstance(changed, MembershipChanged)
        assert (changed.membership_id, changed.organisation_id) == (membership_id, federation.organisation_id)
        assert (changed.role, changed.state, changed.account_subject) == (
            "federation_admin",
            "active",
            account.subject,
        )
        assert isinstance(contact, MemberContactChanged)
        assert await grant() == membership_id
        assert len(await published(session)) == 3


async def test_everything_in_the_context_is_announced_again(
    databases: ServiceDatabases, ours: Founded, theirs: Founded
) -> None:
    member = await joined(databases, ours, Role.funder)
    await invited(databases, theirs, Role.funder)
    context = {ORGANISATIONS_SETTING: uuid_array({ours.association_id, ours.federation_id})}
    async with rolled_back(databases.engine("worker"), context) as session:
        assert await use_cases.announce_every_membership(session) == 2
        events = await published(session)
        assert {event.key for event in events} == {member.membership_id, ours.admin_membership_id}
        assert len(events) == 4


async def test_other_organisations_see_no_membership(
    databases: ServiceDatabases, ours: Founded, theirs: Founded
) -> None:
    member = await joined(databases, ours, Role.treasurer)
    count = select(func.count()).select_from(Membership).where(Membership.organisation_id == ours.association_id)
    for caller, seen in ((theirs.director, 0), (theirs.admin, 0), (member.principal, 1), (ours.director, 1)):
        async with rolled_back(databases.engine("api"), caller.context(LEADERS)) as session:
            assert await session.scalar(count) == seen
            if seen == 0:
                with pytest.raises(MembershipNotFound):
                    await use_cases.get_membership(session, caller, member.membership_id)

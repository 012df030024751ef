"""What organisations write and announce, as the restricted role."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.roles import LEADERS
from common.database import ORGANISATIONS_SETTING, apply_context, uuid_array
from common.testing import published, rolled_back
from contracts.partners import OrganisationChanged
from partners.organisations import queries, use_cases
from partners.organisations.domain import (
    MisplacedOrganisation,
    NotItsLeader,
    OrganisationChangedMeanwhile,
    OrganisationHasEnded,
    OrganisationKind,
    SlugTaken,
)
from partners.organisations.tables import Organisation
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded, some_profile


async def open_site(session: AsyncSession, ours: Founded, parent: str = "association") -> Organisation:
    parent_id = ours.association_id if parent == "association" else ours.federation_id
    who = ours.director if parent == "association" else ours.admin
    return await use_cases.found_organisation(
        session, who, OrganisationKind.site, some_profile(name="Site"), federation_ids=[], parent_id=parent_id
    )


async def test_site_belongs_to_its_association_and_is_announced_under_its_own_id(
    databases: ServiceDatabases, ours: Founded
) -> None:
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        site = await open_site(session, ours)
        assert site.organisation_id == ours.association_id
        (event,) = await published(session)
        assert isinstance(event, OrganisationChanged)
        assert (event.organisation_id, event.parent_id, event.version) == (site.id, ours.association_id, 1)
        assert event.kind == "site"
        with pytest.raises(MisplacedOrganisation):
            await use_cases.found_organisation(
                session, ours.director, OrganisationKind.site, some_profile(), federation_ids=[], parent_id=site.id
            )


async def test_federation_has_no_site(databases: ServiceDatabases, ours: Founded) -> None:
    async with rolled_back(databases.engine("api"), ours.admin.context(LEADERS)) as session:
        with pytest.raises(MisplacedOrganisation):
            await open_site(session, ours, parent="federation")


async def test_change_announces_the_whole_state_one_version_on(databases: ServiceDatabases, ours: Founded) -> None:
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        changes = {"name": "Autre nom", "languages": ["de", "fr", "de"]}
        changed = await use_cases.change_organisation(session, ours.director, ours.association_id, 1, changes)
        assert (changed.version, changed.name) == (2, "Autre nom")
        (event,) = await published(session)
        assert isinstance(event, OrganisationChanged)
        assert (event.version, event.name, event.languages) == (2, "Autre nom", ("de", "fr"))
        assert event.federation_ids == (ours.federation_id,)
        with pytest.raises(OrganisationChangedMeanwhile):
            await use_cases.change_organisation(session, ours.director, ours.association_id, 1, changes)


async def test_admin_acts_for_an_association_of_his_federation_and_it_is_recorded(
    databases: ServiceDatabases, ours: Founded
) -> None:
    async with rolled_back(databases.engine("api"), ours.admin.context(LEADERS)) as session:
        await use_cases.change_organisation(session, ours.admin, ours.association_id, 1, {"name": "Par la fédération"})
        narrowed = await session.scalar(text(f"select current_setting('{ORGANISATIONS_SETTING}')"))
        assert narrowed == uuid_array({ours.federation_id})
        await apply_context(session, ours.director.context(LEADERS))
        entries = text("select action, actor, because, fields from audit_entries where actor = :actor order by id")
        actor = str(ours.admin.account)
        recorded = (await session.execute(entries, {"actor": actor})).all()[-2:]
        assert [entry.action for entry in recorded] == ["act_for", "update"]
        assert recorded[0].because == use_cases.LEADS_FEDERATION
        assert recorded[1].fields == ["name", "version"]


async def test_leader_of_another_federation_changes_nothing(
    databases: ServiceDatabases, ours: Founded, theirs: Founded
) -> None:
    for caller in (theirs.admin, theirs.director):
        async with rolled_back(databases.engine("api"), caller.context(LEADERS)) as session:
            with pytest.raises(NotItsLeader):
                await use_cases.change_organisation(session, caller, ours.association_id, 1, {"name": "Stolen"})
            assert await published(session) == []


async def test_ending_announces_sites_first_and_happens_once(databases: ServiceDatabases, ours: Founded) -> None:
    async with rolled_back(databases.engine("api"), ours.director.context(LEADERS)) as session:
        site = await open_site(session, ours)
        ended = await use_cases.end_organisation(session, ours.director, ours.association_id)
        again = await use_cases.end_organisation(session, ours.director, ours.association_id)
        assert (again.version, again.ended_at) == (2, ended.ended_at)
        events = (await published(session))[1:]
        assert [event.organisation_id for event in events] == [site.id, ours.association_id]
        assert all(isinstance(event, OrganisationChanged) and event.ended_at for event in events)
        with pytest.raises(OrganisationHasEnded):
            await open_site(session, ours)


async def test_command_finds_the_federation_it_founded(databases: ServiceDatabases, ours: Founded) -> None:
    async with rolled_back(databases.engine("worker")) as session:
        federation = await queries.find_organisation(session, ours.federation_id)
        association = await queries.find_organisation(session, ours.association_id)
        assert federation is not None
        assert association is not None
        found = await use_cases.find_or_found_federation(session, "Other name", federation.slug, "fr")
        assert found == ours.federation_id
        assert await published(session) == []
        with pytest.raises(SlugTaken):
            await use_cases.find_or_found_federation(session, "Federation", association.slug, "fr")


async def test_everything_in_the_context_is_announced_again(
    databases: ServiceDatabases, ours: Founded, theirs: Founded
) -> None:
    async with rolled_back(databases.engine("worker")) as session:
        every_id = frozenset(await queries.list_organisation_ids(session))
        assert {ours.federation_id, theirs.association_id} <= every_id
        assert await use_cases.announce_every_organisation(session) == 0
    async with rolled_back(databases.engine("worker"), {ORGANISATIONS_SETTING: uuid_array(every_id)}) as session:
        count = await use_cases.announce_every_organisation(session)
        events = await published(session)
        assert count == len(events) == len((await session.scalars(select(Organisation.id))).all())
        ours_again = next(event for event in events if event.organisation_id == ours.association_id)
        assert isinstance(ours_again, OrganisationChanged)
        assert ours_again.version == 1

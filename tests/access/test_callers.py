"""Who is asking: rights come with a membership and go within a second of its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import ModuleType, SimpleNamespace
from typing import cast
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from access import callers
from access.callers import Caller, MaybeCaller, guard
from access.projection import know_account_persons, know_membership, know_organisation, projection_of
from common.database import Database
from common.http import create_app
from common.ids import new_id
from common.settings import ServiceSettings
from common.testing import deliver, example
from contracts.activities import AccountPersonsChanged
from contracts.partners import MembershipChanged, MembershipState, OrganisationChanged, Role
from tests.common.mechanism import Mechanism
from tests.factories.identity import TestIssuer

router = APIRouter()


@router.get("/me")
async def get_me(caller: Caller) -> dict[str, object]:
    return {
        "roles": {str(organisation): sorted(roles) for organisation, roles in caller.roles.items()},
        "persons": sorted(map(str, caller.persons)),
    }


@router.get("/door")
async def get_door(caller: MaybeCaller) -> bool:
    return caller is not None


@router.get("/organisations/{organisation_id}")
async def get_organisation(organisation_id: UUID, caller: Caller) -> None:
    caller.require(organisation_id, [Role.director])


FEATURE = cast(ModuleType, SimpleNamespace(router=router))


@pytest.fixture
async def client(notebook: Mechanism, issuer: TestIssuer) -> AsyncIterator[httpx.AsyncClient]:
    async with AsyncExitStack() as stack:
        database = Database()
        database.connect(notebook.urls["api"], 4)
        stack.push_async_callback(database.close)
        settings = ServiceSettings(
            token_issuer=issuer.url, token_audience=issuer.audience, token_keys_url=issuer.keys_url
        )
        app = create_app("notebook", "Notebook", settings, [FEATURE])
        guard(app, settings, database)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        yield await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://test/api/notebook/v1")
        )


@asynccontextmanager
async def as_worker(notebook: Mechanism, organisation: UUID) -> AsyncIterator[AsyncSession]:
    """A transaction as a consumer opens it."""
    database = notebook.database("worker")
    context = {"app.organisations": f"{{{organisation}}}"}
    async with database.transaction(context) as session:
        yield session
    await database.close()


def membership(
    issuer: TestIssuer, organisation: UUID, subject: str, version: int = 1, **fields: object
) -> MembershipChanged:
    values = {
        "organisation_id": organisation,
        "membership_id": new_id(),
        "version": version,
        "role": Role.director,
        "state": MembershipState.active,
        "account_issuer": issuer.url,
        "account_subject": subject,
        **fields,
    }
    return MembershipChanged.model_validate(values)


def signed(issuer: TestIssuer, subject: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.token(subject)}"}


async def test_rights_are_gone_within_a_second_of_the_membership(
    notebook: Mechanism, client: httpx.AsyncClient, issuer: TestIssuer
) -> None:
    organisation, subject = new_id(), f"amina-{new_id()}"
    active = membership(issuer, organisation, subject)
    async with as_worker(notebook, organisation) as session:
        await know_membership(session, active)
    path, headers = f"/organisations/{organisation}", signed(issuer, subject)
    assert (await client.get(path, headers=headers)).status_code == 200
    ended = active.model_copy(update={"state": MembershipState.ended, "version": 2})
    async with as_worker(notebook, organisation) as session:
        await know_membership(session, ended)
    await asyncio.sleep(callers.RIGHTS_CACHED_SECONDS)
    assert (await client.get(path, headers=headers)).status_code == 403
    assert (await client.get("/me", headers=headers)).json()["roles"] == {}


async def test_rights_come_within_a_second(notebook: Mechanism, client: httpx.AsyncClient, issuer: TestIssuer) -> None:
    organisation, subject = new_id(), f"amina-{new_id()}"
    headers = signed(issuer, subject)
    assert (await client.get("/me", headers=headers)).json()["roles"] == {}
    async with as_worker(notebook, organisation) as session:
        await know_membership(session, membership(issuer, organisation, subject))
    await asyncio.sleep(callers.RIGHTS_CACHED_SECONDS)
    assert (await client.get("/me", headers=headers)).json()["roles"] == {str(organisation): ["director"]}


async def test_late_old_state_does_not_bring_rights_back(
    notebook: Mechanism, client: httpx.AsyncClient, issuer: TestIssuer
) -> None:
    organisation, subject = new_id(), f"amina-{new_id()}"
    ended = membership(issuer, organisation, subject, version=2, state=MembershipState.ended)
    active = ended.model_copy(update={"state": MembershipState.active, "version": 1})
    async with as_worker(notebook, organisation) as session:
        await know_membership(session, ended)
        await know_membership(session, active)
    assert (await client.get("/me", headers=signed(issuer, subject))).json()["roles"] == {}


@pytest.mark.parametrize("state", [MembershipState.invited, MembershipState.ended])
async def test_only_an_active_membership_gives_rights(
    notebook: Mechanism, client: httpx.AsyncClient, issuer: TestIssuer, state: MembershipState
) -> None:
    organisation, subject = new_id(), f"amina-{new_id()}"
    async with as_worker(notebook, organisation) as session:
        await know_membership(session, membership(issuer, organisation, subject, state=state))
    assert (await client.get("/me", headers=signed(issuer, subject))).json()["roles"] == {}


async def test_same_name_at_another_provider_is_another_account(
    notebook: Mechanism, client: httpx.AsyncClient, issuer: TestIssuer
) -> None:
    organisation, subject = new_id(), f"amina-{new_id()}"
    elsewhere = membership(issuer, organisation, subject, account_issuer="https://elsewhere")
    async with as_worker(notebook, organisation) as session:
        await know_membership(session, elsewhere)
    assert (await client.get("/me", headers=signed(issuer, subject))).json()["roles"] == {}


async def test_parent_answers_for_persons_of_several_contacts(
    notebook: Mechanism, client: httpx.AsyncClient, issuer: TestIssuer
) -> None:
    subject, persons = f"parent-{new_id()}", [new_id() for _ in range(3)]
    for person_ids in (persons[:1], persons[1:]):
        organisation = new_id()
        event = AccountPersonsChanged(
            organisation_id=organisation,
            contact_id=new_id(),
            version=1,
            account_issuer=issuer.url,
            account_subject=subject,
            person_ids=tuple(person_ids),
        )
        async with as_worker(notebook, organisation) as session:
            await know_account_persons(session, event)
    me = (await client.get("/me", headers=signed(issuer, subject))).json()
    assert me == {"roles": {}, "persons": sorted(map(str, persons))}


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer é"])
async def test_nobody_is_told_to_sign_in(client: httpx.AsyncClient, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.encode("latin-1")}
    answer = await client.get("/me", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_open_door_lets_nobody_in_and_refuses_a_bad_token(client: httpx.AsyncClient, issuer: TestIssuer) -> None:
    assert (await client.get("/door")).json() is False
    assert (await client.get("/door", headers=signed(issuer, "somebody"))).json() is True
    assert (await client.get("/door", headers={"Authorization": "Bearer a.b.c"})).status_code == 401


@pytest.mark.parametrize("event_class", [OrganisationChanged, MembershipChanged, AccountPersonsChanged])
async def test_projection_takes_every_event_once_and_ignores_older_ones(
    notebook: Mechanism, event_class: type[OrganisationChanged]
) -> None:
    reaction, event_id = projection_of(notebook.service), new_id()
    organisation = new_id()
    event = example(event_class, organisation_id=organisation, version=5)
    older = example(event_class, organisation_id=organisation, version=4)
    database = notebook.database("worker")
    outcomes = []
    for delivered, id_ in ((event, event_id), (event, event_id), (older, new_id())):
        async with database.transaction() as session:
            outcomes.append(await deliver(session, reaction, delivered, id_))
    await database.close()
    assert outcomes == ["handled", "repeated", "handled"]
    table = {"organisation_id": "known_organisations", "membership_id": "known_memberships"}.get(
        event_class.key_field, "known_account_persons"
    )
    rows = await notebook.rows(f"select version from {table} where organisation_id = :o", o=organisation)
    assert [row.version for row in rows] == [5]


async def test_projection_refuses_a_row_of_another_organisation(notebook: Mechanism) -> None:
    organisation, other = new_id(), new_id()
    event = example(OrganisationChanged, organisation_id=other)
    with pytest.raises(Exception, match="row-level security"):
        async with as_worker(notebook, organisation) as session:
            await know_organisation(session, cast(OrganisationChanged, event))

"""What every service knows of organisations, memberships and families: kept from the compacted topics."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Column, DateTime, MetaData, Table, Text, Uuid, delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from access import audit, row_policies
from access.principals import Account, Principal
from access.row_policies import EVERYBODY, protect
from common.migrating import Operations, create_mechanism, execute_all
from common.reactions import Reaction
from contracts.activities import AccountPersonsChanged
from contracts.event import Event
from contracts.partners import MembershipChanged, OrganisationChanged, Role

_metadata = MetaData()

known_organisations = Table(
    "known_organisations",
    _metadata,
    Column("organisation_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("federation_ids", ARRAY(Uuid), nullable=False),
    Column("parent_id", Uuid),
    Column("time_zone", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)
known_memberships = Table(
    "known_memberships",
    _metadata,
    Column("membership_id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("account_issuer", Text),
    Column("account_subject", Text),
)
known_account_persons = Table(
    "known_account_persons",
    _metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("account_issuer", Text, nullable=False),
    Column("account_subject", Text, nullable=False),
    Column("person_ids", ARRAY(Uuid), nullable=False),
)

DDL = (
    """create table known_organisations (
        organisation_id uuid primary key, version bigint not null, kind text not null, name text not null,
        slug text not null, federation_ids uuid[] not null, parent_id uuid, time_zone text not null,
        currency text not null, jurisdiction text not null, languages text[] not null, ended_at timestamptz)""",
    """create table known_memberships (
        membership_id uuid primary key, organisation_id uuid not null, version bigint not null, role text not null,
        state text not null, account_issuer text, account_subject text)""",
    "create index known_memberships_account_index on known_memberships (account_issuer, account_subject)",
    """create table known_account_persons (
        contact_id uuid primary key, organisation_id uuid not null, version bigint not null,
        account_issuer text not null, account_subject text not null, person_ids uuid[] not null)""",
    "create index known_account_persons_account_index on known_account_persons (account_issuer, account_subject)",
    """create function access_of(issuer text, subject text)
        returns table (organisation_id uuid, role text, person_id uuid)
        language sql stable security definer set search_path = public as $$
        select m.organisation_id, m.role, null::uuid from known_memberships m
         where m.account_issuer = issuer and m.account_subject = subject and m.state = 'active'
        union all
        select null, null, unnest(p.person_ids) from known_account_persons p
         where p.account_issuer = issuer and p.account_subject = subject $$""",
    "revoke all on function access_of(text, text) from public",
    "grant execute on function access_of(text, text) to {service}_api",
)
ACCESS_OF = text("select organisation_id, role, person_id from access_of(:issuer, :subject)")


def create_foundation(operations: Operations, service: str) -> None:
    """The first migration of every service: mechanism, audit, row policies and the access projection."""
    create_mechanism(operations, service)
    execute_all(operations, service, (*row_policies.DDL, *audit.DDL, *DDL))
    protect(operations, service, "known_organisations", also_visible=EVERYBODY, audited_by=None)
    protect(operations, service, "known_memberships", audited_by=None)
    protect(operations, service, "known_account_persons", audited_by=None)


def projection_of(service: str) -> Reaction:
    """The consumer group that keeps this service's projection."""
    return Reaction(
        group=f"{service}.access",
        handlers={
            OrganisationChanged: know_organisation,
            MembershipChanged: know_membership,
            AccountPersonsChanged: know_account_persons,
        },
        erasers={MembershipChanged: forget_membership, AccountPersonsChanged: forget_account_persons},
    )


async def know_organisation(session: AsyncSession, event: OrganisationChanged) -> None:
    """Keep the state of an organisation."""
    await upsert_by_version(session, known_organisations, event)


async def know_membership(session: AsyncSession, event: MembershipChanged) -> None:
    """Keep the state of a membership."""
    await upsert_by_version(session, known_memberships, event)


async def know_account_persons(session: AsyncSession, event: AccountPersonsChanged) -> None:
    """Keep whom an account answers for."""
    await upsert_by_version(session, known_account_persons, event)


async def forget_membership(session: AsyncSession, membership_id: UUID) -> None:
    """Whoever held it may do nothing by it any more."""
    await session.execute(delete(known_memberships).where(known_memberships.c.membership_id == membership_id))


async def forget_account_persons(session: AsyncSession, contact_id: UUID) -> None:
    """The account answers for nobody any more by this contact."""
    await session.execute(delete(known_account_persons).where(known_account_persons.c.contact_id == contact_id))


async def upsert_by_version(session: AsyncSession, table: Table, event: Event) -> None:
    """Write the event's fields into the columns of the same names, unless a later version is known already."""
    fields = event.model_dump()
    values = {column.name: _plain(fields[column.name]) for column in table.columns if column.name in fields}
    key = [column.name for column in table.primary_key]
    statement = insert(table).values(values)
    changed = {name: statement.excluded[name] for name in values if name not in key}
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=key, set_=changed, where=table.c.version <= statement.excluded.version
        )
    )


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


async def load_principal(session: AsyncSession, account: Account) -> Principal:
    """The account with its roles and persons as this service knows them."""
    rows = (await session.execute(ACCESS_OF, {"issuer": account.issuer, "subject": account.subject})).all()
    roles: dict[UUID, set[Role]] = {}
    for row in rows:
        if row.organisation_id is not None:
            roles.setdefault(row.organisation_id, set()).add(Role(row.role))
    return Principal(
        account,
        {organisation: frozenset(held) for organisation, held in roles.items()},
        frozenset(row.person_id for row in rows if row.person_id is not None),
    )

"""Tries what no stranger may do: PostgreSQL's row policies are tested in production, not believed."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

from common.database import ORGANISATIONS_SETTING
from common.ids import new_id
from common.invariants import Invariant

WITHOUT_POLICY = ("outbox_events", "due_rows")
"""What the mechanism reads for all organisations alike."""

TABLES = f"""
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
           not exists (select from pg_policies p where p.tablename = c.relname and p.policyname = c.relname || '_select'
                          and (p.qual = 'true' or p.qual ilike '% or %')) as private
      from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attname = 'organisation_id' and not a.attisdropped and c.relname <> all('{{{",".join(WITHOUT_POLICY)}}}')
     order by 1"""
MAY = "select has_table_privilege(current_user, $1, $2)"
AS_A_STRANGER = f"select set_config('{ORGANISATIONS_SETTING}', $1, true)"
READ = "select exists (select from {table})"
CHANGE = """
    with changed as (
        update {table} set organisation_id = organisation_id where ctid = any(array(select ctid from {table} limit 1))
        returning 1)
    select exists (select from changed)"""


@dataclass(frozen=True)
class ProtectedTable:
    """`private`: by its policy nobody but its organisation may read it; others are open under conditions."""

    name: str
    forced: bool
    private: bool


async def list_protected(connection: asyncpg.Connection) -> list[ProtectedTable]:
    """Every table whose rows belong to an organisation."""
    return [ProtectedTable(**row) for row in await connection.fetch(TABLES)]


async def find_intrusions(connection: asyncpg.Connection) -> list[str]:
    """What this role can read or change in the name of an organisation that does not exist; all is rolled back."""
    role = await connection.fetchval("select current_user")
    faults = []
    for table in await list_protected(connection):
        if not table.forced:
            faults.append(f"row level security is not forced on {table.name}")
        faults += [f"as {role} a stranger {deed} rows of {table.name}" for deed in await _intrude(connection, table)]
    return faults


async def _intrude(connection: asyncpg.Connection, table: ProtectedTable) -> list[str]:
    """At most one row of the table is locked for a moment, and only when the table is open to strangers."""
    deeds = []
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(AS_A_STRANGER, f"{{{new_id()}}}")
        if not await connection.fetchval(MAY, table.name, "select"):
            return []
        if table.private and await connection.fetchval(READ.format(table=table.name)):
            deeds.append("reads")
        may_update = await connection.fetchval(MAY, table.name, "update")
        if may_update and await connection.fetchval(CHANGE.format(table=table.name)):
            deeds.append("changes")
    finally:
        await transaction.rollback()
    return deeds


ASSOCIATIONS_APART = Invariant(
    "associations_apart",
    "A stranger reads no private row and changes no row at all.",
    find_intrusions,
    role="worker",
)

"""Row level security: PostgreSQL itself shows a transaction only the rows of its organisations and persons."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import PERSONS_SETTING
from common.database import ORGANISATIONS_SETTING, Context
from common.migrating import Operations, execute_all

ORGANISATIONS = "(select app_organisations())::uuid[]"
PERSONS = "(select app_persons())::uuid[]"
EVERYBODY = "true"

DDL = tuple(
    f"""create function {name}() returns uuid[] language sql stable parallel safe as
        $$ select coalesce(nullif(current_setting('{setting}', true), ''), '{{}}')::uuid[] $$"""
    for name, setting in (("app_organisations", ORGANISATIONS_SETTING), ("app_persons", PERSONS_SETTING))
)

WIDEN = text(
    f"""select coalesce(current_setting('{ORGANISATIONS_SETTING}', true), '') as previous,
               set_config('{ORGANISATIONS_SETTING}',
                          (app_organisations() || cast(:organisation_id as uuid))::text, true),
               audit_widening(cast(:organisation_id as uuid), :because)"""
)
NARROW = text(f"select set_config('{ORGANISATIONS_SETTING}', :previous, true)")


def protect(
    operations: Operations,
    service: str,
    table: str,
    *,
    also_visible: str | None = None,
    append_only: bool = False,
    audited_by: str | None = "id",
) -> None:
    """Force row level security on a table with `organisation_id`, grant the roles, and audit every change.

    `also_visible` is an SQL condition that opens a row for reading to others than its organisation, in terms of
    ORGANISATIONS and PERSONS; writing always needs the row's own organisation. `audited_by` names the id column.
    """
    own = f"organisation_id = any({ORGANISATIONS})"
    visible = f"{own} or {also_visible}" if also_visible else own
    people = "{service}_api, {service}_worker"
    statements = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy {table}_owner on {table} to {{service}}_owner using (true) with check (true)",
        f"create policy {table}_auditor on {table} for select to {{service}}_auditor, {{service}}_backup using (true)",
        f"create policy {table}_select on {table} for select to {people} using ({visible})",
        f"create policy {table}_insert on {table} for insert to {people} with check ({own})",
        f"grant select, insert on {table} to {people}",
        f"grant select on {table} to {{service}}_auditor, {{service}}_backup",
    ]
    if not append_only:
        statements += [
            f"create policy {table}_update on {table} for update to {people} using ({own}) with check ({own})",
            f"create policy {table}_delete on {table} for delete to {people} using ({own})",
            f"grant update, delete on {table} to {people}",
        ]
    if audited_by:
        statements.append(
            f"create trigger {table}_audit after insert or update or delete on {table}"
            f" for each row execute function audit_change('{audited_by}')"
        )
    execute_all(operations, service, statements)


@asynccontextmanager
async def act_for(session: AsyncSession, organisation_id: UUID, because: str) -> AsyncIterator[None]:
    """Let this transaction also write rows of another organisation inside the block; recorded in its audit trail.

    The use case has checked before that the act is permitted; `because` says by what.
    """
    widened = await session.execute(WIDEN, {"organisation_id": organisation_id, "because": because})
    previous = widened.one().previous
    try:
        yield
        await session.flush()
    finally:
        with suppress(SQLAlchemyError):  # A failed transaction takes the widening with it.
            await session.execute(NARROW, {"previous": previous})


def widened(context: Context, organisation_id: UUID) -> Context:
    """The same context, acting for one more organisation; its statement records why by `audit_widening`."""
    held = context[ORGANISATIONS_SETTING].strip("{}")
    return {**context, ORGANISATIONS_SETTING: "{" + ",".join(filter(None, (held, str(organisation_id)))) + "}"}

"""What PostgreSQL's catalog says about isolation: each check gives its violations in one migrated database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Check = Callable[[AsyncConnection, str], Awaitable[list[str]]]

PEOPLE = ("api", "worker")
READERS = ("auditor", "backup")

MECHANISM_WITHOUT_POLICY: Mapping[str, str] = {
    "outbox_events": "api and worker may only insert; the relay publishes the rows of all organisations",
    "due_rows": "the worker claims what is due for all organisations; a row is a kind, an id and a time",
}
"""Tables with `organisation_id` that have no row policies, and why."""

NOT_WRITTEN_BY_PEOPLE = {"audit_entries": "written by triggers of the owner only, read by the api"}
"""Tables whose policies are their own."""

READABLE_BY_EVERYBODY: Mapping[str, str] = {
    "known_organisations": "names and addresses of associations are public within the federation",
    "partners.organisations": "names and addresses of associations are public within the federation",
    "partners.logos": "a logo stands beside the name on public pages",
}
"""Tables whose rows every caller may read, and why."""

KEPT_BY_CALLER: Mapping[str, tuple[str, ...]] = {
    "idempotency_keys": ("caller = current_setting('app.actor'", "created_at < (now() - '7 days'"),
}
"""Tables without `organisation_id` whose rows belong to an account, and the only conditions that open a row."""

NEVER_READ_BY_REQUESTS = ("handled_events", "parked_events", "parked_decisions")
"""What came from other services concerns all organisations: the api has no right to read it."""

NOT_AUDITED: Mapping[str, str] = {
    "audit_entries": "is the audit trail",
    "activities.booking_decisions": "append-only: is the record of decisions itself",
    "activities.session_places": "a count of the booked places, which are audited; the row that all bookings wait for",
    "finance.entry_lines": "append-only: lines of entries, which are audited",
    "finance.settlement_lines": "append-only: what bookings say, one line for each",
    "notifications.messages": "made from events; when it was sent and read is on the row",
    "notifications.recipients": "a projection of events, which are the record",
    "notifications.recipient_persons": "a projection of events, which are the record",
    "staffing.coverages": "worked out from sessions, bookings and supervisors; each change has one of theirs as cause",
    "staffing.covered_bookings": "a projection of events, which are the record",
}
"""Tables without an audit trigger, and why; every `known_` table is a projection of events, which are the record."""

PROTECTED = text(
    """select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
              exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                       where t.tgrelid = c.oid and p.proname = 'audit_change' and t.tgenabled <> 'D') as audited
         from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and a.attname = 'organisation_id' and not a.attisdropped
        order by 1"""
)
FORCED = text("select relrowsecurity and relforcerowsecurity from pg_class where oid = cast(:table as regclass)")
MAY_READ = text("select has_any_column_privilege(:role, :table, 'select')")
POLICIES = text(
    """select tablename as table, cmd, roles::text[] as roles, coalesce(qual, '') as qual,
              coalesce(with_check, '') as with_check, permissive = 'PERMISSIVE' as permissive
         from pg_policies where schemaname = 'public'"""
)
ROLES = text(
    """select rolname as name, rolsuper or rolbypassrls or rolcreaterole or rolreplication as powerful,
              rolname <> :owner and pg_has_role(rolname, :owner, 'member') as acts_as_owner
         from pg_roles where rolname like :service || '\\_%'"""
)
DANGEROUS_RIGHTS = text(
    """select table_name, grantee, privilege_type from information_schema.role_table_grants
        where table_schema = 'public' and grantee <> :owner
          and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')"""
)
FORBIDDEN_WRITES = text(
    """select table_name, grantee, privilege_type from information_schema.role_table_grants
        where table_schema = 'public' and privilege_type in ('INSERT', 'UPDATE', 'DELETE')
          and (grantee in (:auditor, :backup) or grantee = 'PUBLIC')"""
)
OPEN_VIEWS = text(
    """select relname as name from pg_class
        where relnamespace = 'public'::regnamespace
          and (relkind = 'm' or (relkind = 'v' and not coalesce(reloptions @> '{security_invoker=true}', false)))"""
)
OPEN_FUNCTIONS = text(
    """select proname as name from pg_proc p
        where pronamespace = 'public'::regnamespace and prosecdef
          and (has_function_privilege('public', p.oid, 'execute') and prorettype <> 'trigger'::regtype
               or not coalesce(proconfig::text like '%search_path%', false))"""
)


async def forced_policies(connection: AsyncConnection, _service: str) -> list[str]:
    """Every table with `organisation_id` has row level security, forced also on its owner."""
    tables = (await connection.execute(PROTECTED)).all()
    return [
        f"{table.name}: row level security is not on and forced"
        for table in tables
        if not table.forced and table.name not in MECHANISM_WITHOUT_POLICY
    ]


async def policies_for_every_role(connection: AsyncConnection, service: str) -> list[str]:
    """Owner, auditor, backup, api and worker each have the policies they need to see anything at all."""
    policies = (await connection.execute(POLICIES)).all()
    violations = []
    for table in (await connection.execute(PROTECTED)).all():
        if table.name in MECHANISM_WITHOUT_POLICY:
            continue
        have = {(role, policy.cmd) for policy in policies if policy.table == table.name for role in policy.roles}
        wanted = {(f"{service}_owner", "ALL"), *((f"{service}_{reader}", "SELECT") for reader in READERS)}
        if table.name not in NOT_WRITTEN_BY_PEOPLE:
            wanted |= {(f"{service}_{person}", command) for person in PEOPLE for command in ("SELECT", "INSERT")}
        violations += [f"{table.name}: {role} has no policy for {command}" for role, command in sorted(wanted - have)]
    return violations


async def no_open_policy(connection: AsyncConnection, service: str) -> list[str]:
    """What api, worker and relay may see and write is decided by the transaction's organisations, always."""
    allowed = {f"{service}_owner", *(f"{service}_{reader}" for reader in READERS)}
    violations = []
    for policy in (await connection.execute(POLICIES)).all():
        if set(policy.roles) <= allowed:
            continue
        if policy.cmd == "SELECT" and _is_listed(policy.table, service, READABLE_BY_EVERYBODY):
            continue
        by_command = {"INSERT": [policy.with_check], "SELECT": [policy.qual], "DELETE": [policy.qual]}
        violations += [
            f"{policy.table}: the {policy.cmd} policy is open: {condition or 'no condition'}"
            for condition in by_command.get(policy.cmd, [policy.qual, policy.with_check])
            if not any(phrase in condition for phrase in KEPT_BY_CALLER.get(policy.table, ("app_organisations()",)))
            or " OR true" in condition
        ]
    return violations


async def payloads_are_closed(connection: AsyncConnection, service: str) -> list[str]:
    """No request reads the events of others, and stored answers are under forced row level security."""
    unforced = [
        f"{table}: row level security is not on and forced"
        for table in KEPT_BY_CALLER
        if not await connection.scalar(FORCED, {"table": table})
    ]
    return unforced + [
        f"{table}: the api may read it"
        for table in NEVER_READ_BY_REQUESTS
        if await connection.scalar(MAY_READ, {"role": f"{service}_api", "table": table})
    ]


async def audited_changes(connection: AsyncConnection, service: str) -> list[str]:
    """Every change of a row that people or rules decide is recorded."""
    tables = (await connection.execute(PROTECTED)).all()
    excused = {**NOT_AUDITED, **MECHANISM_WITHOUT_POLICY}
    return [
        f"{table.name}: changes are not audited"
        for table in tables
        if not (table.audited or table.name.startswith("known_") or _is_listed(table.name, service, excused))
    ]


async def nobody_bypasses(connection: AsyncConnection, service: str) -> list[str]:
    """No role is powerful, none but the owner acts as owner, and nobody holds a right that policies do not cover."""
    names = {"owner": f"{service}_owner", "auditor": f"{service}_auditor", "backup": f"{service}_backup"}
    roles = (await connection.execute(ROLES, {"service": service, "owner": names["owner"]})).all()
    violations = [f"{role.name}: has powers beyond policies" for role in roles if role.powerful]
    violations += [f"{role.name}: may act as the owner" for role in roles if role.acts_as_owner]
    dangerous = (await connection.execute(DANGEROUS_RIGHTS, {"owner": names["owner"]})).all()
    writes = (await connection.execute(FORBIDDEN_WRITES, {key: names[key] for key in READERS})).all()
    return violations + [
        f"{right.table_name}: {right.grantee} may {right.privilege_type}" for right in (*dangerous, *writes)
    ]


async def no_open_door(connection: AsyncConnection, _service: str) -> list[str]:
    """Views read with the caller's rights; functions with the owner's rights are granted by name, on a fixed path."""
    views = (await connection.execute(OPEN_VIEWS)).scalars()
    functions = (await connection.execute(OPEN_FUNCTIONS)).scalars()
    return [f"{view}: a view with its owner's rights" for view in views] + [
        f"{function}: a function with its owner's rights, open to all or without a fixed search_path"
        for function in functions
    ]


def _is_listed(table: str, service: str, excuses: Mapping[str, str]) -> bool:
    """True when the table is excused in every service or in this one."""
    return table in excuses or f"{service}.{table}" in excuses

"""Who changed what, when, through which request: ids and names of fields, never values; append-only."""

from __future__ import annotations

from common.database import ACTOR_SETTING, REQUEST_SETTING

_WHO = (
    f"coalesce(current_setting('{ACTOR_SETTING}', true), ''), coalesce(current_setting('{REQUEST_SETTING}', true), '')"
)

DDL = (
    """create table audit_entries (
        id uuid primary key default uuidv7(), organisation_id uuid not null,
        recorded_at timestamptz not null default now(), actor text not null, request text not null,
        action text not null, subject_type text not null, subject_id text, fields text[] not null default '{}',
        because text)""",
    "create index audit_entries_organisation_id_id_index on audit_entries (organisation_id, id)",
    "alter table audit_entries enable row level security",
    "alter table audit_entries force row level security",
    "create policy audit_entries_owner on audit_entries to {service}_owner using (true) with check (true)",
    """create policy audit_entries_select on audit_entries for select to {service}_api
        using (organisation_id = any((select app_organisations())::uuid[]))""",
    """create policy audit_entries_auditor on audit_entries for select
        to {service}_auditor, {service}_backup using (true)""",
    "grant select on audit_entries to {service}_api, {service}_auditor, {service}_backup",
    f"""create function audit_change() returns trigger language plpgsql security definer set search_path = public as $$
        declare before jsonb; after jsonb; changed text[] := '{{}}';
        begin
          if tg_op = 'UPDATE' then
            before := to_jsonb(old); after := to_jsonb(new);
            select coalesce(array_agg(key order by key), '{{}}') into changed
              from jsonb_each(after) where value is distinct from before -> key;
            if changed = '{{}}' then return null; end if;
          elsif tg_op = 'INSERT' then after := to_jsonb(new);
          else after := to_jsonb(old);
          end if;
          insert into audit_entries (organisation_id, actor, request, action, subject_type, subject_id, fields)
          values ((after ->> 'organisation_id')::uuid, {_WHO}, lower(tg_op), tg_table_name,
                  after ->> tg_argv[0], changed);
          return null;
        end $$""",
    f"""create function audit_widening(organisation uuid, because text) returns void
        language sql security definer set search_path = public as $$
        insert into audit_entries (organisation_id, actor, request, action, subject_type, subject_id, because)
        values (organisation, {_WHO}, 'act_for', 'organisation', organisation::text, because) $$""",
    "revoke all on function audit_widening(uuid, text) from public",
    "grant execute on function audit_widening(uuid, text) to {service}_api, {service}_worker",
)

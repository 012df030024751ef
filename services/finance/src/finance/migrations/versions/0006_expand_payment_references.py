"""A structured payment reference for every payer of every organiser."""

from __future__ import annotations

from alembic import op

from access.row_policies import ORGANISATIONS, PERSONS, protect
from common.migrating import execute_all

revision = "0006"
down_revision = "0005"

# Ten digits and their remainder by 97, where 97 stands for none: the Belgian structured communication (OGM-VCS).
REFERENCE = """lpad(number::text, 10, '0') || lpad(coalesce(nullif(number % 97, 0), 97)::text, 2, '0')"""
TABLE = (
    "create sequence payment_reference_numbers as bigint minvalue 1000000 maxvalue 9999999999 start 1000001",
    f"""create table payment_references (
        id uuid not null default uuidv7(), organisation_id uuid not null, payer_kind text not null,
        payer_id uuid not null, number bigint not null default nextval('payment_reference_numbers'),
        reference text not null generated always as ({REFERENCE}) stored,
        constraint payment_references_pkey primary key (id),
        constraint payment_references_number_key unique (number),
        constraint payment_references_organisation_id_payer_key unique (organisation_id, payer_kind, payer_id),
        constraint payment_references_payer_kind_check check (payer_kind in ('household', 'organisation')))""",
    "create index payment_references_payer_id_index on payment_references (payer_id)",
    "grant usage on sequence payment_reference_numbers to {service}_api, {service}_worker",
)
# Given where charges are made and nowhere else, so that no charge can be without; and once, so that it stays.
GIVE = """
    insert into payment_references (organisation_id, payer_kind, payer_id)
    select distinct c.organisation_id, c.payer_kind, c.payer_id from {charges} c
     where not exists (select from payment_references r
                        where (r.organisation_id, r.payer_kind, r.payer_id)
                            = (c.organisation_id, c.payer_kind, c.payer_id))
    on conflict (organisation_id, payer_kind, payer_id) do nothing"""
TRIGGER = (
    f"""create function give_payment_references() returns trigger language plpgsql set search_path = public as $$
        begin
          {GIVE.format(charges="new_charges")};
          return null;
        end $$""",
    """create trigger charges_payment_references after insert on charges referencing new table as new_charges
       for each statement execute function give_payment_references()""",
)


def upgrade() -> None:
    """Create the table, give a reference for every charge there is, and from now on with each new one."""
    execute_all(op, "finance", TABLE)
    owed_by = (
        f"(payer_kind = 'organisation' and payer_id = any({ORGANISATIONS}))"
        f" or (payer_kind = 'household' and payer_id = any({PERSONS}))"
    )
    protect(op, "finance", "payment_references", also_visible=owed_by)
    op.execute(GIVE.format(charges="charges"))
    for statement in TRIGGER:
        op.execute(statement)

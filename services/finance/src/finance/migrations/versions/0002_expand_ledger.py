"""The books: append-only, balanced at the INSERT statement, and the dated chart of accounts."""

from __future__ import annotations

import json

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0002"
down_revision = "0001"

TABLES = (
    """create table entries (
        id uuid not null, organisation_id uuid not null, booked_on date not null,
        kind text not null, description text not null, booking_id uuid, charge_id uuid,
        reverses_entry_id uuid, linked_entry_id uuid, recorded_at timestamptz not null,
        constraint entries_pkey primary key (id),
        constraint entries_id_organisation_id_key unique (id, organisation_id),
        constraint entries_reverses_entry_id_fkey foreign key (reverses_entry_id) references entries (id),
        constraint entries_linked_entry_id_fkey foreign key (linked_entry_id) references entries (id),
        constraint entries_kind_check check (kind in (
          'charge', 'charge_reversal', 'charge_restoration', 'spending', 'manual', 'reversal')))""",
    "create index entries_organisation_id_id_index on entries (organisation_id, id)",
    "create index entries_booking_id_index on entries (booking_id) where booking_id is not null",
    "create index entries_charge_id_index on entries (charge_id) where charge_id is not null",
    "create unique index entries_first_of_charge_key on entries (charge_id, organisation_id) where kind = 'charge'",
    "create unique index entries_reversed_once_key on entries (reverses_entry_id) where kind = 'reversal'",
    """create table entry_lines (
        entry_id uuid not null, line_number bigint not null, organisation_id uuid not null, account text not null,
        amount_minor bigint not null, currency text not null, counterparty_id uuid,
        constraint entry_lines_pkey primary key (entry_id, line_number),
        constraint entry_lines_entry_id_organisation_id_fkey
          foreign key (entry_id, organisation_id) references entries (id, organisation_id),
        constraint entry_lines_amount_minor_check check (amount_minor <> 0),
        constraint entry_lines_currency_check check (currency ~ '^[A-Z]{3}$'),
        constraint entry_lines_counterparty_check check (
          account not in ('receivable_associations', 'payable_associations') or counterparty_id is not null))""",
    "create index entry_lines_organisation_id_account_index on entry_lines (organisation_id, account)",
    """create table chart_accounts (
        jurisdiction text not null, account text not null, code text not null, labels jsonb not null,
        valid_from date not null, valid_to date, source text not null, status text not null,
        constraint chart_accounts_pkey primary key (jurisdiction, account, valid_from),
        constraint chart_accounts_status_check check (status in ('verified', 'to_verify')))""",
    "grant select on chart_accounts to {service}_api, {service}_worker, {service}_auditor, {service}_backup",
)

GUARDS = (
    """create function ledger_check_balance() returns trigger language plpgsql as $$
        declare wrong record;
        begin
          select entry_id, currency, sum(amount_minor) as difference into wrong
            from inserted group by entry_id, currency having sum(amount_minor) <> 0 limit 1;
          if found then
            raise exception 'entry % does not balance: debits minus credits are % %',
              wrong.entry_id, wrong.difference, wrong.currency
              using errcode = '23514', constraint = 'entry_lines_balanced_check', table = 'entry_lines';
          end if;
          return null;
        end $$""",
    """create trigger entry_lines_balanced after insert on entry_lines
        referencing new table as inserted for each statement execute function ledger_check_balance()""",
    """create function ledger_check_lines() returns trigger language plpgsql as $$
        declare empty uuid;
        begin
          select id into empty from inserted
           where not exists (select from entry_lines where entry_id = inserted.id) limit 1;
          if found then
            raise exception 'entry % has no lines: an entry and its lines are inserted in one statement', empty
              using errcode = '23514', constraint = 'entries_lines_check', table = 'entries';
          end if;
          return null;
        end $$""",
    """create trigger entries_have_lines after insert on entries
        referencing new table as inserted for each statement execute function ledger_check_lines()""",
    """create function ledger_refuse_change() returns trigger language plpgsql as $$
        begin
          raise exception '% is append-only: correct an entry by a reversal', tg_table_name
            using errcode = '23514', constraint = tg_table_name || '_append_only_check', table = tg_table_name;
        end $$""",
    *(
        f"create trigger {table}_append_only before update or delete or truncate on {table}"
        " for each statement execute function ledger_refuse_change()"
        for table in ("entries", "entry_lines")
    ),
)

BE_SOURCE = "PCMN of Belgian associations (royal decree of 21 October 2018, annex); codes chosen by meaning"
FR_SOURCE = "Plan comptable associatif (ANC 2018-06); codes chosen by meaning"
LABELS = {
    "receivable_households": ("Créances sur les ménages", "Vorderingen op gezinnen", "Forderungen an Haushalte", "Receivable from households"),  # noqa: E501
    "receivable_associations": ("Créances sur les associations", "Vorderingen op verenigingen", "Forderungen an Vereine", "Receivable from associations"),  # noqa: E501
    "payable_associations": ("Dettes envers les associations", "Schulden aan verenigingen", "Schulden bei Vereinen", "Payable to associations"),  # noqa: E501
    "income_participation": ("Participations aux activités", "Deelnamegelden", "Teilnahmebeiträge", "Income from participation"),  # noqa: E501
    "expense_participation": ("Participations prises en charge", "Ten laste genomen deelnames", "Übernommene Teilnahmebeiträge", "Participation borne"),  # noqa: E501
    "expense_activity": ("Frais d'activité", "Activiteitskosten", "Kosten der Aktivitäten", "Activity expenses"),
    "bank": ("Banque", "Bank", "Bank", "Bank"),
    "cash": ("Caisse", "Kas", "Kasse", "Cash"),
}  # fmt: skip
CODES = {
    "BE": ("2020-01-01", BE_SOURCE, ("400", "416", "489", "700", "613", "612", "550", "570")),
    "FR": ("2020-01-01", FR_SOURCE, ("411", "4671", "4672", "706", "658", "618", "512", "530")),
}
CHART_FIELDS = "jurisdiction text, account text, code text, labels jsonb, valid_from date, source text, status text"


def upgrade() -> None:
    """Create the books with their guards and the charts of Belgium and France."""
    execute_all(op, "finance", (*TABLES, *GUARDS))
    protect(op, "finance", "entries", append_only=True)
    protect(op, "finance", "entry_lines", append_only=True, audited_by=None)
    rows = [
        {
            "jurisdiction": jurisdiction,
            "account": account,
            "code": code,
            "labels": dict(zip(("fr", "nl", "de", "en"), labels, strict=True)),
            "valid_from": valid_from,
            "source": source,
            "status": "to_verify",
        }
        for jurisdiction, (valid_from, source, codes) in CODES.items()
        for (account, labels), code in zip(LABELS.items(), codes, strict=True)
    ]
    names = ", ".join(field.split()[0] for field in CHART_FIELDS.split(", "))
    op.execute(
        f"insert into chart_accounts ({names}) select {names}"
        f" from jsonb_to_recordset($chart${json.dumps(rows)}$chart$::jsonb) as account({CHART_FIELDS})"
    )

"""What associations owe each other for rooms and equipment that they have reserved."""

from __future__ import annotations

import json

from alembic import op

from access.row_policies import ORGANISATIONS, protect

revision = "0007"
down_revision = "0006"

LENT_TABLE = """
create table lent_reservations (
    reservation_id uuid not null, organisation_id uuid not null, lodger_id uuid not null, version bigint not null,
    amount_minor bigint not null, currency text not null,
    constraint lent_reservations_pkey primary key (reservation_id))"""
CHANGES = (
    "alter table entries drop constraint entries_kind_check",
    """alter table entries add constraint entries_kind_check check (kind in (
        'charge', 'charge_reversal', 'charge_restoration', 'spending', 'manual', 'reversal', 'lending',
        'lending_reversal'))""",
    "alter table settlement_lines add column reservation_id uuid",
    "alter table settlement_lines alter column booking_id drop not null",
    "alter table settlement_lines alter column charge_id drop not null",
    """alter table settlement_lines add constraint settlement_lines_cause_check
        check ((booking_id is null) = (charge_id is null) and (booking_id is null) <> (reservation_id is null))""",
)
ACCOUNTS = {
    "income_lending": ("Mise à disposition de locaux et de matériel", "Verhuur van lokalen en materiaal", "Überlassung von Räumen und Material", "Income from lending"),  # noqa: E501
    "expense_lending": ("Location de locaux et de matériel", "Huur van lokalen en materiaal", "Miete von Räumen und Material", "Rooms and equipment of others"),  # noqa: E501
}  # fmt: skip
CODES = {
    "BE": ("2020-01-01", "PCMN of Belgian associations (royal decree of 21 October 2018, annex)", ("743", "610")),
    "FR": ("2020-01-01", "Plan comptable associatif (ANC 2018-06)", ("7083", "613")),
}

CHART_FIELDS = "jurisdiction text, account text, code text, labels jsonb, valid_from date, source text, status text"


def upgrade() -> None:
    """A lent reservation belongs to the owner of the resource, and its lodger sees it; amounts are in their books."""
    op.execute(LENT_TABLE)
    for statement in CHANGES:
        op.execute(statement)
    protect(
        op,
        "finance",
        "lent_reservations",
        also_visible=f"lodger_id = any({ORGANISATIONS})",
        audited_by="reservation_id",
    )
    rows = [
        {
            "jurisdiction": jurisdiction,
            "account": account,
            "code": code,
            "labels": dict(zip(("fr", "nl", "de", "en"), labels, strict=True)),
            "valid_from": valid_from,
            "source": f"{source}; codes chosen by meaning",
            "status": "to_verify",
        }
        for jurisdiction, (valid_from, source, codes) in CODES.items()
        for (account, labels), code in zip(ACCOUNTS.items(), codes, strict=True)
    ]
    names = ", ".join(field.split()[0] for field in CHART_FIELDS.split(", "))
    op.execute(
        f"insert into chart_accounts ({names}) select {names}"
        f" from jsonb_to_recordset($chart${json.dumps(rows)}$chart$::jsonb) as account({CHART_FIELDS})"
    )

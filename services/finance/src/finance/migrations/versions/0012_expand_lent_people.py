"""What associations owe each other for the hours of lent people."""

from __future__ import annotations

import json

from alembic import op

from access.row_policies import ORGANISATIONS, protect
from common.migrating import execute_all

revision = "0012"
down_revision = "0011"

CHANGES = (
    """create table lent_hours (
        hours_id uuid not null, organisation_id uuid not null, borrower_id uuid not null, amount_minor bigint not null,
        currency text not null,
        constraint lent_hours_pkey primary key (hours_id))""",
    "alter table settlement_lines add column hours_id uuid",
    "alter table settlement_lines drop constraint settlement_lines_cause_check",
    """alter table settlement_lines add constraint settlement_lines_cause_check
        check ((booking_id is null) = (charge_id is null)
           and num_nonnulls(booking_id, reservation_id, hours_id) = 1)""",
)
ACCOUNTS = {
    "income_lent_people": ("Mise à disposition de personnes", "Uitlening van personen", "Überlassung von Personen", "Income from lent people"),  # noqa: E501
    "expense_lent_people": ("Personnes d’autres associations", "Personen van andere verenigingen", "Personen anderer Vereine", "People of other associations"),  # noqa: E501
}  # fmt: skip
CODES = {
    "BE": ("2020-01-01", "PCMN of Belgian associations (royal decree of 21 October 2018, annex)", ("744", "617")),
    "FR": ("2020-01-01", "Plan comptable associatif (ANC 2018-06)", ("7084", "621")),
}
CHART_FIELDS = "jurisdiction text, account text, code text, labels jsonb, valid_from date, source text, status text"


def upgrade() -> None:
    """Lent hours belong to who lent them, and the borrower sees them; amounts are in the books of both."""
    execute_all(op, "finance", CHANGES)
    visible = f"borrower_id = any({ORGANISATIONS})"
    protect(op, "finance", "lent_hours", also_visible=visible, audited_by="hours_id")
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

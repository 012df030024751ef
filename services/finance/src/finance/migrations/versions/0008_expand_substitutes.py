"""What substitutes cost more than who is absent, and the account on which it is owed."""

from __future__ import annotations

import json

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0008"
down_revision = "0007"

DDL = (
    """create table substitute_costs (
        assignment_id uuid not null, organisation_id uuid not null, version bigint not null, budget_id uuid not null,
        spending_id uuid not null,
        constraint substitute_costs_pkey primary key (assignment_id),
        constraint substitute_costs_budget_id_fkey foreign key (budget_id) references budgets (id),
        constraint substitute_costs_spending_id_fkey foreign key (spending_id) references spendings (id))""",
)
LABELS = ("Rémunérations dues", "Te betalen bezoldigingen", "Zu zahlende Vergütungen", "Owed to people who work")
CODES = (
    ("BE", "2020-01-01", "PCMN of Belgian associations (royal decree of 21 October 2018, annex)", "455"),
    ("FR", "2020-01-01", "Plan comptable associatif (ANC 2018-06)", "421"),
)
CHART_FIELDS = "jurisdiction text, account text, code text, labels jsonb, valid_from date, source text, status text"


def upgrade() -> None:
    """Create the table, and give the account its codes in the charts."""
    execute_all(op, "finance", DDL)
    protect(op, "finance", "substitute_costs", audited_by="assignment_id")
    rows = [
        {
            "jurisdiction": jurisdiction,
            "account": "payable_people",
            "code": code,
            "labels": dict(zip(("fr", "nl", "de", "en"), LABELS, strict=True)),
            "valid_from": valid_from,
            "source": f"{source}; codes chosen by meaning",
            "status": "to_verify",
        }
        for jurisdiction, valid_from, source, code in CODES
    ]
    names = ", ".join(field.split()[0] for field in CHART_FIELDS.split(", "))
    op.execute(
        f"insert into chart_accounts ({names}) select {names}"
        f" from jsonb_to_recordset($chart${json.dumps(rows)}$chart$::jsonb) as account({CHART_FIELDS})"
    )

"""Erased people, and for how many years records of work are kept, as dated data.

Law belongs to a jurisdiction, not to an organisation: everybody reads, only the owner writes. A rule without
`valid_from` was in force when its source was read.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from access import erasing
from common.migrating import execute_all

revision = "0020"
down_revision = "0019"

DDL = (
    """create table retention_rules (
        id uuid primary key default uuidv7(), jurisdiction text not null, record text not null, years bigint not null,
        valid_from date, valid_to date, source text not null, status text not null,
        constraint retention_rules_dates_check check (valid_to >= valid_from),
        constraint retention_rules_status_check check (status in ('verified', 'verified_secondary', 'from_memory')),
        constraint retention_rules_validity_excl exclude using gist
            (jurisdiction with =, record with =, daterange(valid_from, valid_to, '[]') with &&))""",
    "grant select on retention_rules to {service}_api, {service}_worker, {service}_auditor, {service}_backup",
    "alter table people add column erased_at timestamptz",
)
ADD = text(
    "insert into retention_rules (jurisdiction, record, years, source, status)"
    " values (:jurisdiction, :record, :years, :source, :status)"
)
RULES = (
    {
        "jurisdiction": "BE",
        "record": "work_records",
        "years": 5,
        "source": "Arrêté royal n° 5 du 23 octobre 1978, article 25",
        "status": "from_memory",
    },
    {
        "jurisdiction": "FR",
        "record": "work_records",
        "years": 5,
        "source": "Code du travail, article D3171-16, and the time limit for wages of article L3245-1 (three years)",
        "status": "from_memory",
    },
)


def upgrade() -> None:
    """Create the rules, and let people be erased."""
    execute_all(op, "staffing", (*erasing.DDL, *DDL))
    for rule in RULES:
        op.execute(ADD.bindparams(**rule))

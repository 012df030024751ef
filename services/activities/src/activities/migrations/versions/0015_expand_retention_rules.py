"""For how many years a household is kept after it last took part, as dated data.

Law belongs to a jurisdiction, not to an organisation: everybody reads, only the owner writes. A rule without
`valid_from` was in force when its source was read.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from common.migrating import execute_all

revision = "0015"
down_revision = "0014"

DDL = (
    """create table retention_rules (
        id uuid primary key default uuidv7(), jurisdiction text not null, record text not null, years bigint not null,
        valid_from date, valid_to date, source text not null, status text not null,
        constraint retention_rules_dates_check check (valid_to >= valid_from),
        constraint retention_rules_status_check check (status in ('verified', 'verified_secondary', 'from_memory')),
        constraint retention_rules_validity_excl exclude using gist
            (jurisdiction with =, record with =, daterange(valid_from, valid_to, '[]') with &&))""",
    "grant select on retention_rules to {service}_api, {service}_worker, {service}_auditor, {service}_backup",
)
ADD = text(
    "insert into retention_rules (jurisdiction, record, years, source, status)"
    " values (:jurisdiction, :record, :years, :source, :status)"
)
SOURCE = "Practice of Mark & Law and of Les Scouts: not beyond the registration period; read as the year after the last"
RULES = (
    {"jurisdiction": "BE", "record": "households", "years": 1, "source": SOURCE, "status": "verified_secondary"},
    {"jurisdiction": "FR", "record": "households", "years": 1, "source": SOURCE, "status": "from_memory"},
)


def upgrade() -> None:
    """Create the rules."""
    execute_all(op, "activities", DDL)
    for rule in RULES:
        op.execute(ADD.bindparams(**rule))

"""Budgets per activity and year, their planned lines, and what was spent."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0005"
down_revision = "0004"

TABLES = (
    """create table budgets (
        id uuid not null, organisation_id uuid not null, activity_id uuid not null, activity_title text not null,
        year bigint not null, currency text not null,
        planned_income_minor bigint not null default 0, planned_expense_minor bigint not null default 0,
        promised_minor bigint not null default 0, earned_minor bigint not null default 0,
        spent_minor bigint not null default 0, reached_thresholds text[] not null default '{}',
        version bigint not null default 1, planned_at timestamptz, changed_at timestamptz not null,
        constraint budgets_pkey primary key (id),
        constraint budgets_organisation_id_activity_id_year_currency_key
          unique (organisation_id, activity_id, year, currency),
        constraint budgets_spent_minor_check check (spent_minor >= 0))
        with (fillfactor = 50)""",
    """create table budget_lines (
        id uuid not null, organisation_id uuid not null, budget_id uuid not null, kind text not null,
        label text not null, planned_minor bigint not null,
        constraint budget_lines_pkey primary key (id),
        constraint budget_lines_budget_id_fkey foreign key (budget_id) references budgets (id),
        constraint budget_lines_kind_check check (kind in ('income', 'expense')),
        constraint budget_lines_planned_minor_check check (planned_minor >= 0))""",
    "create index budget_lines_budget_id_index on budget_lines (budget_id)",
    """create table spendings (
        id uuid not null, organisation_id uuid not null, budget_id uuid not null, amount_minor bigint not null,
        label text not null, spent_on date not null, entry_id uuid not null, reversal_entry_id uuid,
        recorded_at timestamptz not null,
        constraint spendings_pkey primary key (id),
        constraint spendings_budget_id_fkey foreign key (budget_id) references budgets (id),
        constraint spendings_entry_id_fkey foreign key (entry_id) references entries (id),
        constraint spendings_reversal_entry_id_fkey foreign key (reversal_entry_id) references entries (id),
        constraint spendings_amount_minor_check check (amount_minor > 0))""",
    "create index spendings_budget_id_index on spendings (budget_id)",
)
# What bookings add is in the audit trail of the charges; a row per booking here would only repeat it.
PLAN_AUDIT = """create trigger budgets_audit after insert or delete
        or update of activity_title, planned_income_minor, planned_expense_minor, spent_minor, reached_thresholds
        on budgets for each row execute function audit_change('id')"""


def upgrade() -> None:
    """Create the tables; the budget row is updated by every booking and keeps room for it on its page."""
    execute_all(op, "finance", TABLES)
    protect(op, "finance", "budgets", audited_by=None)
    protect(op, "finance", "budget_lines")
    protect(op, "finance", "spendings")
    op.execute(PLAN_AUDIT)

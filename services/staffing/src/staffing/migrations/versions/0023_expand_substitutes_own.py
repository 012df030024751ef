"""Who asked for a substitute sees what became of it."""

from __future__ import annotations

from alembic import op

from access.row_policies import ORGANISATIONS
from common.migrating import execute_all

revision = "0023"
down_revision = "0022"

OWN_PEOPLE = "(select app_own_people())::uuid[]"

DDL = (
    f"""alter policy substitute_requests_select on substitute_requests using (
        organisation_id = any({ORGANISATIONS}) or asked_person_ids && {OWN_PEOPLE}
        or (assignment_id is not null and absent_person_id = any({OWN_PEOPLE})))""",
)


def upgrade() -> None:
    """Open one's own requests, as long as the place is kept, to who made them."""
    execute_all(op, "staffing", DDL)

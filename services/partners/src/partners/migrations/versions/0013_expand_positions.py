"""Where an organisation lies on a map, in degrees."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0013"
down_revision = "0012"

COLUMNS = (
    "alter table organisations add column latitude double precision, add column longitude double precision",
    """alter table organisations add constraint organisations_position_check
        check ((latitude is null) = (longitude is null)
            and latitude between -90 and 90 and longitude between -180 and 180)""",
)


def upgrade() -> None:
    """Add both; who gives no position has neither."""
    execute_all(op, "partners", COLUMNS)

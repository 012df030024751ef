"""What must always hold in this service's database."""

from __future__ import annotations

from access.intrusion import ASSOCIATIONS_APART
from common.invariants import Invariant, rows_of

FEDERATIONS_LED = rows_of(
    """select o.id from organisations o where o.kind = 'federation' and o.ended_at is null
          and not exists (select from memberships m
                           where m.organisation_id = o.id and m.role = 'federation_admin' and m.state = 'active')"""
)

INVARIANTS = (
    ASSOCIATIONS_APART,
    Invariant("federations_led", "Every federation has somebody who may act for it.", FEDERATIONS_LED),
)

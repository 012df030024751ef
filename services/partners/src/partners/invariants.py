"""What must always hold in this service's database."""

from __future__ import annotations

from access.intrusion import ASSOCIATIONS_APART
from common.invariants import Invariant, rows_of

FEDERATIONS_LED = rows_of(
    """select o.id from organisations o where o.kind = 'federation' and o.ended_at is null
          and not exists (select from memberships m
                           where m.organisation_id = o.id and m.role = 'federation_admin' and m.state = 'active')"""
)
NOTHING_TWICE = rows_of(
    """select one.id from reservations one join reservations other
           on other.resource_id = one.resource_id and other.id > one.id
          and tstzrange(other.starts_at, other.ends_at) && tstzrange(one.starts_at, one.ends_at)
        where one.alone and other.alone
          and one.state in ('asked', 'held', 'confirmed') and other.state in ('asked', 'held', 'confirmed')"""
)

INVARIANTS = (
    ASSOCIATIONS_APART,
    Invariant("federations_led", "Every federation has somebody who may act for it.", FEDERATIONS_LED),
    Invariant("nothing_twice", "No room, vehicle or thing is reserved twice at the same time.", NOTHING_TWICE),
)

"""What must always hold in this service's database."""

from __future__ import annotations

from access.intrusion import ASSOCIATIONS_APART
from common.invariants import Invariant, rows_of

SHORTFALLS_SEEN = rows_of(
    """select session_id from coverages
        where is_short <> (supervisors_present < supervisors_needed or qualified_present < qualified_needed)"""
)
BOOKINGS_COVERED = rows_of(
    """select b.session_id from covered_bookings b join known_sessions s on s.session_id = b.session_id
        where s.state = 'scheduled' and cardinality(b.ages) > 0
          and not exists (select from coverages c where c.session_id = b.session_id)"""
)
NOBODY_TWICE = rows_of(
    """select one.id from assignments one join assignments other
           on other.human_id = one.human_id and other.id > one.id
          and tstzrange(other.starts_at, other.ends_at) && tstzrange(one.starts_at, one.ends_at)
        where one.state in ('held', 'assigned') and other.state in ('held', 'assigned')"""
)

INVARIANTS = (
    ASSOCIATIONS_APART,
    Invariant("shortfalls_seen", "A session that lacks supervisors is marked as short.", SHORTFALLS_SEEN),
    Invariant("bookings_covered", "Every session with bookings has been assessed.", BOOKINGS_COVERED),
    Invariant("nobody_twice", "Nobody works in two places at once, whichever association asks.", NOBODY_TWICE),
)

"""What must always hold in this service's database."""

from __future__ import annotations

from access.intrusion import ASSOCIATIONS_APART
from common.invariants import Invariant, rows_of

PENDING_DUE = rows_of(
    """select m.id from messages m where m.channel = 'email' and m.state in ('pending', 'sending')
          and not exists (select from due_rows d where d.subject_id = m.id)"""
)

INVARIANTS = (
    ASSOCIATIONS_APART,
    Invariant("pending_due", "Every e-mail that is not sent yet will be tried again.", PENDING_DUE),
)

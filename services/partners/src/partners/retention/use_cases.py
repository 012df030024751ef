"""Forgetting who had a part in an association, or a key of it, and has none any more."""

from __future__ import annotations

from access.retention import Kept
from partners.erasures.use_cases import erase_memberships_past_period
from partners.keys.queries import list_handovers_past
from partners.keys.use_cases import forget_handovers
from partners.retention import queries

KEPT = (
    Kept("memberships", queries.list_memberships_past, erase_memberships_past_period),
    Kept("key_handovers", list_handovers_past, forget_handovers),
)

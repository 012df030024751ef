"""Forgetting who had a part in an association and has none any more."""

from __future__ import annotations

from access.retention import Kept
from partners.erasures.use_cases import erase_memberships_past_period
from partners.retention import queries

KEPT = (Kept("memberships", queries.list_memberships_past, erase_memberships_past_period),)

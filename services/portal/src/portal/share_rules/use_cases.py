"""Saying which part of its families' places an association bears."""

from __future__ import annotations

from collections.abc import Mapping

from portal.share_rules.domain import ShareRule
from portal.visits import Visitor


async def add_share_rule(visitor: Visitor, body: Mapping[str, object], key: str) -> None:
    """Add a rule, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("finance", "/share-rules", body, key)


async def change_share_rule(visitor: Visitor, rule: ShareRule, body: Mapping[str, object], version: int) -> None:
    """Change a rule on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PUT", "finance", f"/share-rules/{rule.id}", body, version)


async def remove_share_rule(visitor: Visitor, rule: ShareRule, version: int) -> None:
    """Remove a rule on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.remove("finance", f"/share-rules/{rule.id}", version)

"""Linking an account to what an association has recorded of somebody."""

from __future__ import annotations

from portal.visits import Visitor


async def link_account(visitor: Visitor, code: str) -> None:
    """Link the account to the record whose owner got this code. Raises Refused or Unavailable."""
    await visitor.asking.do("staffing", "/people/link", {"code": code})

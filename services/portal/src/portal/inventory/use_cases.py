"""Entering and changing what an association has."""

from __future__ import annotations

from collections.abc import Mapping

from portal.visits import Visitor


async def enter_resource(visitor: Visitor, body: Mapping[str, object], key: str) -> str:
    """Enter a resource, once for a key; its id. Raises Refused or Unavailable."""
    return str((await visitor.asking.create("partners", "/resources", body, key))["id"])


async def change_resource(visitor: Visitor, resource_id: str, body: Mapping[str, object], version: int) -> None:
    """Change the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "partners", f"/resources/{resource_id}", body, version)


async def end_resource(visitor: Visitor, resource_id: str) -> None:
    """Take it out of service. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/resources/{resource_id}/end")


async def add_paper(visitor: Visitor, resource_id: str, body: Mapping[str, object], key: str) -> None:
    """Record an approval or inspection, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("partners", f"/resources/{resource_id}/papers", body, key)


async def close_resource(visitor: Visitor, resource_id: str, body: Mapping[str, object], key: str) -> None:
    """Close it for a time in which nobody has it, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("partners", f"/resources/{resource_id}/closures", body, key)


async def reopen(visitor: Visitor, closure_id: str) -> None:
    """Take a closure back. Raises Refused or Unavailable."""
    await visitor.asking.remove("partners", f"/closures/{closure_id}")


async def make_calendar_address(visitor: Visitor, resource_id: str) -> str:
    """A new secret address for calendar programs; an earlier one leads nowhere. Raises Refused or Unavailable."""
    told = await visitor.asking.put("partners", f"/resources/{resource_id}/calendar-address")
    return f"{visitor.address}/calendars/resources/{told['secret']}.ics"


async def withdraw_calendar_address(visitor: Visitor, resource_id: str) -> None:
    """Let the address lead nowhere. Raises Refused or Unavailable."""
    await visitor.asking.remove("partners", f"/resources/{resource_id}/calendar-address")

"""Hearing at once of what the visitor has changed in the directory."""

from __future__ import annotations

from portal.directory.queries import DIRECTORY
from portal.visits import Visitor


def hear_of_change(visitor: Visitor, organisation_id: str) -> None:
    """Ask again next time for the directory, this organisation and where the visitor works."""
    services = visitor.asking.services
    services.outdate(*DIRECTORY)
    services.outdate("partners", f"/organisations/{organisation_id}")
    visitor.forget("posts")

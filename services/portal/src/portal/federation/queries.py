"""Questions of a federation's office."""

from __future__ import annotations

import asyncio
from typing import Any

from portal.asking import Refused
from portal.directory.domain import Directory, Organisation
from portal.directory.queries import list_posts
from portal.federation.domain import (
    Loan,
    Money,
    Period,
    Row,
    Supervision,
    loans_of,
    money_of,
    rows_of,
    supervisions_of,
)
from portal.visits import Visitor

OFFICE = "federation_admin"


async def get_own_federation(visitor: Visitor) -> Organisation:
    """The federation whose office the visitor works for. Raises SignInNeeded, or Refused (403)."""
    _ = visitor.person
    for post in await list_posts(visitor):
        if OFFICE in post.roles and post.organisation.kind == "federation":
            return post.organisation
    raise Refused(403, "forbidden", "For the office of the federation", None)


async def list_rows(visitor: Visitor, federation: Organisation, period: Period, directory: Directory) -> list[Row]:
    """What every association offered in a period, and how many came."""
    return rows_of(await _figures(visitor, "activities", "associations", federation, period), directory)


async def list_supervisions(
    visitor: Visitor, federation: Organisation, period: Period, directory: Directory
) -> list[Supervision]:
    """How well every association's sessions of a period are supervised."""
    return supervisions_of(await _figures(visitor, "staffing", "associations", federation, period), directory)


async def list_loans(visitor: Visitor, federation: Organisation, period: Period, directory: Directory) -> list[Loan]:
    """What the associations lent each other in a period: rooms, vehicles, equipment and people."""
    resources, people = await asyncio.gather(
        _figures(visitor, "partners", "lending", federation, period),
        _figures(visitor, "staffing", "lending", federation, period),
    )
    return loans_of(resources, people, directory)


async def _figures(
    visitor: Visitor, service: str, what: str, federation: Organisation, period: Period
) -> list[dict[str, Any]]:
    """What a service counted of a federation in a period."""
    found: list[dict[str, Any]] = await visitor.asking.get(
        service,
        f"/evaluation/{what}",
        federation_id=federation.id,
        starts_from=period.starts_from.isoformat(),
        starts_before=period.starts_before.isoformat(),
    )
    return found


async def list_money(visitor: Visitor, federation: Organisation, year: int, directory: Directory) -> list[Money]:
    """The budgets of every association in a year together."""
    figures: list[dict[str, Any]] = await visitor.asking.get(
        "finance", "/evaluation/associations", federation_id=federation.id, year=year
    )
    return money_of(figures, directory)

"""Questions of a federation's office."""

from __future__ import annotations

from typing import Any

from portal.asking import Refused
from portal.directory.domain import Directory, Organisation
from portal.directory.queries import list_posts
from portal.federation.domain import Money, Period, Row, Supervision, money_of, rows_of, supervisions_of
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
    figures: list[dict[str, Any]] = await visitor.asking.get(
        "activities",
        "/evaluation/associations",
        federation_id=federation.id,
        starts_from=period.starts_from.isoformat(),
        starts_before=period.starts_before.isoformat(),
    )
    return rows_of(figures, directory)


async def list_supervisions(
    visitor: Visitor, federation: Organisation, period: Period, directory: Directory
) -> list[Supervision]:
    """How well every association's sessions of a period are supervised."""
    figures: list[dict[str, Any]] = await visitor.asking.get(
        "staffing",
        "/evaluation/associations",
        federation_id=federation.id,
        starts_from=period.starts_from.isoformat(),
        starts_before=period.starts_before.isoformat(),
    )
    return supervisions_of(figures, directory)


async def list_money(visitor: Visitor, federation: Organisation, year: int, directory: Directory) -> list[Money]:
    """The budgets of every association in a year together."""
    figures: list[dict[str, Any]] = await visitor.asking.get(
        "finance", "/evaluation/associations", federation_id=federation.id, year=year
    )
    return money_of(figures, directory)

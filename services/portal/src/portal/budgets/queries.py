"""Questions about budgets and the charges behind them."""

from __future__ import annotations

from portal.asking import Json, Refused
from portal.budgets.domain import Budget, budget_of
from portal.directory.domain import Post
from portal.visits import Visitor


async def list_budgets(visitor: Visitor, post: Post, year: int) -> list[Budget]:
    """The association's budgets of a year, by title."""
    answers = await visitor.asking.list_all("finance", "/budgets", organisation_id=post.organisation.id, year=year)
    return sorted((budget_of(answer) for answer in answers), key=lambda budget: budget.title)


async def get_budget(visitor: Visitor, budget_id: str) -> Budget:
    """One budget. Raises Refused (404)."""
    return budget_of(await visitor.asking.get("finance", f"/budgets/{budget_id}"))


async def list_charges(visitor: Visitor, post: Post) -> list[Json]:
    """What others owe the association."""
    charges = await visitor.asking.list_all("finance", "/charges", organisation_id=post.organisation.id)
    return [charge for charge in charges if charge["organisation_id"] == post.organisation.id]


async def list_charges_of_booking(visitor: Visitor, post: Post, booking_id: str) -> list[Json]:
    """What the places of a booking brought the association. Raises Refused (404) when nothing is known of it."""
    charges = await visitor.asking.list_all("finance", "/charges", booking_id=booking_id)
    own = [charge for charge in charges if charge["organisation_id"] == post.organisation.id]
    if not own:
        raise Refused(404, "not-found", "Nothing was charged for this booking", None)
    return own

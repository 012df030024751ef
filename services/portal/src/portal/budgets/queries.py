"""Questions about budgets and the charges behind them."""

from __future__ import annotations

from portal.asking import Json, Refused
from portal.budgets.domain import Budget, Spending, budget_of, spendings_of
from portal.directory.domain import Post
from portal.directory.queries import get_post
from portal.visits import Visitor


async def get_reader_post(visitor: Visitor, slug: str) -> Post:
    """The post of somebody who reads the books there. Raises SignInNeeded, or Refused (403, 404)."""
    _ = visitor.person
    post = await get_post(visitor, slug)
    if not post.reads_money:
        raise Refused(403, "forbidden", "For those who read the books", None)
    return post


async def get_keeper_post(visitor: Visitor, slug: str) -> Post:
    """The post of somebody who writes in the books there. Raises SignInNeeded, or Refused (403, 404)."""
    post = await get_reader_post(visitor, slug)
    if not post.keeps_books:
        raise Refused(403, "forbidden", "For those who keep the books", None)
    return post


async def list_budgets(visitor: Visitor, post: Post, year: int) -> list[Budget]:
    """The association's budgets of a year, by title."""
    answers = await visitor.asking.list_all("finance", "/budgets", organisation_id=post.organisation.id, year=year)
    return sorted((budget_of(answer) for answer in answers), key=lambda budget: budget.title)


async def get_budget(visitor: Visitor, post: Post, budget_id: str) -> Budget:
    """A budget of the association. Raises Refused (404)."""
    answer = await visitor.asking.get("finance", f"/budgets/{budget_id}")
    if answer["organisation_id"] != post.organisation.id:
        raise Refused(404, "not-found", "Another association has this budget", None)
    return budget_of(answer)


async def list_spendings(visitor: Visitor, budget_id: str) -> list[Spending]:
    """What was spent for a budget, the last first."""
    return spendings_of(await visitor.asking.list_all("finance", f"/budgets/{budget_id}/spendings"))


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

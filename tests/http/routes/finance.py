"""The routes of the finance service, and an association with a budget, a book, charges and a debt."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.roles import FEDERATION_OFFICE, MONEY, MONEY_READERS
from common.ids import new_id
from common.testing import deliver
from contracts.event import Event
from contracts.partners import Role
from finance.run_consumer import CHARGES
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.finance.events import Order, Workshop
from tests.http.route_table import Ids, OpenTo, Route, Scene, roles

BASE = "/api/finance/v1"
NEVER = '"999999"'


async def prepare(world: World, databases: ServiceDatabases) -> Scene:
    """A household and a neighbour owe an association money; it has planned, spent and booked by hand."""
    own, neighbour = await world.organisation(), await world.organisation()
    treasurer = await world.member(own, Role.treasurer)
    household, child = new_id(), new_id()
    workshop = Workshop(own, cost_shares=((own, 6_000), (neighbour, 4_000)))
    order = Order(workshop, "household", household, own, (12_345,), participants=(child,))
    group = Order.of(workshop, "organisation", neighbour, neighbour, 54_321)
    await happen(databases, order.confirmed(), group.confirmed())
    ids = {"organisation_id": str(own), "activity_id": str(new_id()), "booking_id": str(order.booking_id)}
    budget = await create(treasurer, "/budgets", new_budget(ids))
    spending = await create(treasurer, f"/budgets/{budget['id']}/spendings", SPENDING)
    entry = await create(treasurer, "/ledger/entries", new_entry(ids))
    rule = await create(treasurer, "/share-rules", new_rule(ids))
    (charge,) = (await treasurer.get(f"{BASE}/charges", params={"booking_id": ids["booking_id"]})).json()["items"]
    ids |= {
        "budget_id": budget["id"],
        "spending_id": spending["id"],
        "entry_id": entry["id"],
        "rule_id": rule["id"],
        "charge_id": charge["id"],
    }
    hidden = [value for name, value in ids.items() if name != "organisation_id"]
    return Scene(
        own,
        ids,
        parent=await world.parent(own, household, child),
        other_parent=await world.parent(own, new_id(), new_id()),
        secrets=(*hidden, str(own), "Secret budget", "Secret entry", "Secret spending", "12345", "54321"),
    )


async def happen(databases: ServiceDatabases, *events: Event) -> None:
    """Handle events as the service's consumer does."""
    for event in events:
        async with AsyncSession(databases.engine("worker")) as session, session.begin():
            await deliver(session, CHARGES, event)


async def create(person: Person, path: str, body: object) -> dict[str, Any]:
    answer = await person.post(f"{BASE}{path}", body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def new_budget(ids: Ids) -> dict[str, Any]:
    lines = [{"kind": "income", "label": "Secret budget", "planned_minor": 100}]
    about = {"organisation_id": ids["organisation_id"], "activity_id": ids["activity_id"]}
    return {**about, "activity_title": "Secret budget", "year": 2027, "lines": lines}


def new_entry(ids: Ids) -> dict[str, Any]:
    lines = [{"account": "bank", "amount_minor": 5, "currency": "EUR"}]
    lines.append({"account": "income_participation", "amount_minor": -5, "currency": "EUR"})
    about = {"organisation_id": ids["organisation_id"], "booked_on": "2026-10-01"}
    return {**about, "description": "Secret entry", "lines": lines}


def new_rule(ids: Ids) -> dict[str, Any]:
    return {"organisation_id": ids["organisation_id"], "borne_percent": 7, "valid_from": "2030-01-01"}


def of_organisation(ids: Ids) -> dict[str, str]:
    return {"organisation_id": ids["organisation_id"]}


def of_booking(ids: Ids) -> dict[str, str]:
    return {"booking_id": ids["booking_id"]}


def some_day(_: Ids) -> dict[str, Any]:
    return {"borne_percent": 8, "valid_from": "2031-01-01"}


def fresh_budget(ids: Ids) -> dict[str, Any]:
    return {**new_budget(ids), "activity_id": str(UUID(bytes=secrets.token_bytes(16), version=4))}


def why(_: Ids) -> dict[str, str]:
    return {"reason": "A mistake"}


def of_year(ids: Ids) -> dict[str, str]:
    return {"federation_id": ids["organisation_id"], "year": "2026"}


SPENDING = {"amount_minor": 99, "label": "Secret spending", "spent_on": "2026-10-01"}
WRITE, READ = roles(MONEY), roles(MONEY_READERS)
ROUTES = (
    Route("POST", "/budgets", WRITE, body=fresh_budget),
    Route("GET", "/budgets", READ, query=of_organisation),
    Route("GET", "/budgets/{budget_id}", READ),
    Route("PATCH", "/budgets/{budget_id}", WRITE, body=lambda _: {"lines": []}, if_match=NEVER),
    Route("POST", "/budgets/{budget_id}/spendings", WRITE, body=lambda _: SPENDING),
    Route("GET", "/budgets/{budget_id}/spendings", READ),
    Route("POST", "/budgets/{budget_id}/spendings/{spending_id}/reversal", WRITE, body=why),
    Route("GET", "/charges", READ, parent=True, query=of_booking),
    Route("GET", "/charges/{charge_id}", READ, parent=True),
    Route("GET", "/dues", READ, parent=True, query=of_organisation),
    Route("GET", "/share-rules", READ, query=of_organisation),
    Route("POST", "/share-rules", WRITE, body=new_rule),
    Route("PUT", "/share-rules/{rule_id}", WRITE, body=some_day, if_match=NEVER),
    Route("DELETE", "/share-rules/{rule_id}", WRITE, if_match=NEVER),
    Route("GET", "/ledger/entries", READ, query=of_organisation),
    Route("GET", "/ledger/balances", READ, query=of_organisation),
    Route("GET", "/ledger/accounts", open_to=OpenTo.SIGNED_IN),
    Route("GET", "/ledger/entries/{entry_id}", READ),
    Route("POST", "/ledger/entries", WRITE, body=new_entry),
    Route("POST", "/ledger/entries/{entry_id}/reversal", WRITE, body=why),
    Route("GET", "/settlements", READ, query=of_organisation),
    Route("GET", "/settlements/lines", READ, query=lambda ids: {"creditor_id": ids["organisation_id"]}),
    Route("GET", "/evaluation/associations", roles(FEDERATION_OFFICE), query=of_year, shows=False),
)

"""HTTP in: the routes of every feature."""

from __future__ import annotations

import asyncio
from types import ModuleType

from access.serving import serve_api
from common.running import main
from finance.budgets import api as budgets
from finance.charges import api as charges
from finance.database import api_database
from finance.dues import api as dues
from finance.evaluation import api as evaluation
from finance.ledger import api as ledger
from finance.settings import Settings
from finance.settlements import api as settlements

FEATURES: tuple[ModuleType, ...] = (budgets, charges, dues, ledger, settlements, evaluation)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve the API until `stop` is set."""
    await serve_api("finance", settings, FEATURES, api_database, stop)


if __name__ == "__main__":
    main("finance", Settings(), run, serves_http=True)

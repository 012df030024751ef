"""What migrations are made of: the mechanism's tables, and statements with the service's name in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from common import due_rows, handled_events, idempotency, outbox


class Operations(Protocol):
    """The part of alembic's `op` that we use."""

    def execute(self, sqltext: str) -> None:
        """Run one statement."""


ROLES = ("api", "worker", "relay", "auditor", "backup")
MECHANISM = (*outbox.DDL, *handled_events.DDL, *due_rows.DDL, *idempotency.DDL)


def create_mechanism(operations: Operations, service: str) -> None:
    """The tables of outbox, consumers, worker and idempotency, with the rights of the service's roles."""
    operations.execute(f"grant usage on schema public to {_roles(service, ROLES)}")
    execute_all(operations, service, MECHANISM)


def execute_all(operations: Operations, service: str, statements: Iterable[str]) -> None:
    """Run statements in which `{service}` stands for the service's name."""
    for statement in statements:
        operations.execute(statement.replace("{service}", service))


def _roles(service: str, names: Iterable[str]) -> str:
    return ", ".join(f"{service}_{name}" for name in names)

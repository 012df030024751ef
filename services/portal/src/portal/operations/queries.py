"""Questions about how the platform runs; the services answer them without a token, and without a name in it."""

from __future__ import annotations

import asyncio

from portal.asking import Asking, Refused, Unavailable
from portal.directory.queries import list_posts
from portal.operations.domain import ServiceState, state_of
from portal.settings import SERVICES
from portal.visits import Visitor

OPERATOR = "operator"


async def check_operator(visitor: Visitor) -> None:
    """Raise SignInNeeded, or Refused (403) for who does not operate the platform."""
    _ = visitor.person
    if not any(OPERATOR in post.roles for post in await list_posts(visitor)):
        raise Refused(403, "forbidden", "For operators", None)


async def list_service_states(visitor: Visitor) -> list[ServiceState]:
    """Every service, asked together; one that does not answer is not ready."""
    return list(await asyncio.gather(*(_state(visitor.asking, service) for service in SERVICES)))


async def _state(asking: Asking, service: str) -> ServiceState:
    try:
        metrics = await asking.services.read_metrics(service)
    except Unavailable:
        return ServiceState(service, is_ready=False)
    return state_of(service, True, metrics)

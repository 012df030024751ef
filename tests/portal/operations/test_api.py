"""The operator's page: states and queues, for operators only."""

from __future__ import annotations

import httpx

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal


async def test_operators_see_how_the_services_run(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    assert (await portal.get("/operations")).status_code == 403
    membership = {"organisation_id": answers.FEDERATION, "role": "operator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    portal.sign_in()
    neighbours.answers["GET /health/ready"] = {"status": "ready"}
    metrics = (
        'consumer_parked_keys{service="x"} 2.0\ninvariant_violations{invariant="entries_balanced",service="x"} 1.0\n'
    )
    neighbours.answers["GET /metrics"] = lambda _: httpx.Response(200, text=metrics)
    neighbours.away.add("finance")
    text = (await portal.get("/operations")).text
    assert "Does not answer" in text
    assert "5 services need somebody" in text
    assert "entries_balanced: one case" in text
    assert "Amina Haddad" not in text.partition("<main")[2]


async def test_who_has_not_signed_in_is_sent_to_sign_in(portal: Portal) -> None:
    assert (await portal.get("/operations")).status_code == 303

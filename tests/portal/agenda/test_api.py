"""The agenda over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from common.clock import now
from portal.agenda.domain import Week
from portal.home_clock import home_today
from portal.home_zone import HOME_ZONE
from tests.portal import answers
from tests.portal.conftest import SETTINGS, Neighbours, Portal


@pytest.mark.parametrize("path", ["/", "/o/tremplin"])
async def test_who_looks_for_something_comes_to_the_first_week_that_has_it(
    portal: Portal, neighbours: Neighbours, path: str
) -> None:
    later = now().astimezone(HOME_ZONE) + timedelta(weeks=3)
    circus = answers.session(starts_at=later.isoformat(), ends_at=(later + timedelta(hours=1)).isoformat())
    neighbours.answers["GET /sessions"] = answers.page(answers.soon(title="Radio", id=answers.BUDGET), circus)
    found = (await portal.get(f"{path}?q=cirque")).text
    assert ("Atelier cirque" in found, "Radio" in found) == (True, False)
    this_week = Week(home_today() + timedelta(days=2)).name
    empty = (await portal.get(f"{path}?q=cirque&week={this_week}")).text
    assert f"?q=cirque&amp;week={Week(later.date()).name}" in empty
    assert "Atelier cirque" not in empty


async def test_a_crowded_week_is_shown_by_whole_days(portal: Portal, neighbours: Neighbours) -> None:
    today, later = answers.soon(), now().astimezone(HOME_ZONE) + timedelta(days=4)
    then = {"starts_at": later.isoformat(), "ends_at": (later + timedelta(hours=1)).isoformat()}
    neighbours.answers["GET /sessions"] = answers.page(*[today] * 50, *[answers.session(title="Radio", **then)] * 40)
    page = (await portal.get("/?age=8")).text
    assert "Radio" not in page
    assert f"/?age=8&amp;week={later.date()}" in page
    assert "40 more sessions later in this week" in page


async def test_on_its_own_host_an_association_shows_its_programme(portal: Portal) -> None:
    settings = SETTINGS.model_copy(update={"own_hosts": "other.example=other, Tremplin.example=tremplin"})
    reception = portal.app.state.reception
    portal.app.state.reception = replace(reception, slugs=settings.slugs)
    for host in ("tremplin.example", "TREMPLIN.example"):
        assert "<title>Programme · Le Tremplin</title>" in (await portal.get("/", headers={"Host": host})).text
    assert "Le Tremplin</title>" not in (await portal.get("/")).text

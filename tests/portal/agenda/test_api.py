"""The agenda over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.clock import now
from portal.agenda.domain import Week
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal


@pytest.mark.parametrize("path", ["/", "/o/tremplin"])
async def test_who_looks_for_something_comes_to_the_first_week_that_has_it(
    portal: Portal, neighbours: Neighbours, path: str
) -> None:
    later = now() + timedelta(weeks=3)
    circus = answers.session(starts_at=later.isoformat(), ends_at=(later + timedelta(hours=1)).isoformat())
    neighbours.answers["GET /sessions"] = answers.page(answers.soon(title="Radio", id=answers.BUDGET), circus)
    found = (await portal.get(f"{path}?q=cirque")).text
    assert ("Atelier cirque" in found, "Radio" in found) == (True, False)
    this_week = Week((now() + timedelta(days=2)).date()).name
    empty = (await portal.get(f"{path}?q=cirque&week={this_week}")).text
    assert f"?q=cirque&amp;week={Week(later.date()).name}" in empty
    assert "Atelier cirque" not in empty

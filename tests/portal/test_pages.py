"""Every page works in every language, and when a service behind it is away."""

from __future__ import annotations

import pytest

from portal.directory import queries
from portal.languages import LANGUAGES
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

SESSION = f"/o/tremplin/sessions/{answers.SESSION}"
PUBLIC = ["/", "/o/tremplin", f"/o/tremplin/activities/{answers.ACTIVITY}", SESSION, "/signed-out", "/accessibility"]
PRIVATE = [
    "/household", f"{SESSION}/booking", f"/bookings/{answers.BOOKING}", f"/bookings/{answers.BOOKING}/cancellation",
    f"{SESSION}/booking/check?for={answers.HOUSEHOLD}&who={answers.YANIS}",
]  # fmt: skip
SERVICES = ("partners", "activities", "staffing", "finance", "notifications")


@pytest.mark.parametrize("path", [*PUBLIC, *PRIVATE])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_speaks_every_language(portal: Portal, path: str, language: str) -> None:
    if path in PRIVATE:
        portal.sign_in()
    answer = await portal.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert "%(" not in answer.text


@pytest.mark.parametrize("path", [*PUBLIC, *PRIVATE])
@pytest.mark.parametrize("away", SERVICES)
async def test_no_page_breaks_when_a_service_is_away(
    portal: Portal, neighbours: Neighbours, path: str, away: str
) -> None:
    portal.sign_in()
    neighbours.away.add(away)
    answer = await portal.get(path)
    assert answer.status_code == 200
    assert "<h1" in answer.text


async def test_the_household_is_shown_without_its_debts_when_finance_is_away(
    portal: Portal, neighbours: Neighbours
) -> None:
    portal.sign_in()
    neighbours.away.add("finance")
    text = (await portal.get("/household")).text
    assert "Amounts cannot be shown just now." in text
    assert "Atelier cirque" in text


async def test_names_are_remembered_while_partners_is_away(
    portal: Portal, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "DIRECTORY_SECONDS", -1.0)
    assert "Le Tremplin" in (await portal.get("/")).text
    neighbours.away.add("partners")
    assert "Le Tremplin" in (await portal.get("/")).text


@pytest.mark.parametrize("path", ["/nowhere", "/o/nobody", f"/o/tilleuls/sessions/{answers.SESSION}", "/bookings/x"])
async def test_what_is_not_there_is_a_page_that_says_so(portal: Portal, path: str) -> None:
    portal.sign_in()
    answer = await portal.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


async def test_what_people_write_is_escaped(portal: Portal) -> None:
    text = (await portal.get(SESSION)).text
    assert "&lt;b&gt;Jongler&lt;/b&gt;" in text


async def test_language_and_theme_are_remembered(portal: Portal) -> None:
    answer = await portal.post("/preferences", language="nl", theme="dark", return_to="/o/tremplin")
    assert answer.headers["location"] == "/o/tremplin"
    text = (await portal.get("/")).text
    assert '<html lang="nl" data-theme="dark">' in text


async def test_the_script_gets_the_week_without_the_page(portal: Portal) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    text = (await portal.get("/?week=2090-11-20", headers=headers)).text
    assert text.lstrip().startswith('<section id="week"')


async def test_the_colours_of_an_association_are_kept_for_ever(portal: Portal) -> None:
    page = (await portal.get("/o/tremplin")).text
    address = page.partition('href="/o/tremplin/theme-')[2].partition('"')[0]
    answer = await portal.get(f"/o/tremplin/theme-{address}")
    assert answer.headers["cache-control"].endswith("immutable")
    assert (await portal.get("/o/tremplin/theme-000000.css")).status_code == 404

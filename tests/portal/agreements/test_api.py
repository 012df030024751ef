"""Agreements: drafted, sent, signed and ended on their pages."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = "/manage/tremplin/agreements"
HERE = f"{PATH}/{answers.PROGRAMME}"
FORM = {
    "title": "Cirque", "scope": "Six ateliers.", "starts_on": "2090-09-01", "ends_on": "2091-06-30",
    "renewal_notice_days": "60", f"partner-{answers.HOME}": "on", "by-0": answers.HOME, "kind-0": "money",
    "what-0": "Part des frais", "amount-0": "1500,50", "by-1": answers.HOUSE, "kind-1": "people",
    "what-1": "Deux animateurs", "amount-1": "", "key": "a-key-of-the-page",
}  # fmt: skip


@pytest.fixture
def director(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    return works_as(portal, neighbours, "director")


def works_as(portal: Portal, neighbours: Neighbours, role: str) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


async def test_an_agreement_is_drafted_with_what_each_side_brings(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    neighbours.answers["POST /agreements"] = answers.agreement(state="draft")
    answer = await portal.post(PATH, director, **FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    (sent,) = neighbours.bodies("POST", "/agreements")
    assert (sent["party_ids"], sent["renewal_notice_days"], sent["ends_on"]) == ([answers.HOME], 60, "2091-06-30")
    money, people = sent["contributions"]
    assert (money["amount_minor"], money["currency"], money["party_id"]) == (150_050, "EUR", answers.HOME)
    assert (people["amount_minor"], people["currency"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ends_on": "2090-08-31"}, "The last day lies before the first."),
        ({"kind-0": "place"}, "Money has an amount, and nothing else has one."),
        ({"by-0": answers.HALL}, "Choose this side above too"),
    ],
)
async def test_terms_that_do_not_fit_are_told_beside_their_field(
    portal: Portal, director: BrowserSession, change: dict[str, str], told: str
) -> None:
    answer = await portal.post(PATH, director, **{**FORM, **change})
    assert (answer.status_code, told in answer.text, 'value="Part des frais"' in answer.text) == (422, True, True)


async def test_an_agreement_has_another_side(portal: Portal, director: BrowserSession) -> None:
    alone = {name: value for name, value in FORM.items() if not name.startswith("partner-")}
    answer = await portal.post(PATH, director, **alone)
    assert (answer.status_code, "Choose at least one other side." in answer.text) == (422, True)


async def test_a_draft_is_sent_and_a_sent_one_signed(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    neighbours.answers[f"POST /agreements/{answers.PROGRAMME}/send"] = answers.agreement()
    assert (await portal.post(f"{HERE}/send", director)).status_code == 303
    text = (await portal.get(HERE)).text
    assert "Karim Benali" in text
    assert "record what came signed on paper" in text
    neighbours.answers[f"POST /agreements/{answers.PROGRAMME}/signatures"] = answers.agreement(state="signed")
    form = {"party": answers.HOME, "signed_by": "Rosa Peeters", "signed_on": "2090-08-21", "key": "a-key-of-a-form"}
    assert (await portal.post(f"{HERE}/signatures", director, **form)).status_code == 303
    (sent,) = neighbours.bodies("POST", "/signatures")
    assert sent == {"party_id": answers.HOME, "signed_by": "Rosa Peeters", "signed_on": "2090-08-21"}


async def test_who_was_faster_is_told(portal: Portal, neighbours: Neighbours, director: BrowserSession) -> None:
    problem = {"type": "/problems/signed-before", "title": "Signed", "status": 409}
    neighbours.answers[f"POST /agreements/{answers.PROGRAMME}/signatures"] = lambda _: httpx.Response(409, json=problem)
    form = {"party": answers.HOME, "signed_by": "Rosa Peeters", "signed_on": "2090-08-21", "key": "a-key-of-a-form"}
    answer = await portal.post(f"{HERE}/signatures", director, **form)
    assert (answer.status_code, "This side has signed before." in answer.text) == (409, True)


async def test_an_end_keeps_why(portal: Portal, neighbours: Neighbours, director: BrowserSession) -> None:
    neighbours.answers[f"POST /agreements/{answers.PROGRAMME}/end"] = answers.agreement(state="ended")
    assert (await portal.post(f"{HERE}/end", director, reason="")).status_code == 422
    assert (await portal.post(f"{HERE}/end", director, reason="Fini")).status_code == 303
    assert neighbours.bodies("POST", "/end") == [{"reason": "Fini"}]


async def test_what_runs_out_is_seen_in_the_list(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    neighbours.answers["GET /agreements"] = answers.page(answers.agreement(state="signed", renewal_notice_days=99_999))
    assert "runs out on" in (await portal.get(PATH)).text


async def test_coordinators_do_not_sign(portal: Portal, neighbours: Neighbours) -> None:
    works_as(portal, neighbours, "coordinator")
    answer = await portal.get(HERE)
    assert (answer.status_code, "Who signs" in answer.text) == (200, False)


async def test_who_does_not_plan_is_refused(portal: Portal, neighbours: Neighbours) -> None:
    works_as(portal, neighbours, "animator")
    assert (await portal.get(PATH)).status_code == 403


async def test_what_is_reserved_under_it_is_listed(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    given_up = answers.reservation(agreement_id=answers.PROGRAMME, title="Abandonné", state="released")
    citing = answers.reservation(agreement_id=answers.PROGRAMME, title="Générale")
    neighbours.answers["GET /reservations"] = answers.page(given_up, citing)
    text = (await portal.get(HERE)).text
    assert ("Générale" in text, "Abandonné" in text) == (True, False)


CITED = {"agreement_id": answers.PROGRAMME, "title": "Cirque", "starts_on": "2090-09-01", "ends_on": None}
OF_SESSION = f"/manage/tremplin/sessions/{answers.SESSION}/agreement"


async def test_a_session_is_held_under_an_agreement_that_is_in_force(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    in_force, over = answers.agreement(), answers.agreement(id=answers.LINA, title="Ancien", ends_on="2089-01-01")
    neighbours.answers["GET /agreements"] = answers.page(in_force, over)
    page = (await portal.get(OF_SESSION)).text
    assert (in_force["title"] in page, "Ancien" in page) == (True, False)
    neighbours.answers[f"PUT /sessions/{answers.SESSION}/agreement"] = {
        "session_id": answers.SESSION,
        "agreement": None,
    }
    answer = await portal.post(OF_SESSION, director, agreement=answers.PROGRAMME)
    assert answer.headers["location"] == f"/manage/tremplin/sessions/{answers.SESSION}"
    await portal.post(OF_SESSION, director, agreement="")
    sent = [one["agreement_id"] for one in neighbours.bodies("PUT", "/agreement")]
    assert sent == [answers.PROGRAMME, None]


async def test_an_agreement_that_covers_a_session_no_more_is_told_of_on_its_page(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    cited = {"session_id": answers.SESSION, "agreement": {**CITED, "fault": "It does not hold on that day."}}
    neighbours.answers[f"GET /sessions/{answers.SESSION}/agreement"] = cited
    assert "does not cover it any more" in (await portal.get(f"/manage/tremplin/sessions/{answers.SESSION}")).text
    problem = {"type": "/problems/does-not-cover-session", "title": "Does not cover", "status": 422}
    neighbours.answers[f"PUT /sessions/{answers.SESSION}/agreement"] = lambda _: httpx.Response(422, json=problem)
    refused = await portal.post(OF_SESSION, director, agreement=answers.PROGRAMME)
    assert (refused.status_code, "does not cover this session any more" in refused.text) == (422, True)


async def test_an_agreement_shows_the_sessions_held_under_it(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    neighbours.answers[f"GET /agreements/{answers.PROGRAMME}"] = answers.agreement()
    listed = [answers.session(), answers.session(id=answers.LINA, title="Annulé", state="cancelled")]
    neighbours.answers[f"GET /agreements/{answers.PROGRAMME}/sessions"] = answers.page(*listed)
    text = (await portal.get(HERE)).text
    assert f'href="/manage/tremplin/sessions/{answers.SESSION}">Atelier cirque' in text
    assert "Annulé" not in text

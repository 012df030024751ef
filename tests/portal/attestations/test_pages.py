"""A family has its attendance attested and downloads the file."""

from __future__ import annotations

import httpx
import pytest

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

DOCUMENTS = "/household/documents"
FILE = f"{DOCUMENTS}/{answers.BOOKING}.pdf"


async def test_a_family_asks_for_an_attestation_and_downloads_it(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    page = (await portal.get(f"{DOCUMENTS}?language=en")).text
    assert "Yanis Haddad, 2090" in page
    assert f'href="{FILE}"' in page
    assert "every 3s" not in page
    wanted = {"participant": answers.YANIS, "organiser": answers.HOUSE, "year": "2090", "key": "k-1"}
    assert (await portal.post(f"{DOCUMENTS}?language=nl", session, **wanted)).headers["location"] == DOCUMENTS
    sent = {"participant_id": answers.YANIS, "organiser_id": answers.HOUSE, "year": 2090, "language": "nl"}
    assert neighbours.bodies("POST", "/attestations") == [sent]
    pdf = httpx.Response(200, content=b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
    neighbours.answers[f"GET /attestations/{answers.BOOKING}/pdf"] = lambda _: pdf
    file = await portal.get(FILE)
    assert (file.content, file.headers["content-type"]) == (b"%PDF-1.7", "application/pdf")
    assert file.headers["content-disposition"].startswith("attachment")


async def test_a_file_that_is_awaited_is_looked_for_again(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    awaited = answers.attestation(made_at=None)
    neighbours.answers[f"GET /households/{answers.HOUSEHOLD}/attestations"] = answers.page(awaited)
    page = (await portal.get(DOCUMENTS)).text
    assert "every 3s" in page
    assert f'href="{FILE}"' not in page


async def test_a_refusal_is_told(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    refusal = httpx.Response(422, json={"type": "/problems/nothing-to-attest", "title": "?", "status": 422})
    neighbours.answers["POST /attestations"] = lambda _: refusal
    wanted = {"participant": answers.YANIS, "organiser": answers.HOUSE, "year": "2089"}
    page = await portal.post(f"{DOCUMENTS}?language=en", session, **wanted)
    assert (page.status_code, "No list says" in page.text) == (422, True)


@pytest.mark.parametrize("changes", [{"year": "?"}, {"participant": "x"}, {"organiser": ""}])
async def test_what_was_not_offered_is_not_asked_for(
    portal: Portal, neighbours: Neighbours, changes: dict[str, str]
) -> None:
    session = portal.sign_in()
    wanted = {"participant": answers.YANIS, "organiser": answers.HOUSE, "year": "2090", **changes}
    assert (await portal.post(DOCUMENTS, session, **wanted)).status_code == 404
    assert neighbours.bodies("POST", "/attestations") == []


async def test_a_file_of_others_is_not_found(portal: Portal) -> None:
    portal.sign_in()
    assert (await portal.get(FILE)).status_code == 404

"""Headers, foreign forms, sign-in by the code flow, and where a browser may be led."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from portal.accounts.api import local_path
from portal.browser_sessions import SESSION_COOKIE, SIGN_IN_COOKIE
from portal.run_api import create_app, create_reception
from tests.portal import answers
from tests.portal.conftest import ADDRESS, ISSUER, SETTINGS, Neighbours, Portal

DISCOVERY = {
    "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
    "end_session_endpoint": f"{ISSUER}/end",
}  # fmt: skip


async def test_every_page_has_the_policy(portal: Portal) -> None:
    for path in ("/", "/nowhere", "/static/assets.json"):
        headers = (await portal.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"


async def test_a_form_of_another_site_is_refused(portal: Portal) -> None:
    session = portal.sign_in()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        data = {"csrf_token": session.csrf_token}
        assert (await portal.client.post("/sign-out", data=data, headers=headers)).status_code == 403


async def test_a_form_without_the_token_is_refused(portal: Portal) -> None:
    portal.sign_in()
    booked = f"/o/tremplin/sessions/{answers.SESSION}/booking"
    for path in (booked, "/sign-out", "/household/link", f"/bookings/{answers.BOOKING}/cancellation"):
        assert (await portal.post(path)).status_code == 403
        assert (await portal.post(path, csrf_token="another")).status_code == 403
    assert portal.neighbours.bodies("POST", "/bookings") == []


async def test_a_form_that_is_too_large_is_refused(portal: Portal) -> None:
    assert (await portal.post("/preferences", text="x" * 70_000)).status_code == 413


async def test_the_browser_gets_a_cookie_and_no_token(portal: Portal, neighbours: Neighbours) -> None:
    asked = await begin(portal, neighbours, "/household")
    back = await finish(portal, neighbours, asked)
    assert (back.status_code, back.headers["location"]) == (303, "/household")
    cookie = next(line for line in back.headers.get_list("set-cookie") if line.startswith(SESSION_COOKIE))
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"))
    assert "Domain" not in cookie
    assert not any("the-access-token" in value for value in (back.text, *back.headers.values()))
    await portal.get("/household")
    assert neighbours.asked[-1].headers["authorization"] == "Bearer the-access-token"


@pytest.mark.parametrize("fault", ["state", "nonce", "audience", "issuer", "cookie"])
async def test_an_answer_to_another_question_signs_nobody_in(
    portal: Portal, neighbours: Neighbours, fault: str
) -> None:
    asked = await begin(portal, neighbours, "/household")
    if fault == "cookie":
        portal.client.cookies.delete(SIGN_IN_COOKIE)
    back = await finish(portal, neighbours, asked, fault)
    assert back.status_code == 400
    assert SESSION_COOKIE not in portal.client.cookies


async def begin(portal: Portal, neighbours: Neighbours, return_to: str) -> dict[str, str]:
    """Go to the provider; what the browser takes there."""
    neighbours.answers["GET /.well-known/openid-configuration"] = DISCOVERY
    sent = await portal.get("/sign-in", params={"return_to": return_to})
    assert sent.headers["location"].startswith(f"{ISSUER}/authorize?")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{ADDRESS}/signed-in"
    return asked


async def finish(
    portal: Portal, neighbours: Neighbours, asked: dict[str, str], fault: str | None = None
) -> httpx.Response:
    """Come back with a code; the provider's answer has one fault at most."""
    claims = {
        "iss": "https://other.example" if fault == "issuer" else ISSUER,
        "aud": "other" if fault == "audience" else "maillage",
        "nonce": "other" if fault == "nonce" else asked["nonce"],
        "sub": "amina", "given_name": "Amina", "name": "Amina Haddad", "exp": time.time() + 600,
    }  # fmt: skip
    id_token = jwt.encode(claims, "a key of the provider's, at least 32 bytes")
    neighbours.answers["POST /token"] = lambda _: httpx.Response(
        200, json={"access_token": "the-access-token", "id_token": id_token, "expires_in": 3600}
    )
    state = "other" if fault == "state" else asked["state"]
    return await portal.get("/signed-in", params={"code": "code", "state": state})


async def test_one_reader_who_asks_too_often_does_not_stop_the_others() -> None:
    settings = SETTINGS.model_copy(update={"requests_per_minute_max": 2})
    app = create_app(settings, create_reception(settings, httpx.AsyncClient()))
    readers = [
        httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 1)), base_url=ADDRESS)
        for address in ("192.0.2.1", "192.0.2.2")
    ]
    page, dutch = "/health/live", {"Accept-Language": "nl"}
    assert [(await readers[0].get(page, headers=dutch)).status_code for _ in range(3)] == [200, 200, 429]
    refused = await readers[0].get(page, headers=dutch)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "Wacht een minuut" in refused.text
    assert "default-src 'none'" in refused.headers["content-security-policy"]
    assert (await readers[1].get(page)).status_code == 200


async def test_services_count_each_stranger_by_himself(portal: Portal, neighbours: Neighbours) -> None:
    transport = httpx.ASGITransport(portal.app, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as reader:
        await reader.get("/o/tremplin")
    assert {request.headers.get("x-forwarded-for") for request in neighbours.asked} == {"192.0.2.7"}
    neighbours.asked.clear()
    portal.sign_in()
    await portal.get("/messages")
    own = [request for request in neighbours.asked if "authorization" in request.headers]
    assert own
    assert all("x-forwarded-for" not in request.headers for request in own)


async def test_signing_out_ends_the_session_here_and_at_the_provider(portal: Portal, neighbours: Neighbours) -> None:
    neighbours.answers["GET /.well-known/openid-configuration"] = DISCOVERY
    session = portal.sign_in()
    out = await portal.post("/sign-out", session)
    assert out.headers["location"].startswith(f"{ISSUER}/end?")
    portal.client.cookies.set(SESSION_COOKIE, session.name, domain="portal.example")
    assert (await portal.get("/household")).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\nb", ""])
def test_nobody_is_led_elsewhere(path: str) -> None:
    assert local_path(path) == "/"


def test_own_addresses_are_kept() -> None:
    assert local_path("/o/tremplin?week=2026-11-23") == "/o/tremplin?week=2026-11-23"

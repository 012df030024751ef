"""Signs people and machines in at the embedded provider over HTTP, as a browser and a server would."""

import base64
import hashlib
import html
import re
import secrets
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

from maillage.embedded.identity import CLIENT_ID, OPERATOR_CLIENT_ID, REDIRECT_URI_OF_TOOLS

MAXIMUM_STEPS = 10
HIDDEN_FIELD = re.compile(r'<input[^>]*name="csrf_token"[^>]*value="([^"]+)"')


class SignInRefused(Exception):
    """The provider did not accept the name, the password or the request."""


def sign_in(base_url: str, user_name: str, password: str) -> str:
    """Access token of a person, by the authorization-code flow with PKCE; raises SignInRefused."""
    verifier = secrets.token_urlsafe(48)
    with httpx.Client(base_url=base_url, timeout=20) as browser:
        code = _authorize(browser, verifier, user_name, password)
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        form |= {"client_id": CLIENT_ID, "redirect_uri": REDIRECT_URI_OF_TOOLS}
        return _access_token(browser.post("/oauth/token", data=form))


def sign_in_machine(base_url: str, client_secret: str, client_id: str = OPERATOR_CLIENT_ID) -> str:
    """Access token of a machine, by its client credentials; raises SignInRefused."""
    url = urljoin(base_url, "/oauth/token")
    form = {"grant_type": "client_credentials"}
    return _access_token(httpx.post(url, data=form, auth=(client_id, client_secret), timeout=20))


def _authorize(browser: httpx.Client, verifier: str, user_name: str, password: str) -> str:
    """Follows the provider's pages, filling in each form once, until it sends the code back."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    question = {"response_type": "code", "client_id": CLIENT_ID, "redirect_uri": REDIRECT_URI_OF_TOOLS}
    question |= {"scope": "openid profile email", "state": secrets.token_urlsafe(16)}
    question |= {"nonce": secrets.token_urlsafe(16), "code_challenge": challenge, "code_challenge_method": "S256"}
    answers = [{"password": password}, {"login": user_name}]
    page = browser.get("/oauth/authorize", params=question)
    for _ in range(MAXIMUM_STEPS):
        if page.is_redirect:
            target = urljoin(str(page.url), page.headers["location"])
            if target.startswith(REDIRECT_URI_OF_TOOLS):
                return _code(target, question["state"])
            page = browser.get(target)
        elif page.is_success and answers:
            page = browser.post(str(page.url), data=answers.pop() | {"csrf_token": _csrf_token(page.text)})
        else:
            break
    raise SignInRefused(f"{user_name} was not signed in: {page.url.path} answered {page.status_code}")


def _code(redirect: str, state: str) -> str:
    answer = {name: values[0] for name, values in parse_qs(urlsplit(redirect).query).items()}
    if answer.get("state") != state or "code" not in answer:
        raise SignInRefused(answer.get("error_description", answer.get("error", "the answer has no code")))
    return answer["code"]


def _csrf_token(page: str) -> str:
    found = HIDDEN_FIELD.search(page)
    if found is None:
        raise SignInRefused("the provider showed a page without a form")
    return html.unescape(found.group(1))


def _access_token(answer: httpx.Response) -> str:
    if not answer.is_success:
        raise SignInRefused(f"no token: {answer.status_code} {answer.text[:200]}")
    return str(answer.json()["access_token"])

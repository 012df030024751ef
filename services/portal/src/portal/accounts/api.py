"""Signing in and out, language and theme."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from common.logging import get_logger
from portal.accounts.queries import collect_own_data, list_own_contacts
from portal.asking import part
from portal.booking.queries import list_own_households
from portal.browser_sessions import SESSION_COOKIE, SIGN_IN_COOKIE, SIGN_IN_SECONDS
from portal.directory.queries import list_posts
from portal.languages import LANGUAGES
from portal.pages import go, show
from portal.protection import read_form
from portal.sign_in import ProviderAway, SignInFailed
from portal.visits import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Reception, SignedForm, Visit

logger = get_logger(__name__)
router = APIRouter()
YEAR_SECONDS = 31_536_000
LANDING = "/welcome"


def local_path(text: str) -> str:
    """The text when it is an address of this portal, else the start page: nobody is led elsewhere."""
    parts = urlsplit(text)
    is_local = not parts.scheme and not parts.netloc and text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if is_local and text.isprintable() else "/"


def without_language(path: str) -> str:
    """The address without the language that it asks for: what is chosen now holds from now on."""
    path, _, query = path.partition("?")
    kept = urlencode([(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "language"])
    return f"{path}?{kept}" if kept else path


@router.get("/sign-in")
async def sign_in(request: Request, visitor: Visit) -> Response:
    """Send the browser to the provider."""
    reception: Reception = request.app.state.reception
    asked = request.query_params.get("return_to")
    return_to = local_path(asked) if asked else LANDING
    if visitor.session is not None:
        return go(return_to)
    cookie, started = reception.sessions.begin_sign_in(return_to, f"{visitor.address}/signed-in")
    try:
        url = await reception.provider.authorization_url(started, visitor.language)
    except ProviderAway:
        return await show(visitor, "accounts/provider_away.html")
    response = RedirectResponse(url, 303)
    _set_cookie(response, SIGN_IN_COOKIE, cookie, int(SIGN_IN_SECONDS))
    return response


@router.get("/signed-in")
async def finish_sign_in(request: Request, visitor: Visit) -> Response:
    """Back from the provider with a code."""
    reception: Reception = request.app.state.reception
    started = reception.sessions.take_sign_in(request.cookies.get(SIGN_IN_COOKIE))
    if started is None:
        return await show(visitor, "accounts/sign_in_failed.html", status=400)
    try:
        claims, tokens = await reception.provider.exchange(started, dict(request.query_params))
    except ProviderAway:
        return await show(visitor, "accounts/provider_away.html")
    except SignInFailed as error:
        logger.warning("a sign-in failed", reason=str(error))
        return await show(visitor, "accounts/sign_in_failed.html", status=400)
    if visitor.session is not None:
        reception.sessions.close(visitor.session)
    session = reception.sessions.open(claims.subject, claims.given_name, claims.display_name, tokens)
    response = go(started.return_to)
    _set_cookie(response, SESSION_COOKIE, session.name)
    response.delete_cookie(SIGN_IN_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


@router.get("/welcome")
async def welcome(visitor: Visit) -> Response:
    """Where somebody lands who signed in from nowhere in particular."""
    _ = visitor.person
    posts = await part(list_posts(visitor), [])
    for post in posts.value:
        if post.organisation.kind == "association" and post.is_field_staff:
            return go(f"/manage/{post.organisation.slug}")
        if post.organisation.kind == "association" and post.reads_money:
            return go(f"/manage/{post.organisation.slug}/budgets")
    if any("federation_admin" in post.roles for post in posts.value):
        return go("/federation")
    return go("/" if posts.value else "/household")


@router.post("/sign-out")
async def sign_out(request: Request, visitor: Visit, _form: SignedForm) -> Response:
    """Forget the session here, then end it at the provider."""
    reception: Reception = request.app.state.reception
    session = visitor.person
    reception.sessions.close(session)
    target = f"{visitor.address}/signed-out"
    try:
        target = await reception.provider.sign_out_url(session.tokens.id_token, target) or target
    except ProviderAway:
        logger.warning("the provider did not hear of a sign-out")
    response = RedirectResponse(target, 303)
    response.delete_cookie(SESSION_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


@router.get("/signed-out")
async def signed_out(visitor: Visit) -> HTMLResponse:
    """Says that it is done."""
    return await show(visitor, "accounts/signed_out.html")


@router.post("/preferences")
async def choose(request: Request) -> Response:
    """Remember the language and the theme in this browser; a form of another site is refused before it comes here."""
    form = await read_form(request)
    response = go(without_language(local_path(form.get("return_to", "/"))))
    if form.get("language") in LANGUAGES:
        _set_cookie(response, LANGUAGE_COOKIE, form.get("language"), YEAR_SECONDS)
    if form.get("theme") in THEMES:
        _set_cookie(response, THEME_COOKIE, form.get("theme"), YEAR_SECONDS)
    return response


@router.get("/account")
async def show_account(visitor: Visit) -> HTMLResponse:
    """Who is signed in, where they are told things, and what they can do about it."""
    _ = visitor.person
    households = await part(list_own_households(visitor), [])
    contacts = await part(list_own_contacts(visitor), [])
    posts = await part(list_posts(visitor), [])
    return await show(visitor, "accounts/account.html", households=households, contacts=contacts, own_posts=posts.value)


@router.get("/account/data.json")
async def send_own_data(visitor: Visit) -> JSONResponse:
    """What the platform knows of the visitor, to keep or to take elsewhere."""
    headers = {"Content-Disposition": 'attachment; filename="maillage.json"'}
    return JSONResponse(await collect_own_data(visitor), headers=headers)


@router.get("/accessibility")
async def show_accessibility(visitor: Visit) -> HTMLResponse:
    """What was done so that everybody can use these pages, and what to do when it was not enough."""
    return await show(visitor, "accounts/accessibility.html")


def _set_cookie(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")

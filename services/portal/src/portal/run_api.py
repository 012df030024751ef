"""HTTP in: the pages of every feature, behind the portal's protection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from common import health
from common.logging import get_logger
from common.pacing import Pace, RateLimit
from common.running import main, run_all, serve
from portal.accounts import api as accounts
from portal.agenda import api as agenda
from portal.agreements import api as agreements
from portal.asking import Refused, Services, SignInAgain, Unavailable
from portal.attendance import api as attendance
from portal.attestations import api as attestations
from portal.availability import api as availability
from portal.booking import api as booking
from portal.browser_sessions import SESSION_COOKIE, BrowserSessions
from portal.budgets import api as budgets
from portal.consents import api as consents
from portal.contacts import api as contacts
from portal.documents import api as documents
from portal.duties import api as duties
from portal.embed import api as embed
from portal.erasures import api as erasures
from portal.families import api as families
from portal.federation import api as federation
from portal.feeds import api as feeds
from portal.guests import api as guests
from portal.hours import api as hours
from portal.household import api as household
from portal.incidents import api as incidents
from portal.inventory import api as inventory
from portal.keys import api as keys
from portal.languages import choose_language, translate, use_language
from portal.leases import api as leases
from portal.live import LiveSessions
from portal.logos import api as logos
from portal.meetings import api as meetings
from portal.members import api as members
from portal.messages import api as messages
from portal.openings import api as openings
from portal.operations import api as operations
from portal.pages import STATIC, asset, go, show
from portal.passports import api as passports
from portal.paying import api as paying
from portal.people import api as people
from portal.photos import api as photos
from portal.planning import api as planning
from portal.profile import api as profile
from portal.programmes import api as programmes
from portal.protection import SAFE_METHODS, Protected
from portal.recruitment import api as recruitment
from portal.resources import api as resources
from portal.roster import api as roster
from portal.rota import api as rota
from portal.safety import api as safety
from portal.scheduling import api as scheduling
from portal.sessions import api as sessions
from portal.settings import Settings
from portal.settlements import api as settlements
from portal.share import api as share
from portal.share_rules import api as share_rules
from portal.shifts import api as shifts
from portal.sign_in import Provider
from portal.subscriptions import api as subscriptions
from portal.today import api as today
from portal.training import api as training
from portal.visits import Reception, SignInNeeded, visitor_of

logger = get_logger(__name__)
FEATURES: tuple[ModuleType, ...] = (
    agenda, feeds, share, embed, sessions, booking, guests, paying, household, today, planning, scheduling,
    programmes, roster, attendance, safety, openings, incidents, rota, duties, people, documents, recruitment, training,
    shifts, subscriptions, hours, availability, passports, resources, inventory, photos, keys, leases, agreements,
    meetings, budgets, share_rules, settlements, members, profile, logos, federation, operations, messages, erasures,
    consents, contacts, attestations, families, accounts,
)  # fmt: skip
COMPRESSED_BYTES_MIN = 1_000


class BuiltFiles(StaticFiles):
    """Style sheets, scripts and icons, whose names change with their contents."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        response = super().file_response(*arguments, **options)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if "attendance_worker" in str(arguments[0]):
            response.headers["Service-Worker-Allowed"] = "/manage/"
        return response


def create_reception(settings: Settings, client: httpx.AsyncClient) -> Reception:
    """All that the portal remembers; it asks the services and the provider through one client."""
    return Reception(
        services=Services(settings.service_urls, client, settings.reading_seconds_max),
        sessions=BrowserSessions(settings.session_hours_max, settings.session_idle_minutes_max),
        provider=Provider(settings.token_issuer, settings.client_id, settings.client_secret, client),
        live=LiveSessions(),
        addresses=settings.addresses,
        slugs=settings.slugs,
        guests=Pace(f"{settings.guest_forms_per_hour_max}/hour"),
    )


def create_app(settings: Settings, reception: Reception) -> FastAPI:
    """The application, whose pages are answered out of this reception."""
    asset("main.css")
    app = FastAPI(title="Maillage portal", openapi_url=None, telemetry=None)
    app.state.reception = reception
    app.include_router(health.router)
    for feature in FEATURES:
        app.include_router(feature.router)
    app.mount("/static", BuiltFiles(directory=STATIC), name="static")
    _answer_errors(app)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_BYTES_MIN, compresslevel=6)
    app.add_middleware(RateLimit, requests_per_minute=settings.requests_per_minute_max, prefix="/", refuse=_too_often)
    app.add_middleware(Protected, issuer=settings.token_issuer)
    return app


def _too_often(scope: Scope, seconds: int) -> Response:
    """In the reader's language, and without asking any service."""
    use_language(choose_language(asked=None, chosen=None, accepted=Headers(scope=scope).get("accept-language")))
    text = translate("Too many pages were asked for from your connection. Wait a minute, then try again.")
    return PlainTextResponse(text, 429, headers={"Retry-After": str(seconds)})


def _answer_errors(app: FastAPI) -> None:
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(SignInAgain, _sign_in)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _not_found)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(500, _broken)


async def _sign_in(request: Request, error: Exception) -> Response:
    """To the provider and back to this page; after a form, to the page that the form was on."""
    visitor = await visitor_of(request)
    reception: Reception = request.app.state.reception
    if isinstance(error, SignInAgain) and visitor.session is not None:
        reception.sessions.close(visitor.session)
    path = visitor.path if request.method in SAFE_METHODS else "/"
    response = go(str(httpx.URL("/sign-in", params={"return_to": path})))
    response.delete_cookie(SESSION_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


async def _refused(request: Request, error: Any) -> Response:
    visitor = await visitor_of(request)
    return await show(visitor, "errors/refused.html", status=error.status, problem=error)


async def _unavailable(request: Request, error: Any) -> Response:
    """The page says which part does not answer; the portal itself works, so this is no error of it."""
    logger.warning("a service does not answer", service_asked=error.service, path=request.url.path)
    return await show(await visitor_of(request), "errors/unavailable.html", service=error.service)


async def _not_found(request: Request, _error: Exception) -> Response:
    return await _http_error(request, HTTPException(404))


async def _http_error(request: Request, error: Any) -> Response:
    problem = Refused(error.status_code, "not-found" if error.status_code == 404 else "", "", None)
    return await show(await visitor_of(request), "errors/refused.html", status=error.status_code, problem=problem)


async def _broken(request: Request, _error: Exception) -> Response:
    return await show(await visitor_of(request), "errors/broken.html", status=500)


@asynccontextmanager
async def asking_client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The pool of connections to services and provider."""
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=40)
    async with httpx.AsyncClient(timeout=settings.answer_seconds_max, limits=limits) as client:
        yield client


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve the pages until `stop` is set."""
    async with asking_client(settings) as client:
        reception = create_reception(settings, client)
        serving = serve(create_app(settings, reception), settings, stop)
        following = reception.live.follow(settings.broker_access, stop)
        await run_all([asyncio.create_task(serving), asyncio.create_task(following)], stop)


if __name__ == "__main__":
    main("portal", Settings(), run, serves_http=True)

"""What an association says of itself: its name, languages, colour, account and position; and its sites."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Json, Refused
from portal.directory.domain import Organisation, Post
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.languages import LANGUAGES, translate
from portal.members.queries import get_leader_post
from portal.pages import go, show
from portal.problem_texts import text_of_problem
from portal.profile import use_cases
from portal.profile.domain import (
    FIELDS_OF_PROBLEMS,
    JURISDICTIONS,
    LATITUDE_MAX,
    LONGITUDE_MAX,
    federations_to_join,
    fields_of,
    is_colour,
    languages_of,
    time_zones,
    with_chosen,
)
from portal.profile.queries import get_association_post, get_own_site, get_profile
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()
PROFILE = "/manage/{slug}/profile"
SITES = "/manage/{slug}/sites"
SITE = f"{SITES}/{{site_id}}"
LONG_CHARACTERS_MAX, IBAN_CHARACTERS_MAX, NUMBER_CHARACTERS_MAX = 4_000, 50, 40
VERSION_MAX = 2**31 - 1
NEWS = ("saved", "asked", "joined")


@router.get(PROFILE)
async def show_profile(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """The form with what it says now."""
    news = next((one for one in NEWS if one in request.query_params), "")
    return await _show_profile(visitor, slug, None, None, news)


@router.post(PROFILE)
async def change_profile(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Let it say something else, everywhere at once."""
    post = await get_leader_post(visitor, slug)
    entries = Entries(form)
    changes, version = {**_read(entries), **_read_own(entries)}, entries.number("version", 1, VERSION_MAX)
    if entries.errors or version is None:
        return await _show_profile(visitor, slug, entries, None)
    try:
        await use_cases.change_profile(visitor, post.organisation.id, changes, version)
    except Refused as problem:
        return await _show_profile(visitor, slug, entries, _beside_its_field(entries, problem))
    return go(f"/manage/{slug}/profile?saved")


@router.post(f"{PROFILE}/federation")
async def agree_to_joining(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Agree, for the association, that it joins another federation too."""
    post = await get_leader_post(visitor, slug)
    federation_id = form.get("federation")
    if not is_id(federation_id):
        return go(f"/manage/{slug}/profile")
    try:
        waits_for = await use_cases.agree_to_joining(visitor, post.organisation.id, federation_id)
    except Refused as problem:
        return await _show_profile(visitor, slug, None, problem)
    return go(f"/manage/{slug}/profile?{'asked' if waits_for else 'joined'}")


@router.get(SITES)
async def show_sites(slug: str, visitor: Visit) -> HTMLResponse:
    """Where the association is at home, and where it was."""
    post = await get_association_post(visitor, slug)
    directory = await get_directory(visitor.asking)
    sites = [one for one in directory.by_id.values() if one.parent_id == post.organisation.id]
    return await show(
        visitor,
        "profile/sites.html",
        association=post.organisation,
        post=post,
        sites=sorted(sites, key=lambda one: (one.is_ended, one.name.casefold())),
    )


@router.get("/manage/{slug}/new-site")
async def show_new_site(slug: str, visitor: Visit) -> HTMLResponse:
    """The form, with what is as it is at the association."""
    return await _show_site(visitor, slug, None, None, None)


@router.post(SITES)
async def open_site(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Open another site, once."""
    post = await get_association_post(visitor, slug)
    entries = Entries(form)
    site = _read(entries)
    if entries.errors:
        return await _show_site(visitor, slug, None, entries, None)
    try:
        await use_cases.open_site(visitor, post, site, form.get("key"))
    except Refused as problem:
        return await _show_site(visitor, slug, None, entries, _beside_its_field(entries, problem))
    return go(f"/manage/{slug}/sites")


@router.get(SITE)
async def show_site(slug: str, site_id: UUID, visitor: Visit) -> HTMLResponse:
    """The form with what the site says now, and how to end it."""
    return await _show_site(visitor, slug, str(site_id), None, None)


@router.post(SITE)
async def change_site(slug: str, site_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Say something else of a site."""
    post = await get_association_post(visitor, slug)
    site = await get_own_site(visitor, post, str(site_id))
    entries = Entries(form)
    changes, version = _read(entries), entries.number("version", 1, VERSION_MAX)
    if entries.errors or version is None:
        return await _show_site(visitor, slug, site.id, entries, None)
    try:
        await use_cases.change_profile(visitor, site.id, changes, version)
    except Refused as problem:
        return await _show_site(visitor, slug, site.id, entries, _beside_its_field(entries, problem))
    return go(f"/manage/{slug}/sites")


@router.post(f"{SITE}/end")
async def end_site(slug: str, site_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """End a site for good."""
    post = await get_association_post(visitor, slug)
    site = await get_own_site(visitor, post, str(site_id))
    try:
        await use_cases.end_site(visitor, site.id)
    except Refused as problem:
        return await _show_site(visitor, slug, site.id, None, problem)
    return go(f"/manage/{slug}/sites")


def _read(entries: Entries) -> Json:
    """What associations and sites both say, as the partners service takes it."""
    latitude, longitude = entries.degrees("latitude", LATITUDE_MAX), entries.degrees("longitude", LONGITUDE_MAX)
    missing = "longitude" if longitude is None else "latitude"
    if (latitude is None) != (longitude is None) and not entries.form.get(missing).strip():
        entries.refuse(missing, translate("Give both the latitude and the longitude, or neither."))
    others = [language for language in LANGUAGES if entries.form.get(f"also-{language}")]
    return {
        "name": entries.text("name"),
        "languages": languages_of(entries.choice("language", LANGUAGES), others),
        "address": entries.text("address", required=False, characters_max=LONG_CHARACTERS_MAX),
        "accessibility": entries.text("accessibility", required=False, characters_max=LONG_CHARACTERS_MAX),
        "time_zone": entries.text("time_zone"),
        "jurisdiction": entries.text("jurisdiction"),
        "latitude": latitude,
        "longitude": longitude,
    }


def _read_own(entries: Entries) -> Json:
    """What only who has members says."""
    colour = entries.text("colour", required=False).lower()
    if colour and not is_colour(colour):
        entries.refuse("colour", translate("Choose one."))
    return {
        "colour": colour,
        "enterprise_number": entries.text("enterprise_number", required=False, characters_max=NUMBER_CHARACTERS_MAX),
        "iban": entries.text("iban", required=False, characters_max=IBAN_CHARACTERS_MAX),
    }


def _beside_its_field(entries: Entries, problem: Refused) -> Refused | None:
    """None once it is noted beside the field that it is about."""
    field = FIELDS_OF_PROBLEMS.get(problem.slug)
    if field is None:
        return problem
    entries.refuse(field, text_of_problem(problem))
    return None


async def _show_profile(
    visitor: Visitor, slug: str, entries: Entries | None, problem: Refused | None, news: str = ""
) -> HTMLResponse:
    post = await get_leader_post(visitor, slug)
    values = dict(entries.form.fields) if entries else await _values(visitor, post.organisation)
    federations = federations_to_join(await get_directory(visitor.asking), post.organisation)
    facts = {"news": news, "federations": federations}
    return await _show_form(visitor, "profile/profile.html", post, values, entries, problem, **facts)


async def _show_site(
    visitor: Visitor, slug: str, site_id: str | None, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_association_post(visitor, slug)
    site = await get_own_site(visitor, post, site_id) if site_id else None
    values = dict(entries.form.fields) if entries else await _values(visitor, site or post.organisation)
    if site is None and entries is None:
        values |= {"name": "", "latitude": "", "longitude": "", "address": "", "accessibility": ""}
    return await _show_form(visitor, "profile/site.html", post, values, entries, problem, site=site)


async def _values(visitor: Visitor, organisation: Organisation) -> dict[str, str]:
    return fields_of(await get_profile(visitor, organisation.id), organisation.colour)


async def _show_form(
    visitor: Visitor,
    template: str,
    post: Post,
    values: Mapping[str, str],
    entries: Entries | None,
    problem: Refused | None,
    **facts: object,
) -> HTMLResponse:
    return await show(
        visitor,
        template,
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation if post.organisation.kind == "association" else None,
        organisation=post.organisation,
        post=post,
        values=values,
        errors=entries.errors if entries else {},
        problem=problem,
        jurisdictions=with_chosen(JURISDICTIONS, values.get("jurisdiction", "")),
        zones=with_chosen(time_zones(), values.get("time_zone", "")),
        key=str(new_id()),
        **facts,
    )

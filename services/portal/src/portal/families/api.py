"""The families of an association: found by name, with their people, contacts and consents."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Refused
from portal.consents import use_cases as consents
from portal.directory.domain import Post
from portal.families import queries
from portal.families.domain import Family
from portal.pages import go, show
from portal.protection import Form
from portal.roster.queries import get_runner_post
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()
FAMILY = "/manage/{slug}/families/{household_id}"
SINGLE = "/manage/{slug}/participants/{participant_id}"


@router.get("/manage/{slug}/families")
async def find_families(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """Families and people without one, by name."""
    post = await get_runner_post(visitor, slug)
    name = request.query_params.get("name", "").strip()[:100]
    households, people = await queries.list_families(visitor, post, name) if name else ([], [])
    return await show(
        visitor,
        "families/families.html",
        association=post.organisation,
        name=name,
        households=households,
        people=people,
    )


@router.get(FAMILY)
async def show_family(slug: str, household_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """One household."""
    post = await get_runner_post(visitor, slug)
    family = await queries.get_family(visitor, post, str(household_id))
    return await _show(visitor, post, family, is_saved="saved" in request.query_params)


@router.post(f"{FAMILY}/consents")
async def write_consents(slug: str, household_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Write down what a household has signed."""
    post = await get_runner_post(visitor, slug)
    return await _write(visitor, post, await queries.get_family(visitor, post, str(household_id)), form)


@router.get(SINGLE)
async def show_single(slug: str, participant_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """Somebody without a household."""
    post = await get_runner_post(visitor, slug)
    family = await queries.get_single(visitor, post, str(participant_id))
    return await _show(visitor, post, family, is_saved="saved" in request.query_params)


@router.post(f"{SINGLE}/consents")
async def write_consents_of_single(slug: str, participant_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Write down what somebody without a household has signed."""
    post = await get_runner_post(visitor, slug)
    return await _write(visitor, post, await queries.get_single(visitor, post, str(participant_id)), form)


async def _write(visitor: Visitor, post: Post, family: Family, form: Form) -> Response:
    key = form.get("key")
    try:
        await consents.answer(visitor, family.sheets, form.fields, key if is_id(key) else str(new_id()))
    except Refused as problem:
        return await _show(visitor, post, family, problem=problem)
    return go(f"/manage/{post.organisation.slug}/{family.path}?saved")


async def _show(
    visitor: Visitor, post: Post, family: Family, *, is_saved: bool = False, problem: Refused | None = None
) -> HTMLResponse:
    return await show(
        visitor,
        "families/family.html",
        status=problem.status if problem else 200,
        association=post.organisation,
        post=post,
        family=family,
        is_saved=is_saved,
        problem=problem,
        key=str(new_id()),
    )

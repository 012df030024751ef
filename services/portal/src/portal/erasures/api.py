"""Being erased: asked for one association after the other, and followed on a receipt that needs no account."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, Response

from portal.asking import Refused
from portal.directory.domain import Post
from portal.directory.queries import get_directory
from portal.erasures import use_cases
from portal.erasures.queries import get_name, get_receipt, list_erasures, list_keepers
from portal.pages import go, show
from portal.planning.queries import get_planner_post
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
STAFF = "/manage/{slug}/erasures"
Subject = Literal["household", "participant", "worker"]
Code = Annotated[str, Path(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/account/erasure")
async def show_keepers(visitor: Visit) -> HTMLResponse:
    """Which associations keep something, and what erasing it means."""
    return await _show_keepers(visitor)


@router.post("/account/erasure")
async def erase(visitor: Visit, form: SignedForm) -> Response:
    """Have what one association keeps erased, by somebody who has ticked that it cannot be undone."""
    organisation_id = form.get("organisation")
    if organisation_id not in {one.id for one in await list_keepers(visitor)}:
        raise Refused(404, "not-found", "This association keeps nothing", None)
    if form.get("understood") != "yes":
        return await _show_keepers(visitor, unticked=organisation_id)
    try:
        code = await use_cases.ask_for_own_erasure(visitor, organisation_id, secrets.token_hex(16))
    except Refused as problem:
        return await _show_keepers(visitor, problem=problem)
    return go(f"/erasures/{code}")


@router.get("/erasures/{code}")
async def show_receipt(code: Code, visitor: Visit) -> HTMLResponse:
    """How far an erasure has come, what is gone and what is kept."""
    receipt = await get_receipt(visitor, code)
    directory = await get_directory(visitor.asking)
    return await show(visitor, "erasures/receipt.html", receipt=receipt, directory=directory)


@router.get(STAFF)
async def show_erasures(slug: str, visitor: Visit) -> HTMLResponse:
    """What the association has erased, with the receipts; it names nobody."""
    post = await get_planner_post(visitor, slug)
    erasures = await list_erasures(visitor, post)
    return await show(visitor, "erasures/erasures.html", association=post.organisation, erasures=erasures)


@router.get(f"{STAFF}/{{subject}}/{{subject_id}}")
async def ask_whether(slug: str, subject: Subject, subject_id: UUID, visitor: Visit) -> HTMLResponse:
    """What erasing somebody means, before it is asked for."""
    return await _show_whether(visitor, await get_planner_post(visitor, slug), subject, str(subject_id))


@router.post(f"{STAFF}/{{subject}}/{{subject_id}}")
async def erase_somebody(slug: str, subject: Subject, subject_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Have somebody of the association erased, by a planner who has ticked that it cannot be undone."""
    post = await get_planner_post(visitor, slug)
    if form.get("understood") != "yes":
        return await _show_whether(visitor, post, subject, str(subject_id), is_unticked=True)
    try:
        code = await use_cases.ask_for_erasure(
            visitor, post.organisation.id, subject, str(subject_id), form.get("key") or secrets.token_hex(16)
        )
    except Refused as problem:
        return await _show_whether(visitor, post, subject, str(subject_id), problem=problem)
    return go(f"/erasures/{code}")


async def _show_whether(
    visitor: Visitor,
    post: Post,
    subject: str,
    subject_id: str,
    *,
    is_unticked: bool = False,
    problem: Refused | None = None,
) -> HTMLResponse:
    return await show(
        visitor,
        "erasures/whether.html",
        status=problem.status if problem else 422 if is_unticked else 200,
        association=post.organisation,
        subject=subject,
        subject_id=subject_id,
        name=await get_name(visitor, post, subject, subject_id),
        is_unticked=is_unticked,
        problem=problem,
        key=secrets.token_hex(16),
    )


async def _show_keepers(visitor: Visitor, unticked: str = "", problem: Refused | None = None) -> HTMLResponse:
    _ = visitor.person
    status = problem.status if problem else 422 if unticked else 200
    keepers = await list_keepers(visitor)
    return await show(
        visitor, "erasures/keepers.html", status=status, keepers=keepers, unticked=unticked, problem=problem
    )

"""On which terms premises are rented or let, and until when notice is in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Refused
from portal.entries import Entries
from portal.languages import translate
from portal.leases import queries, use_cases
from portal.leases.domain import RENT_PERIODS, SIDES, fields_of
from portal.pages import go, show
from portal.planning.queries import get_planner_post
from portal.resources.queries import get_own_resource
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/resources/{resource_id}/leases"
VERSION_MAX = 999_999_999


@router.get(BASE)
async def show_leases(slug: str, resource_id: UUID, visitor: Visit) -> HTMLResponse:
    """The leases so far, and the form for another one."""
    values = {"side": "tenant", "notice_months": "3", "rent_period": "month"}
    return await _show_leases(visitor, slug, str(resource_id), None, values, {}, None)


@router.post(BASE)
async def write(slug: str, resource_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Write a lease down, once."""
    entries = Entries(form)
    body = _read(entries)
    if entries.errors:
        return await _show_leases(visitor, slug, str(resource_id), None, dict(form.fields), entries.errors, None)
    try:
        await use_cases.write_lease(visitor, str(resource_id), body, form.get("key"))
    except Refused as problem:
        return await _show_leases(visitor, slug, str(resource_id), None, dict(form.fields), {}, problem)
    return go(f"/manage/{slug}/resources/{resource_id}/leases")


@router.get(f"{BASE}/{{lease_id}}")
async def show_lease(slug: str, resource_id: UUID, lease_id: UUID, visitor: Visit) -> HTMLResponse:
    """The form with what is written so far."""
    lease = await queries.get_lease(visitor, str(resource_id), str(lease_id))
    return await _show_leases(visitor, slug, str(resource_id), lease["id"], fields_of(lease), {}, None)


@router.post(f"{BASE}/{{lease_id}}")
async def rewrite(slug: str, resource_id: UUID, lease_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Change a lease, or end it by its last day."""
    entries, here = Entries(form), (slug, str(resource_id), str(lease_id))
    body, version = _read(entries), entries.number("version", 1, VERSION_MAX)
    if entries.errors or version is None:
        return await _show_leases(visitor, *here, dict(form.fields), entries.errors, None)
    try:
        await use_cases.rewrite_lease(visitor, str(lease_id), body, version)
    except Refused as problem:
        return await _show_leases(visitor, *here, dict(form.fields), {}, problem)
    return go(f"/manage/{slug}/resources/{resource_id}/leases")


def _read(entries: Entries) -> dict[str, Any]:
    """A lease as the partners service takes it."""
    starts_on = entries.day("starts_on")
    ends_on = entries.day("ends_on") if entries.form.get("ends_on") else None
    if starts_on and ends_on and ends_on < starts_on:
        entries.refuse("ends_on", translate("The last day lies before the first."))
    return {
        "side": entries.choice("side", SIDES),
        "other_side": entries.text("other_side"),
        "reference": entries.text("reference", required=False),
        "starts_on": str(starts_on),
        "ends_on": ends_on.isoformat() if ends_on else None,
        "notice_months": entries.number("notice_months", 0, 120, otherwise=0),
        "rent_minor": entries.amount_minor("rent") or 0,
        "rent_period": entries.choice("rent_period", RENT_PERIODS),
        "deposit_minor": entries.amount_minor("deposit") or 0,
    }


async def _show_leases(
    visitor: Visitor,
    slug: str,
    resource_id: str,
    lease_id: str | None,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    problem: Refused | None,
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    resource = await get_own_resource(visitor, post, resource_id)
    return await show(
        visitor,
        "leases/leases.html",
        status=problem.status if problem else 422 if errors else 200,
        association=post.organisation,
        resource=resource,
        leases=await queries.list_leases(visitor, resource_id),
        lease_id=lease_id,
        read_day=date.fromisoformat,
        values=values,
        errors=errors,
        problem=problem,
        key=str(new_id()),
    )

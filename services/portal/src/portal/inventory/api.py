"""What an association has: a page for each room, vehicle or piece of equipment, and the form to change it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Refused, part
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.exporting import Kind, send_list
from portal.inventory import queries, use_cases
from portal.inventory.domain import (
    APPROVALS,
    CLOSURE_KINDS,
    KINDS,
    PAPER_KINDS,
    QUOTA_PERIODS,
    WEEKDAYS,
    expired,
    fields_of,
    opening_hours_of,
    text_of_hours,
    to_come,
)
from portal.languages import translate
from portal.pages import go, show, word
from portal.photos.queries import list_photos
from portal.planning.queries import get_planner_post
from portal.resources.queries import get_own_resource, get_resource, list_resources
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()
BASE = "/manage/{slug}/resources"
HERE = f"{BASE}/{{resource_id}}"
DESCRIPTION_CHARACTERS_MAX, VERSION_MAX = 4_000, 999_999_999
A_WEEK = [date(2024, 1, 1 + day) for day in WEEKDAYS]
"""Some Monday and the days after it, for their names."""


@router.get("/manage/{slug}/new-resource")
async def show_new(slug: str, visitor: Visit) -> HTMLResponse:
    """The empty form."""
    values = {"kind": "room", "quantity": "1", "set_up_minutes": "0", "clean_up_minutes": "0", "approval": "automatic"}
    return await _show_form(visitor, slug, None, values, {}, None)


@router.get(f"{BASE}.{{kind}}")
async def send_inventory(slug: str, kind: Kind, visitor: Visit) -> Response:
    """The association's own rooms, vehicles and equipment as a file."""
    post = await get_planner_post(visitor, slug)
    found, directory = await asyncio.gather(list_resources(visitor), get_directory(visitor.asking))
    own = [one for one in found if one["organisation_id"] == post.organisation.id]
    headings = [
        translate("Name"), translate("Kind"), translate("Place"), translate("How many"), translate("Capacity"),
        translate("Lent to others"), translate("Price for an hour"), translate("Currency"),
    ]  # fmt: skip
    rows = [
        (
            one["name"], word("inventory/words.html", "kind_name", one["kind"]), directory.name_of(one["site_id"]),
            one["quantity"], one["capacity"], translate("Yes") if one["pooled"] else translate("No"),
            (one["price_per_hour_minor"] or 0) / 100, one["currency"],
        )
        for one in sorted(own, key=lambda one: (one["kind"], str(one["name"]).casefold()))
    ]  # fmt: skip
    return send_list(kind, f"inventory-{slug}", headings, rows)


@router.post(BASE)
async def enter(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Enter something, once."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    site = form.get("site")
    body = {
        "organisation_id": post.organisation.id, "kind": entries.choice("kind", KINDS), **_read(entries),
        "site_id": site if is_id(site) else None,
    }  # fmt: skip
    if entries.errors:
        return await _show_form(visitor, slug, None, dict(form.fields), entries.errors, None)
    try:
        entered = await use_cases.enter_resource(visitor, body, form.get("key"))
    except Refused as problem:
        return await _show_form(visitor, slug, None, dict(form.fields), {}, problem)
    return go(f"/manage/{slug}/resources/{entered}")


@router.get(HERE)
async def show_resource(slug: str, resource_id: UUID, visitor: Visit) -> HTMLResponse:
    """What is known of it; papers, closures and the rest for those who plan at its owner's."""
    return await _show_resource(visitor, slug, str(resource_id))


@router.get(f"{HERE}/edit")
async def show_edit(slug: str, resource_id: UUID, visitor: Visit) -> HTMLResponse:
    """The form with what is said so far."""
    post = await get_planner_post(visitor, slug)
    resource = await get_own_resource(visitor, post, str(resource_id))
    return await _show_form(visitor, slug, resource["id"], fields_of(resource), {}, None)


@router.post(f"{HERE}/edit")
async def change(slug: str, resource_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Change what is said; what is reserved stays."""
    post = await get_planner_post(visitor, slug)
    resource = await get_own_resource(visitor, post, str(resource_id))
    entries = Entries(form)
    body, version = _read(entries), entries.number("version", 1, VERSION_MAX)
    if entries.errors or version is None:
        return await _show_form(visitor, slug, resource["id"], dict(form.fields), entries.errors, None)
    try:
        await use_cases.change_resource(visitor, resource["id"], body, version)
    except Refused as problem:
        return await _show_form(visitor, slug, resource["id"], dict(form.fields), {}, problem)
    return go(f"/manage/{slug}/resources/{resource_id}")


@router.post(f"{HERE}/end")
async def end(slug: str, resource_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Take it out of service when nobody has it reserved any more."""
    try:
        await use_cases.end_resource(visitor, str(resource_id))
    except Refused as problem:
        return await _show_resource(visitor, slug, str(resource_id), problem=problem)
    return go(f"/manage/{slug}/resources")


@router.post(f"{HERE}/papers")
async def add_paper(slug: str, resource_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Record an approval or inspection, once."""
    entries = Entries(form)
    issued_on, expires_on = entries.day("issued_on"), entries.day("expires_on")
    if issued_on and expires_on and expires_on < issued_on:
        entries.refuse("expires_on", translate("The last day lies before the first."))
    body = {
        "kind": entries.choice("kind", PAPER_KINDS), "issuer": entries.text("issuer"),
        "reference": entries.text("reference", required=False),
        "issued_on": str(issued_on), "expires_on": str(expires_on),
    }  # fmt: skip
    if entries.errors:
        return await _show_resource(visitor, slug, str(resource_id), entries)
    try:
        await use_cases.add_paper(visitor, str(resource_id), body, form.get("key"))
    except Refused as problem:
        return await _show_resource(visitor, slug, str(resource_id), entries, problem)
    return go(f"/manage/{slug}/resources/{resource_id}")


@router.post(f"{HERE}/closures")
async def close(slug: str, resource_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Close it for a time in which nobody has it."""
    post = await get_planner_post(visitor, slug)
    resource = await get_own_resource(visitor, post, str(resource_id))
    entries, zone = Entries(form), ZoneInfo(resource["time_zone"])
    moments: dict[str, str] = {}
    for name in ("starts", "ends"):
        day, clock = entries.day(f"{name}_on"), entries.clock_time(f"{name}_at")
        moments[f"{name}_at"] = datetime.combine(day, clock, zone).isoformat() if day and clock is not None else ""
    body = {"kind": entries.choice("closure", CLOSURE_KINDS), "reason": entries.text("reason"), **moments}
    if entries.errors:
        return await _show_resource(visitor, slug, str(resource_id), entries)
    try:
        await use_cases.close_resource(visitor, str(resource_id), body, form.get("key"))
    except Refused as problem:
        return await _show_resource(visitor, slug, str(resource_id), entries, problem)
    return go(f"/manage/{slug}/resources/{resource_id}")


@router.post(f"{HERE}/closures/{{closure_id}}/reopening")
async def reopen(slug: str, resource_id: UUID, closure_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Take a closure back."""
    try:
        await use_cases.reopen(visitor, str(closure_id))
    except Refused as problem:
        return await _show_resource(visitor, slug, str(resource_id), problem=problem)
    return go(f"/manage/{slug}/resources/{resource_id}")


@router.post(f"{HERE}/calendar-address")
async def settle_calendar_address(slug: str, resource_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Make a secret address for calendar programs, which is shown this once, or withdraw it."""
    try:
        if form.get("act") == "withdraw":
            await use_cases.withdraw_calendar_address(visitor, str(resource_id))
            return go(f"/manage/{slug}/resources/{resource_id}")
        address = await use_cases.make_calendar_address(visitor, str(resource_id))
    except Refused as problem:
        return await _show_resource(visitor, slug, str(resource_id), problem=problem)
    return await _show_resource(visitor, slug, str(resource_id), calendar_address=address)


def _read(entries: Entries) -> dict[str, Any]:
    """A resource as the partners service takes it, without its kind, its site and its owner."""
    form, hours = entries.form, []
    for day in WEEKDAYS:
        opened = opening_hours_of(form.get(f"hours-{day}"), day)
        if opened is None:
            entries.refuse(f"hours-{day}", translate("Enter hours such as 8:30-12:00, 13:30-18:00."))
        hours += opened or []
    quota_hours, period = entries.number_or_none("quota_hours", 1, 8_784), form.get("quota_period")
    if (quota_hours is None) == (period in QUOTA_PERIODS):
        entries.refuse("quota_hours", translate("Give the hours and the period, or neither."))
    return {
        "name": entries.text("name"),
        "description": entries.text("description", required=False, characters_max=DESCRIPTION_CHARACTERS_MAX),
        "capacity": entries.number_or_none("capacity", 1, 100_000),
        "accessibility": [one for word in form.get("accessibility").split(",") if (one := word.strip()[:100])][:20],
        "opening_hours": hours,
        "quantity": entries.number("quantity", 1, 10_000),
        "set_up_minutes": entries.number("set_up_minutes", 0, 1_440, otherwise=0),
        "clean_up_minutes": entries.number("clean_up_minutes", 0, 1_440, otherwise=0),
        "price_per_hour_minor": entries.amount_minor("price") or 0,
        "pooled": form.get("pooled") == "on",
        "approval": entries.choice("approval", APPROVALS),
        "owner_notice_days": entries.number_or_none("owner_notice_days", 0, 365),
        "quota_hours": quota_hours,
        "quota_period": period if period in QUOTA_PERIODS else None,
    }


async def _show_resource(
    visitor: Visitor,
    slug: str,
    resource_id: str,
    entries: Entries | None = None,
    problem: Refused | None = None,
    calendar_address: str | None = None,
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    resource = await get_resource(visitor, resource_id)
    is_own = resource["organisation_id"] == post.organisation.id
    moment = now()
    today = moment.astimezone(ZoneInfo(resource["time_zone"])).date()
    papers, photos, directory = await asyncio.gather(
        queries.list_papers(visitor, resource_id), list_photos(visitor, resource_id), get_directory(visitor.asking)
    )
    closures, has_address = (
        await asyncio.gather(
            queries.list_closures(visitor, resource_id), queries.has_calendar_address(visitor, resource_id)
        )
        if is_own
        else ([], False)
    )
    fresh = {"kind": PAPER_KINDS[0], "closure": CLOSURE_KINDS[0], "issued_on": today.isoformat()}
    fresh |= {"starts_at": time(8).isoformat("minutes"), "ends_at": time(18).isoformat("minutes")}
    return await show(
        visitor,
        "inventory/resource.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        resource=resource,
        is_own=is_own,
        hours=[text_of_hours(resource["opening_hours"], day) for day in WEEKDAYS],
        weekdays=A_WEEK,
        papers=papers,
        expired=expired(papers, today),
        closures=[
            {**one, **{name: _local(one[name], resource["time_zone"]) for name in ("starts_at", "ends_at")}}
            for one in to_come(closures, moment)
        ],
        photos=photos,
        has_address=has_address,
        calendar_address=calendar_address,
        paper_kinds=PAPER_KINDS,
        read_day=date.fromisoformat,
        values=dict(entries.form.fields) if entries else fresh,
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
        directory=directory,
    )


def _local(moment: str, zone: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))


async def _show_form(
    visitor: Visitor,
    slug: str,
    resource_id: str | None,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    problem: Refused | None,
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    directory = await part(get_directory(visitor.asking), None)
    found = directory.value.by_id.values() if directory.value else ()
    own = [one for one in found if one.kind == "site" and one.parent_id == post.organisation.id and not one.is_ended]
    return await show(
        visitor,
        "inventory/form.html",
        status=problem.status if problem else 422 if errors else 200,
        association=post.organisation,
        resource_id=resource_id,
        sites=sorted(own, key=lambda one: one.name.casefold()),
        weekdays=A_WEEK,
        values=values,
        errors=errors,
        problem=problem,
        key=str(new_id()),
    )

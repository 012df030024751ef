"""Agreements: what each side brings, who has signed, and what runs out soon; for those who plan."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.agreements import use_cases
from portal.agreements.domain import (
    CONTRIBUTION_KINDS,
    CONTRIBUTIONS_MAX,
    agreement_of,
    fields_of,
    may_sign,
    places_for_contributions,
    unsigned_sides,
)
from portal.agreements.queries import get_own_agreement, list_agreements, list_sessions_under
from portal.asking import Refused, part
from portal.directory.queries import get_details, get_directory
from portal.entries import Entries
from portal.exporting import Kind, send_list
from portal.home_clock import home_today
from portal.languages import translate
from portal.pages import go, show, word
from portal.planning.queries import get_planner_post
from portal.resources.queries import list_citable, list_citing
from portal.roster.queries import find_cited, get_own_session
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/agreements"
SESSION = "/manage/{slug}/sessions/{session_id}/agreement"
SCOPE_CHARACTERS_MAX = 4_000
NOTICE_DAYS_MAX = 730


@router.get(f"{BASE}.{{kind}}")
async def send_agreements(slug: str, kind: Kind, visitor: Visit) -> Response:
    """The same as a file."""
    post = await get_planner_post(visitor, slug)
    agreements, directory = await asyncio.gather(
        list_agreements(visitor, post, home_today()), get_directory(visitor.asking)
    )
    headings = [
        translate("Title"),
        translate("Sides"),
        translate("State"),
        translate("First day"),
        translate("Last day"),
    ]
    rows = [
        (
            one.title,
            ", ".join(directory.name_of(side) for side in one.side_ids),
            word("agreements/words.html", "state_name", one),
            one.starts_on,
            one.ends_on,
        )
        for one in agreements
    ]
    return send_list(kind, f"agreements-{slug}", headings, rows)


@router.get(BASE)
async def show_agreements(slug: str, visitor: Visit) -> HTMLResponse:
    """Every agreement of which the association is a side."""
    post = await get_planner_post(visitor, slug)
    agreements, directory = await asyncio.gather(
        part(list_agreements(visitor, post, home_today()), []), get_directory(visitor.asking)
    )
    return await show(
        visitor,
        "agreements/agreements.html",
        association=post.organisation,
        agreements=agreements,
        directory=directory,
    )


@router.get("/manage/{slug}/new-agreement")
async def show_new_agreement(slug: str, visitor: Visit) -> HTMLResponse:
    """The empty form."""
    values = {"starts_on": home_today().isoformat(), "renewal_notice_days": "90"}
    return await _show_form(visitor, slug, None, values, {}, None)


@router.post(BASE)
async def draft(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Write an agreement down, once."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    body = await _read(visitor, entries, post.organisation.id)
    if entries.errors:
        return await _show_form(visitor, slug, None, dict(form.fields), entries.errors, None)
    try:
        created = await use_cases.draft_agreement(
            visitor, {**body, "organisation_id": post.organisation.id}, form.get("key")
        )
    except Refused as problem:
        return await _show_form(visitor, slug, None, dict(form.fields), {}, problem)
    return go(f"/manage/{slug}/agreements/{created}")


@router.get(f"{BASE}/{{agreement_id}}")
async def show_agreement(slug: str, agreement_id: UUID, visitor: Visit) -> HTMLResponse:
    """One agreement with what each side brings and who has signed."""
    return await _show_agreement(visitor, slug, str(agreement_id), None, None)


@router.get(f"{BASE}/{{agreement_id}}/edit")
async def show_edit(slug: str, agreement_id: UUID, visitor: Visit) -> HTMLResponse:
    """The form with the terms of a draft."""
    post = await get_planner_post(visitor, slug)
    found = await get_own_agreement(visitor, post, str(agreement_id))
    return await _show_form(visitor, slug, str(agreement_id), fields_of(found), {}, None)


@router.post(f"{BASE}/{{agreement_id}}/edit")
async def redraft(slug: str, agreement_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Replace the terms of a draft."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    body = await _read(visitor, entries, post.organisation.id)
    version = entries.number("version", 1, 999_999_999)
    if entries.errors or version is None:
        return await _show_form(visitor, slug, str(agreement_id), dict(form.fields), entries.errors, None)
    try:
        await use_cases.redraft_agreement(visitor, str(agreement_id), body, version)
    except Refused as problem:
        return await _show_form(visitor, slug, str(agreement_id), dict(form.fields), {}, problem)
    return go(f"/manage/{slug}/agreements/{agreement_id}")


@router.post(f"{BASE}/{{agreement_id}}/send")
async def send(slug: str, agreement_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Show a draft to the other sides, for signature."""
    await get_planner_post(visitor, slug)
    try:
        await use_cases.send_agreement(visitor, str(agreement_id))
    except Refused as problem:
        return await _show_agreement(visitor, slug, str(agreement_id), None, problem)
    return go(f"/manage/{slug}/agreements/{agreement_id}")


@router.post(f"{BASE}/{{agreement_id}}/signatures")
async def sign(slug: str, agreement_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Sign for a side, or record what came on paper."""
    await get_planner_post(visitor, slug)
    entries = Entries(form)
    signed_by, signed_on = entries.text("signed_by"), entries.day("signed_on")
    if entries.errors or signed_on is None:
        return await _show_agreement(visitor, slug, str(agreement_id), entries, None)
    body = {"party_id": form.get("party"), "signed_by": signed_by, "signed_on": signed_on.isoformat()}
    try:
        await use_cases.sign_agreement(visitor, str(agreement_id), body, form.get("key"))
    except Refused as problem:
        return await _show_agreement(visitor, slug, str(agreement_id), entries, problem)
    return go(f"/manage/{slug}/agreements/{agreement_id}")


@router.post(f"{BASE}/{{agreement_id}}/end")
async def end(slug: str, agreement_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """End an agreement, or give a draft up; why is kept."""
    await get_planner_post(visitor, slug)
    entries = Entries(form)
    reason = entries.text("reason")
    if entries.errors:
        return await _show_agreement(visitor, slug, str(agreement_id), entries, None)
    try:
        await use_cases.end_agreement(visitor, str(agreement_id), reason)
    except Refused as problem:
        return await _show_agreement(visitor, slug, str(agreement_id), entries, problem)
    return go(f"/manage/{slug}/agreements/{agreement_id}")


@router.get(SESSION)
async def show_agreement_of_session(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """Under which agreement a session is held, and the others that it could be held under."""
    return await _show_agreement_of_session(visitor, slug, str(session_id), None)


@router.post(SESSION)
async def cite(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Hold a session under another agreement, or under none."""
    post = await get_planner_post(visitor, slug)
    session = await get_own_session(visitor, post, str(session_id))
    try:
        await use_cases.cite_agreement(visitor, session.id, form.get("agreement") or None)
    except Refused as problem:
        return await _show_agreement_of_session(visitor, slug, session.id, problem)
    return go(f"/manage/{slug}/sessions/{session.id}")


async def _show_agreement_of_session(
    visitor: Visitor, slug: str, session_id: str, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    session = await get_own_session(visitor, post, session_id)
    cited, citable, directory = await asyncio.gather(
        find_cited(visitor, session_id),
        part(list_citable(visitor, post, session.starts_at.date()), []),
        get_directory(visitor.asking),
    )
    return await show(
        visitor,
        "agreements/of_session.html",
        status=problem.status if problem else 200,
        association=post.organisation,
        session=session,
        cited=cited,
        citable=citable,
        problem=problem,
        directory=directory,
    )


async def _read(visitor: Visitor, entries: Entries, own_id: str) -> dict[str, Any]:
    """The terms as the partners service takes them, without the association that keeps them."""
    form = entries.form
    starts_on = entries.day("starts_on")
    ends_on = entries.day("ends_on") if form.get("ends_on").strip() else None
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        entries.refuse("ends_on", translate("The last day lies before the first."))
    parties = sorted(name.removeprefix("partner-") for name, _ in form.fields if name.startswith("partner-"))
    if not parties:
        entries.refuse("sides", translate("Choose at least one other side."))
    currency = (await get_details(visitor.asking, own_id))["currency"]
    return {
        "title": entries.text("title"),
        "scope": entries.text("scope", required=False, characters_max=SCOPE_CHARACTERS_MAX),
        "starts_on": starts_on.isoformat() if starts_on else None,
        "ends_on": ends_on.isoformat() if ends_on else None,
        "renewal_notice_days": entries.number("renewal_notice_days", 0, NOTICE_DAYS_MAX, otherwise=90),
        "party_ids": parties,
        "contributions": _read_contributions(entries, {own_id, *parties}, currency),
    }


def _read_contributions(entries: Entries, sides: set[str], currency: str) -> list[dict[str, Any]]:
    brought: list[dict[str, Any]] = []
    for number in range(CONTRIBUTIONS_MAX):
        description = entries.text(f"what-{number}", required=False)
        if not description:
            continue
        kind, amount = entries.choice(f"kind-{number}", CONTRIBUTION_KINDS), entries.amount_minor(f"amount-{number}")
        party_id = entries.form.get(f"by-{number}")
        if party_id not in sides:
            entries.refuse(f"by-{number}", translate("Choose this side above too, or somebody else who brings it."))
        if (amount is not None) is not (kind == "money"):
            entries.refuse(f"amount-{number}", translate("Money has an amount, and nothing else has one."))
        one = {"party_id": party_id, "kind": kind, "description": description}
        brought.append({**one, "amount_minor": amount, "currency": currency if amount is not None else None})
    return brought


async def _show_agreement(
    visitor: Visitor, slug: str, agreement_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    written, citing, sessions, directory = await asyncio.gather(
        get_own_agreement(visitor, post, agreement_id),
        part(list_citing(visitor, agreement_id), []),
        part(list_sessions_under(visitor, agreement_id), []),
        get_directory(visitor.asking),
    )
    agreement = agreement_of(written, home_today())
    unsigned = unsigned_sides(agreement, written["signatures"])
    return await show(
        visitor,
        "agreements/agreement.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        agreement=agreement,
        written=written,
        citing=citing,
        sessions=sessions,
        signed={
            one["party_id"]: {**one, "signed_on": date.fromisoformat(one["signed_on"])} for one in written["signatures"]
        },
        may_sign=may_sign(agreement, unsigned, post.organisation.id, post.roles),
        is_keeper=agreement.keeper_id == post.organisation.id,
        values=dict(entries.form.fields) if entries else {"signed_on": home_today().isoformat()},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
        directory=directory,
    )


async def _show_form(
    visitor: Visitor,
    slug: str,
    agreement_id: str | None,
    values: Mapping[str, str],
    errors: dict[str, str],
    problem: Refused | None,
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    directory = await get_directory(visitor.asking)
    others = [
        one
        for one in directory.by_id.values()
        if one.kind in {"association", "outside_partner"} and not one.is_ended and one.id != post.organisation.id
    ]
    return await show(
        visitor,
        "agreements/form.html",
        status=problem.status if problem else 422 if errors else 200,
        association=post.organisation,
        agreement_id=agreement_id,
        others=sorted(others, key=lambda one: one.name.casefold()),
        kinds=CONTRIBUTION_KINDS,
        contributions=places_for_contributions(values),
        values=values,
        errors=errors,
        problem=problem,
        key=str(new_id()),
    )

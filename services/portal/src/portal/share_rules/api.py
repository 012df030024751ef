"""Which part of its families' places an association bears: read by who reads the books, written by who keeps them."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Json, Refused, part
from portal.budgets.queries import get_keeper_post, get_reader_post
from portal.entries import Entries
from portal.home_clock import home_today
from portal.languages import translate
from portal.pages import go, show
from portal.share_rules import use_cases
from portal.share_rules.queries import get_share_rule, list_share_rules
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/share-rules"
RULE = f"{BASE}/{{rule_id}}"
ALL_PERCENT = 100


@router.get(BASE)
async def show_share_rules(slug: str, visitor: Visit) -> HTMLResponse:
    """All share rules, with the form for another one."""
    return await _show_rules(visitor, slug, None, None)


@router.post(BASE)
async def add_share_rule(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Let the association bear a part from a day on."""
    post = await get_keeper_post(visitor, slug)
    entries = Entries(form)
    body = _terms(entries)
    if entries.errors:
        return await _show_rules(visitor, slug, entries, None)
    try:
        await use_cases.add_share_rule(visitor, {**body, "organisation_id": post.organisation.id}, form.get("key"))
    except Refused as problem:
        return await _show_rules(visitor, slug, entries, problem)
    return go(f"/manage/{slug}/share-rules")


@router.get(RULE)
async def show_share_rule(slug: str, rule_id: UUID, visitor: Visit) -> HTMLResponse:
    """The form with one rule, and how to remove it."""
    return await _show_rule(visitor, slug, str(rule_id), None, None)


@router.post(RULE)
async def change_share_rule(slug: str, rule_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Change a rule; places charged before stay as they are."""
    post = await get_keeper_post(visitor, slug)
    rule = await get_share_rule(visitor, post, str(rule_id))
    entries = Entries(form)
    body, version = _terms(entries), entries.number("version", 1, 999_999_999)
    if entries.errors or version is None:
        return await _show_rule(visitor, slug, rule.id, entries, None)
    try:
        await use_cases.change_share_rule(visitor, rule, body, version)
    except Refused as problem:
        return await _show_rule(visitor, slug, rule.id, entries, problem)
    return go(f"/manage/{slug}/share-rules")


@router.post(f"{RULE}/removal")
async def remove_share_rule(slug: str, rule_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Remove a rule; places charged before stay as they are."""
    post = await get_keeper_post(visitor, slug)
    rule = await get_share_rule(visitor, post, str(rule_id))
    version = Entries(form).number("version", 1, 999_999_999)
    try:
        if version is not None:
            await use_cases.remove_share_rule(visitor, rule, version)
    except Refused as problem:
        return await _show_rule(visitor, slug, rule.id, None, problem)
    return go(f"/manage/{slug}/share-rules")


def _terms(entries: Entries) -> Json:
    percent, first = entries.number("percent", 0, ALL_PERCENT), entries.day("valid_from")
    last = entries.day("valid_to") if entries.form.get("valid_to").strip() else None
    if first is not None and last is not None and last < first:
        entries.refuse("valid_to", translate("The last day lies before the first."))
    return {
        "borne_percent": percent,
        "valid_from": first.isoformat() if first else None,
        "valid_to": last.isoformat() if last else None,
    }


async def _show_rules(visitor: Visitor, slug: str, entries: Entries | None, problem: Refused | None) -> HTMLResponse:
    post = await get_reader_post(visitor, slug)
    return await show(
        visitor,
        "share_rules/share_rules.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        post=post,
        rules=await part(list_share_rules(visitor, post), []),
        today=home_today(),
        values=dict(entries.form.fields) if entries else {"valid_from": home_today().isoformat()},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )


async def _show_rule(
    visitor: Visitor, slug: str, rule_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_keeper_post(visitor, slug)
    rule = await get_share_rule(visitor, post, rule_id)
    values = dict(entries.form.fields) if entries else rule.fields
    if problem is not None:
        values["version"] = str(rule.version)
    return await show(
        visitor,
        "share_rules/share_rule.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        rule=rule,
        values=values,
        errors=entries.errors if entries else {},
        problem=problem,
    )

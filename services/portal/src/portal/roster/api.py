"""A session as its team sees it: who comes, who supervises; on a screen and on paper."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import part
from portal.consents.domain import flags_of
from portal.directory.domain import Post
from portal.directory.queries import get_directory
from portal.exporting import Kind, send_list
from portal.flag_texts import text_of_flag
from portal.holds.queries import find_lost
from portal.languages import translate
from portal.pages import show
from portal.roster import queries
from portal.roster.domain import Roster, Told
from portal.shifts.domain import ROLES
from portal.shifts.queries import list_session_shifts
from portal.visits import Visit, Visitor

router = APIRouter()
PATH = "/manage/{slug}/sessions/{session_id}"


@router.get(PATH)
async def show_session(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """Bookings, waiting list, attendance, supervision, rooms and equipment, money."""
    post = await queries.get_runner_post(visitor, slug)
    session = await queries.get_own_session(visitor, post, str(session_id))
    coverage, money, shifts, resources, changes, lost, told, cited = await asyncio.gather(
        part(queries.find_coverage(visitor, session.id), None),
        part(queries.find_money(visitor, post, session), None),
        part(list_session_shifts(visitor, session.id), []),
        part(queries.list_resources(visitor, session.id), []),
        part(queries.list_changes(visitor, session), []),
        part(find_lost(visitor, session), None),
        part(queries.get_told(visitor, post, session), Told()),
        part(queries.find_cited(visitor, session.id), None),
    )
    facts: dict[str, Any] = {
        "coverage": coverage, "money": money, "shifts": shifts, "resources": resources, "changes": changes,
        "lost": lost, "told": told, "cited": cited,
    }  # fmt: skip
    return await _show(visitor, post, "roster/session.html", session=session, **facts)


@router.get(f"{PATH}/families")
async def choose_family(slug: str, session_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """For whom the team books: the families of the association, by name."""
    post = await queries.get_runner_post(visitor, slug)
    session = await queries.get_own_session(visitor, post, str(session_id))
    name = request.query_params.get("name", "").strip()[:100]
    households = await queries.list_households(visitor, post, name) if name else []
    return await _show(visitor, post, "roster/families.html", session=session, name=name, households=households)


@router.get(f"{PATH}/list")
async def show_list(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """The list to print for the door."""
    post = await queries.get_runner_post(visitor, slug)
    session = await queries.get_own_session(visitor, post, str(session_id))
    return await _show(visitor, post, "roster/list.html", session=session)


@router.get(f"{PATH}/list.{{kind}}")
async def send_list_of_session(slug: str, session_id: UUID, kind: Kind, visitor: Visit) -> Response:
    """Everybody with a place, an offer or a rank on the waiting list, as a file."""
    post = await queries.get_runner_post(visitor, slug)
    session, roster, directory = await asyncio.gather(
        queries.get_own_session(visitor, post, str(session_id)),
        queries.get_roster(visitor, str(session_id)),
        get_directory(visitor.asking),
    )
    headings = [
        translate("Family name"), translate("Given name"), translate("Age"), translate("Booking"),
        translate("Home association"), translate("Whom to call"), translate("Telephone"), translate("E-mail"),
        translate("Attendance"), translate("Consents"),
    ]  # fmt: skip
    rows = [
        (
            entry["family_name"], entry["given_name"], entry["age"], state, directory.name_of(
            entry["home_organisation_id"]), entry["contact_name"], entry["contact_phone"],
            entry["contact_email"], _mark_name(entry["mark"]), ", ".join(
                text_of_flag(flag.name) for flag in flags_of(entry)),
        )
        for state, entries in (
            (translate("Confirmed"), roster.confirmed),
            (translate("A place is offered"), roster.offered),
            (translate("On the waiting list"), roster.waiting),
        )
        for entry in entries
    ]  # fmt: skip
    return send_list(kind, f"{session.starts_at.date()}-{session.id[-6:]}", headings, rows)


def _mark_name(mark: str | None) -> str | None:
    names = {"present": translate("Present"), "absent": translate("Absent"), "excused": translate("Excused")}
    return names.get(mark or "")


async def _show(visitor: Visitor, post: Post, template: str, **facts: Any) -> HTMLResponse:
    roster: Roster = await queries.get_roster(visitor, facts["session"].id)
    return await show(
        visitor,
        template,
        association=post.organisation,
        post=post,
        roster=roster,
        directory=await get_directory(visitor.asking),
        is_bookable=facts["session"].is_bookable(now()),
        key=str(new_id()),
        flags_of=flags_of,
        roles=ROLES,
        **facts,
    )

"""Turns a template and its facts into a page: the shell around it, the texts of the language, the built assets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal import languages
from portal.asking import part
from portal.colours import palette_of
from portal.directory.domain import Organisation, Post
from portal.directory.queries import get_directory, list_posts
from portal.flag_texts import text_of_flag
from portal.problem_texts import text_of_problem
from portal.visits import THEMES, Visitor

HERE = Path(__file__).parent
STATIC = HERE / "static"


class AssetsMissing(Exception):
    """The style sheets and scripts were not built: `make install` builds them."""


@cache
def asset(name: str) -> str:
    """The address of a built file, whose name carries its hash."""
    path = STATIC / "assets.json"
    if not path.is_file():
        raise AssetsMissing("there is no static/assets.json: run `make install`")
    return f"/static/{json.loads(path.read_text())[name]}"


def theme_asset(association: Organisation) -> str:
    """The address of an association's colours; it changes when they do."""
    return f"/o/{association.slug}/theme-{association.colour[1:]}.css"


@cache
def templates() -> Environment:
    """The templates; each is compiled once."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        languages.translate, languages.translate_count, newstyle=True
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters |= {
        "day": languages.day,
        "day_medium": languages.day_medium,
        "day_full": languages.day_full,
        "day_of_month": languages.day_of_month,
        "weekday": languages.weekday,
        "month_name": languages.month_name,
        "time": languages.clock_time,
        "money": languages.money,
        "number": languages.number,
        "sentence": languages.sentence,
        "percent": languages.percent,
    }
    environment.globals |= {
        "asset": asset,
        "theme_asset": theme_asset,
        "palette_of": palette_of,
        "LANGUAGES": languages.LANGUAGES,
        "days_between": languages.days_between,
        "THEMES": THEMES,
        "text_of_flag": text_of_flag,
        "text_of_problem": text_of_problem,
    }
    return environment


def word(template: str, macro: str, *of: object) -> str:
    """What a macro of a template calls something, as plain text: files say the same words as pages."""
    called: Markup = getattr(templates().get_template(template).module, macro)(*of)
    return called.striptags()


async def show(
    visitor: Visitor, template: str, *, status: int = 200, association: Organisation | None = None, **facts: Any
) -> HTMLResponse:
    """A whole page; `association` gives it its name and colours."""
    directory = await part(get_directory(visitor.asking), None)
    posts = await part(list_posts(visitor), [])
    shell = {
        "visitor": visitor,
        "association": association,
        "federation": directory.value.federation if directory.value else None,
        "posts": posts.value,
        "team": _team_of(posts.value, association),
        "is_office": any("federation_admin" in post.roles for post in posts.value),
        "is_operator": any("operator" in post.roles for post in posts.value),
        **facts,
    }
    return HTMLResponse(templates().get_template(template).render(shell), status)


def _team_of(posts: Sequence[Post], association: Organisation | None) -> Post | None:
    """For whom the team's pages are offered: the association shown, when none is the first where somebody works."""
    works = [post for post in posts if post.organisation.kind == "association"]
    return next((post for post in works if association is None or post.organisation.id == association.id), None)


def render(template: str, **facts: Any) -> str:
    """A template alone, in the language of the request."""
    return templates().get_template(template).render(facts)


def show_part(visitor: Visitor, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """A piece of a page that the script asked for."""
    text = templates().get_template(template).render({"visitor": visitor, **facts})
    return HTMLResponse(text, status, headers={"Vary": "HX-Request, HX-Request-Type"})


def wants_part(request: Request) -> bool:
    """True when the script asks for a piece and not for the page around it."""
    return request.headers.get("HX-Request-Type") == "partial"


def go(path: str) -> RedirectResponse:
    """To another page, after a form."""
    return RedirectResponse(path, 303)

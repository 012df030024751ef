"""Templates keep to the content security policy, and to what htmx 4 knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.pages import HERE

TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*="),
    "an inline script": re.compile(r"<script(?![^>]*(\ssrc=|type=\"application/ld\+json\"))"),
    "an event attribute": re.compile(r"\son[a-z]+=[^=]"),
    "a script in an htmx attribute": re.compile(r"hx-on|hx-vals=.js:|hx-vars|hx-ext=|sse-swap"),
    "a disabled escape": re.compile(r"\|\s*safe\b|autoescape false"),
    "an address elsewhere": re.compile(r"(src|href)=\"https?://"),
}
FORM = re.compile(r"<form[^>]*method=\"post\"[^>]*action=\"([^\"]+)\".*?</form>", re.DOTALL)
WITHOUT_TOKEN = {
    "/preferences", "{{ here }}/guest", "/guest-bookings/{{ code }}/confirmation",
    "/guest-bookings/{{ code }}/cancellation", "/guest-bookings/{{ code }}/offer-acceptance",
    "/guest-bookings/{{ code }}/offer-refusal",
}  # fmt: skip
"""Open to everybody, so there is no session for a token to belong to; forms of other sites are refused by origin."""


def faults(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(HERE / "templates").as_posix())
def test_nothing_that_the_policy_forbids(path: Path) -> None:
    assert faults(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(HERE / "templates").as_posix())
def test_every_form_that_changes_something_has_the_token(path: Path) -> None:
    for form in FORM.finditer(path.read_text()):
        assert form.group(1) in WITHOUT_TOKEN or "csrf(visitor)" in form.group(0), form.group(1)


@pytest.mark.parametrize(
    "planted", ['<p style="x">', "<script>x()</script>", '<a onclick="x()">', '<a hx-on:click="x">', "{{ x|safe }}"]
)
def test_a_planted_fault_is_seen(planted: str) -> None:
    assert len(faults(planted)) == 1

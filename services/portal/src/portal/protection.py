"""What every answer and every request is held to: security headers, no foreign forms, no endless bodies."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_BYTES_MAX = 65_536
FORM_FIELDS_MAX = 500
UPLOAD_BYTES_MAX = 12_000_000
UPLOAD_FIELDS_MAX = 20


FRAMED = "/embed/"
FRAMED_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors https: http://localhost:* http://127.0.0.1:*"
)
"""Of the pages that other sites may frame: they show, and can do nothing."""


def content_security_policy(issuer: str) -> str:
    """No inline script or style, nothing from elsewhere; forms may lead to the sign-in."""
    return "; ".join(
        (
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
            "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", f"form-action 'self' {issuer}",
            "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
            "trusted-types htmx attendance",
        )
    )  # fmt: skip


class Protected:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, issuer: str) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": content_security_policy(issuer),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Strict-Transport-Security": "max-age=31536000",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"].startswith(FRAMED):
                    headers["Content-Security-Policy"] = FRAMED_POLICY
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                headers["Server-Timing"] = f"page;dur={(time.perf_counter() - started) * 1000:.1f}"
            await send(message)

        if scope["method"] not in SAFE_METHODS and is_foreign(Headers(scope=scope)):
            await PlainTextResponse("This form was sent from another site.", 403)(scope, receive, send_protected)
            return
        await self._app(scope, receive, send_protected)


def is_foreign(headers: Headers) -> bool:
    """True when the browser says that another site sent the request."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


class Form:
    """The fields of a submitted form; a name may come more than once."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self.fields = fields

    def get(self, name: str, default: str = "") -> str:
        """The first value of the name."""
        return next((value for field, value in self.fields if field == name), default)

    def all(self, name: str) -> list[str]:
        """Every value of the name."""
        return [value for field, value in self.fields if field == name]


async def read_form(request: Request) -> Form:
    """The form in the body. Raises HTTPException: 413 when it is too large, 400 when it is none."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES_MAX:
            raise HTTPException(413)
    try:
        text = body.decode()
        return Form(parse_qsl(text, keep_blank_values=True, max_num_fields=FORM_FIELDS_MAX))
    except ValueError as error:
        raise HTTPException(400) from error


@dataclass(frozen=True)
class Upload:
    """A submitted form with one file; `content` is empty when none was chosen."""

    form: Form
    content: bytes


async def read_upload(request: Request, name: str) -> Upload:
    """The form in the body with its file of this name. Raises HTTPException: 413 when too large, 400 when none."""
    received = 0

    async def receive_within_limit() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > UPLOAD_BYTES_MAX:
            raise HTTPException(413)
        return message

    limited = Request(request.scope, receive_within_limit)
    async with limited.form(max_files=1, max_fields=UPLOAD_FIELDS_MAX, max_part_size=FORM_BYTES_MAX) as read:
        fields = [(field, value) for field, value in read.multi_items() if isinstance(value, str)]
        file = read.get(name)
        content = await file.read() if isinstance(file, UploadFile) else b""
    return Upload(Form(fields), content)


def is_same_token(one: str, other: str) -> bool:
    """Compared in constant time."""
    return secrets.compare_digest(one.encode(), other.encode())

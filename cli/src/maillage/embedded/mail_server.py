"""The SMTP server and its page: `python -m maillage.embedded.mail_server <Maildir> <SMTP port> <page port> [host]`."""

import asyncio
import mailbox
import sys
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

import uvicorn
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP
from jinja2 import Environment, PackageLoader
from pydantic import AwareDatetime
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from maillage.embedded.mail import CapturedMessage

PAGES = Environment(loader=PackageLoader("maillage.embedded", "mail_pages"), autoescape=True)
LARGEST_MESSAGE_BYTES = 20_000_000
MESSAGES_KEPT_MAX = 2_000


def captured_messages(directory: Path) -> list[CapturedMessage]:
    """Newest first."""
    keys = mailbox.Maildir(directory, create=True).keys()
    return sorted((_read(directory, key) for key in keys), key=lambda message: message.date, reverse=True)


@lru_cache(maxsize=MESSAGES_KEPT_MAX)
def _read(directory: Path, key: str) -> CapturedMessage:
    """A message never changes, and reading one again each time somebody looks would be most of the work."""
    raw = mailbox.Maildir(directory).get_bytes(key)
    message = BytesParser(policy=policy.default).parsebytes(raw)
    part = message.get_body(preferencelist=("plain", "html"))
    # Making a message multipart moves its content headers, the language among them, into its first part.
    language = message.get("Content-Language") or (part and part.get("Content-Language")) or ""
    return CapturedMessage(
        key=key,
        to=str(message.get("To", message.get("X-RcptTo", ""))),
        subject=str(message.get("Subject", "")),
        language=str(language),
        message_id=str(message.get("Message-ID", "")),
        date=_date(message, key),
        body="" if part is None else str(part.get_content()),
    )


def _date(message: EmailMessage, key: str) -> AwareDatetime:
    """As the sender wrote it, else when it came in: a Maildir key starts with that second."""
    try:
        return parsedate_to_datetime(str(message["Date"])).astimezone()
    except ValueError:
        return datetime.fromtimestamp(int(key.split(".", maxsplit=1)[0]), UTC)


def create_pages(directory: Path) -> Starlette:
    def show_list(_request: Request) -> Response:
        page = PAGES.get_template("list.html")
        return HTMLResponse(page.render(messages=captured_messages(directory)))

    def show_message(request: Request) -> Response:
        key = request.path_params["key"]
        message = next((found for found in captured_messages(directory) if found.key == key), None)
        if message is None:
            raise HTTPException(404, "There is no such message.")
        return HTMLResponse(PAGES.get_template("message.html").render(message=message))

    def list_as_json(_request: Request) -> Response:
        return JSONResponse([message.model_dump(mode="json") for message in captured_messages(directory)])

    routes = [
        Route("/", show_list),
        Route("/messages.json", list_as_json),
        Route("/messages/{key}", show_message),
    ]
    return Starlette(routes=routes)


async def capture(directory: Path, smtp_port: int, page_port: int, host: str = "127.0.0.1") -> None:
    """Serves until the process is told to stop."""
    handler = Mailbox(directory)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, data_size_limit=LARGEST_MESSAGE_BYTES, enable_SMTPUTF8=True, ident="Maillage"),
        host=host,
        port=smtp_port,
    )
    pages = uvicorn.Config(create_pages(directory), host=host, port=page_port, log_level="warning")
    async with server:
        await uvicorn.Server(pages).serve()


if __name__ == "__main__":
    asyncio.run(capture(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:]))

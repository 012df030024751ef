"""Writes tiny service packages that keep the interface of the real ones, to test what runs them."""

from pathlib import Path

SETTINGS = """
import os

class Settings:
    log_level = "INFO"
    port = int(os.environ["{prefix}_HTTP_PORT"])
    database_url = os.environ["{prefix}_OWNER_DATABASE_URL"].replace("+asyncpg", "")
"""

MIGRATIONS = """
import asyncio
import asyncpg

async def migrate(url):
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE IF NOT EXISTS facts (fact text)")
    await connection.close()

def run(settings):
    asyncio.run(migrate(settings.database_url))
"""

API = """
import asyncio

async def answer(reader, writer):
    await reader.readline()
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok")
    await writer.drain()
    writer.close()

async def run(settings, stop):
    async with await asyncio.start_server(answer, "127.0.0.1", settings.port):
        await stop.wait()
"""

QUIET_COMMAND = """
async def run(settings, stop):
    await stop.wait()
"""

FAILING_COMMAND = """
async def run(settings, stop):
    raise RuntimeError("the relay is broken")
"""


def write_fake_service(folder: Path, name: str, *, relay: str = QUIET_COMMAND) -> None:
    """The folder must be on the PYTHONPATH of what runs the service."""
    package = folder / name
    package.mkdir(parents=True)
    modules = {
        "__init__": "",
        "settings": SETTINGS.format(prefix=name.upper()),
        "run_migrations": MIGRATIONS,
        "run_api": API,
        "run_consumer": QUIET_COMMAND,
        "run_worker": QUIET_COMMAND,
        "run_relay": relay,
    }
    for module, text in modules.items():
        (package / f"{module}.py").write_text(text)

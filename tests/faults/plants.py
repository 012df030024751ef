"""`make faults PLANT=<guard>`: takes one guard out from outside, to see the matching entry turn red.

The product has no such switch: a plant changes a database as its superuser, or replaces a statement in a process of
the tests before the product runs in it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import asyncpg

GUARDS = {
    "duplicate_check": "order_and_once",
    "snapshot_reader": "order_and_once",
    "capacity_rule": "crashes",
    "ledger_balance": "crashes",
    "row_policy": "isolation",
    "parking": "bad_input",
    "no_overlap": "no_double_booking",
    "given_back": "no_double_booking",
    "name_erased": "erasure_under_kills",
}
"""Each guard and the entry that must turn red without it."""


def planted() -> str:
    """The guard that this run does without; empty when all are in place."""
    return os.environ.get("PLANT", "")


FORGET_WHAT_WAS_HANDLED = "alter table handled_events drop constraint handled_events_pkey"

LIFT_ROW_POLICIES = """do $$ declare name text; begin
  for name in select relname from pg_class where relrowsecurity and relkind = 'r' loop
    execute format('alter table %I disable row level security', name);
  end loop; end $$"""

PARK_NOTHING = """
    create function park_nothing() returns trigger language plpgsql as $$ begin return null; end $$;
    create trigger park_nothing before insert on parked_events for each row execute function park_nothing()"""

SERVICES = ("partners", "activities", "staffing", "finance", "notifications")
WITHOUT = {
    "capacity_rule": {
        "activities": """
            alter table session_places drop constraint session_places_taken_check;
            create function nothing_is_taken() returns trigger language plpgsql as
              $$ begin new.taken := 0; return new; end $$;
            create trigger nothing_is_taken before update on session_places
              for each row execute function nothing_is_taken()""",
    },
    "ledger_balance": {"finance": "drop trigger entry_lines_balanced on entry_lines"},
    "no_overlap": {
        "partners": """
            alter table reservations drop constraint reservations_no_overlap;
            create function keep_all_day() returns trigger language plpgsql as
              $$ begin new.starts_at := date_trunc('day', new.starts_at); return new; end $$;
            create trigger keep_all_day before insert on reservations for each row execute function keep_all_day()""",
    },
    "given_back": {
        "partners": """
            create function give_nothing_back() returns trigger language plpgsql as
              $$ begin new.state := old.state; return new; end $$;
            create trigger give_nothing_back before update on reservations
              for each row when (new.state = 'released') execute function give_nothing_back()""",
    },
    "name_erased": {
        "staffing": """
            create function keep_the_name() returns trigger language plpgsql as
              $$ begin new.display_name := old.display_name; return new; end $$;
            create trigger keep_the_name before update on people
              for each row when (new.erased_at is not null) execute function keep_the_name()""",
    },
    "parking": dict.fromkeys(SERVICES, PARK_NOTHING),
    "row_policy": dict.fromkeys(SERVICES, LIFT_ROW_POLICIES),
}
"""What is done to which databases to be without a guard."""


async def plant_in(base_url: str) -> None:
    """Take the guard of this run out of the databases of a stack."""
    for service, statements in WITHOUT.get(planted(), {}).items():
        connection = await asyncpg.connect(f"{base_url}/{service}")
        await connection.execute(statements)
        await connection.close()


@dataclass(frozen=True)
class Sabotage:
    """A statement that no release should ever send, and that the database must refuse."""

    service: str
    statement: str

    async def succeeds(self, base_url: str) -> bool:
        """True when the database let it happen."""
        connection = await asyncpg.connect(f"{base_url}/{self.service}")
        try:
            await connection.execute(self.statement)
        except asyncpg.CheckViolationError:
            return False
        finally:
            await connection.close()
        return True


UNBALANCE = Sabotage(
    "finance",
    """with entry as (insert into entries (id, organisation_id, booked_on, kind, description, recorded_at)
                      values (uuidv7(), uuidv7(), current_date, 'manual', 'sabotage', now())
                      returning id, organisation_id)
       insert into entry_lines (entry_id, line_number, organisation_id, account, amount_minor, currency)
       select id, number, organisation_id, 'bank', 100, 'EUR' from entry, generate_series(1, 2) as number""",
)
OVERSELL = Sabotage(
    "activities",
    "update session_places set taken = capacity + 1 where session_id = (select session_id from session_places limit 1)",
)

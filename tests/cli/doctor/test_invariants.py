"""Every invariant holds on an empty platform and is seen to break: rows planted by the owner, past every rule."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from uuid import uuid4

import asyncpg
import pytest

from common.database import plain_dsn
from common.invariants import Invariant, connection_as
from maillage.doctor.checks import CHECKS
from maillage.doctor.findings import State
from maillage.doctor.platform import platform_of
from maillage.doctor.report import examine
from tests.conftest import SERVICES, ServiceDatabases

ONE, TWO, THREE = (str(uuid4()) for _ in range(3))
SESSION = f"""
    insert into session_places (session_id, organisation_id, capacity, taken, waiting_count)
    values ('{ONE}', '{TWO}', 10, {{taken}}, {{waiting}})"""
ENTRY = f"""
    insert into entries (id, organisation_id, booked_on, kind, description, recorded_at)
    values ('{ONE}', '{TWO}', current_date, 'manual', 'planted', now());
    insert into entry_lines (entry_id, line_number, organisation_id, account, amount_minor, currency, counterparty_id)
    values ('{ONE}', 1, '{TWO}', '{{account}}', 100, 'EUR', '{THREE}')"""
CHARGE = f"""
    insert into charges (id, organisation_id, booking_id, booking_version, participant_id, home_organisation_id,
      payer_kind, payer_id, session_id, activity_id, title, currency, price_minor, charged_minor, given_back_minor,
      amount_minor, state, is_earned, session_on, cost_shares, recorded_at, changed_at)
    values ('{ONE}', '{TWO}', '{ONE}', 1, '{ONE}', '{TWO}', 'household', '{THREE}', '{ONE}', '{ONE}', 'planted', 'EUR',
      500, 500, 0, 500, 'open', false, current_date, '[]', now(), now())"""
COVERAGE = f"""
    insert into coverages (session_id, organisation_id, version, supervisors_needed, qualified_needed,
      supervisors_present, qualified_present, is_short, explanation)
    values ('{ONE}', '{TWO}', 1, 2, 1, 0, 0, false, 'planted')"""
UNCOVERED = f"""
    insert into known_sessions (session_id, organisation_id, version, state, title, starts_at, ends_at, time_zone,
      jurisdiction, supervision)
    values ('{ONE}', '{TWO}', 1, 'scheduled', 'planted', now(), now(), 'UTC', 'BE', 'none');
    insert into covered_bookings (booking_id, organisation_id, session_id, version, ages)
    values ('{ONE}', '{TWO}', '{ONE}', 1, '{{7}}')"""
MESSAGE = f"""
    insert into messages (id, organisation_id, fact_id, human_key, recipient_id, person_ids, kind, language, subject,
      body, channel, state, created_at)
    values ('{ONE}', '{TWO}', 'planted', 'planted', '{ONE}', '{{}}', 'planted', 'fr', '', '', 'email', 'pending',
      now())"""
FEDERATION = f"""
    insert into organisations
    select (jsonb_populate_record(null::organisations, to_jsonb(row))).* from (
      select '{ONE}' as id, '{ONE}' as organisation_id, 1 as version, 'federation' as kind, 'planted' as name,
             'planted' as slug, '{{}}'::uuid[] as federation_ids, 'UTC' as time_zone, 'EUR' as currency,
             'BE' as jurisdiction, '{{fr}}'::text[] as languages, '' as enterprise_number, '' as address,
             '' as accessibility, '' as colour, '' as iban) as row"""
ANNOUNCED = """
    insert into outbox_events (event_id, wire_type, topic, key, organisation_id, payload, occurred_at)
    values (gen_random_uuid(), 'planted', 'planted', gen_random_uuid(), gen_random_uuid(), '{}',
      now() - interval '1 day')"""
BOOKING = f"""{ANNOUNCED};
    insert into bookings (id, organisation_id, session_id, state, payer_kind, payer_id, currency)
    values ('{ONE}', '{TWO}', '{ONE}', 'cancelled', 'household', '{THREE}', 'EUR')"""
OPENED = "alter table known_memberships disable row level security;" + (
    f"""insert into known_memberships (membership_id, organisation_id, version, role, state)
        values ('{ONE}', '{TWO}', 1, 'director', 'active')"""
)
ASSIGNED = f"""
    alter table assignments drop constraint assignments_human_excl;
    insert into assignments (id, organisation_id, version, shift_id, person_id, human_id, engagement, state, starts_at,
      ends_at, findings)
    select id, '{TWO}', 1, '{ONE}', '{ONE}', '{THREE}', 'employee', 'assigned', now(), now() + interval '1 hour', '[]'
      from unnest(array['{ONE}', '{TWO}']::uuid[]) as id"""
RESERVED = f"""
    alter table reservations drop constraint reservations_no_overlap;
    insert into reservations (id, organisation_id, resource_id, reserved_by_organisation_id, title, quantity, alone,
      starts_at, ends_at, time_zone, price_minor, currency, state)
    select id, '{TWO}', '{ONE}', '{TWO}', 'planted', 1, true, now(), now() + interval '1 hour', 'UTC', 0, 'EUR', 'held'
      from unnest(array['{ONE}', '{TWO}']::uuid[]) as id"""

ERASURE = f"""
    insert into erasures (id, organisation_id, subject, state, household_ids, participant_ids, contact_ids, worker_ids,
      account_digests, is_whole_account, code, asked_at)
    values ('{ONE}', '{TWO}', 'household', 'asked', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', false, 'planted',
      now() - interval '2 days')"""

PLANTED = {
    ("activities", "places_taken"): SESSION.format(taken=3, waiting=0),
    ("activities", "waiting_counted"): SESSION.format(taken=0, waiting=2),
    ("activities", "bookings_announced"): BOOKING,
    ("activities", "erasures_complete"): ERASURE,
    ("partners", "federations_led"): FEDERATION,
    ("partners", "nothing_twice"): RESERVED,
    ("staffing", "nobody_twice"): ASSIGNED,
    ("finance", "entries_balanced"): ENTRY.format(account="bank"),
    ("finance", "debts_mirrored"): ENTRY.format(account="receivable_associations"),
    ("finance", "charges_booked"): CHARGE,
    ("staffing", "shortfalls_seen"): COVERAGE,
    ("staffing", "bookings_covered"): UNCOVERED,
    ("notifications", "pending_due"): MESSAGE,
    **{(service, "associations_apart"): OPENED for service in SERVICES},
}


def invariants_of(service: str) -> tuple[Invariant, ...]:
    invariants: tuple[Invariant, ...] = importlib.import_module(f"{service}.invariants").INVARIANTS
    return invariants


@pytest.mark.parametrize("service", SERVICES)
async def test_in_an_untouched_database_all_hold(service: str, databases_of: Callable[[str], ServiceDatabases]) -> None:
    urls = {f"{role}_database_url": url for role, url in databases_of(service).urls.items()}
    settings = importlib.import_module(f"{service}.settings").Settings(**urls)
    for invariant in invariants_of(service):
        async with connection_as(settings, invariant.role) as connection:
            assert isinstance(await invariant.find(connection), list)
        assert invariant.promise.endswith(".")


def test_every_invariant_has_its_planted_fault() -> None:
    assert set(PLANTED) == {(service, one.name) for service in SERVICES for one in invariants_of(service)}


@pytest.mark.parametrize(("service", "name"), PLANTED, ids=[f"{service} {name}" for service, name in PLANTED])
async def test_what_breaks_it_is_seen(
    service: str, name: str, databases_of: Callable[[str], ServiceDatabases], superuser_url: str
) -> None:
    """As the superuser with triggers off, in a transaction that is rolled back."""
    [invariant] = [one for one in invariants_of(service) if one.name == name]
    database = plain_dsn(databases_of(service).urls["owner"]).rpartition("/")[2]
    connection = await asyncpg.connect(superuser_url.rpartition("/")[0] + f"/{database}")
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute("set local session_replication_role = replica")
        role = f"{service}_{invariant.role}"
        await connection.execute(f"set local role {role}")
        before = set(await invariant.find(connection))
        await connection.execute("reset role")
        await connection.execute(PLANTED[service, name])
        await connection.execute(f"set local role {role}")
        assert len(set(await invariant.find(connection)) - before) >= 1
    finally:
        await transaction.rollback()
        await connection.close()


async def test_an_event_that_nobody_handled_is_found(databases_of: Callable[[str], ServiceDatabases]) -> None:
    environments = {}
    for service in ("partners", "staffing"):
        urls = databases_of(service).urls
        environments[service] = {f"{service}_{role}_database_url".upper(): url for role, url in urls.items()}
    check = next(check for check in CHECKS if check.id == "events-handled")
    owner = await asyncpg.connect(plain_dsn(databases_of("partners").urls["owner"]))
    await owner.execute(
        f"""insert into outbox_events (event_id, wire_type, topic, key, organisation_id, payload, occurred_at)
            values ('{ONE}', 'partners.organisation_changed.v1', 'planted', '{ONE}', '{TWO}', '{{}}',
                    now() - interval '2 minutes')"""
    )
    try:
        [examined] = await examine(platform_of(environments), [check])
        missing = [finding.sentence for finding in examined.findings if finding.state is State.failed]
        assert any(sentence.startswith("staffing.access has not handled") for sentence in missing)
        handled = await asyncpg.connect(plain_dsn(databases_of("staffing").urls["owner"]))
        await handled.execute(
            f"insert into handled_events (consumer_group, event_id) values ('staffing.access', '{ONE}')"
        )
        [after] = await examine(platform_of(environments), [check])
        await handled.execute(f"delete from handled_events where event_id = '{ONE}'")
        await handled.close()
        counted = [one.sentence for one in after.findings if one.sentence.startswith("staffing.access")]
        assert counted != [one for one in missing if one.startswith("staffing.access")]
    finally:
        await owner.execute("delete from outbox_events where topic = 'planted'")
        await owner.close()

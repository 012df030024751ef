"""A person's own shifts for a calendar program that cannot sign in."""

from __future__ import annotations

from sqlalchemy import text

from tests.factories.accounts import World
from tests.staffing.people.making import BASE
from tests.staffing.shifts.making import House, created, house

__all__ = ["house"]


async def test_who_has_the_address_reads_the_own_shifts_of_the_person_and_nothing_else(
    house: House, service_world: World
) -> None:
    shift, other_shift = await house.shift(), await house.free_shift(in_hours=5)
    noah, aicha = await house.person(email="n@example.org"), await house.person(email="a@example.org")
    await created(house.assign(shift, noah))
    await created(house.assign(other_shift, aicha))
    own = await house.linked(noah)
    path = f"{BASE}/people/{noah['id']}/calendar-address"
    assert (await own.get(path)).status_code == 404
    made = (await own.post(path, {})).json()
    assert (await own.get(path)).json() == {"person_id": noah["id"], "made_at": made["made_at"]}
    nobody = service_world.nobody()
    answer = await nobody.get(f"{BASE}/calendars/{made['secret']}")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "language": noah["language"],
        "shifts": [
            {name: shift[name] for name in ("id", "organisation_id", "session_id", "title", "time_zone")}
            | {"version": 2, "starts_at": shift["starts_at"], "ends_at": shift["ends_at"]}
        ],
    }
    assert (await nobody.get(f"{BASE}/calendars/{made['secret'][:-1]}")).status_code == 404


async def test_a_replaced_or_withdrawn_address_shows_nothing(house: House, service_world: World) -> None:
    noah = await house.person(email="n@example.org")
    own, nobody = await house.linked(noah), service_world.nobody()
    path = f"{BASE}/people/{noah['id']}/calendar-address"
    first, second = [(await own.post(path, {})).json()["secret"] for _ in range(2)]
    assert (await nobody.get(f"{BASE}/calendars/{first}")).status_code == 404
    assert (await nobody.get(f"{BASE}/calendars/{second}")).json()["shifts"] == []
    assert (await own.change("DELETE", path)).status_code == 204
    assert (await nobody.get(f"{BASE}/calendars/{second}")).status_code == 404
    assert (await own.change("DELETE", path)).status_code == 404


async def test_nobody_else_has_an_address_for_a_person(house: House, service_world: World) -> None:
    noah = await house.person(email="n@example.org")
    path = f"{BASE}/people/{noah['id']}/calendar-address"
    answer = await house.coordinator.post(path, {})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/calendar-is-his-own")
    assert (await service_world.stranger().post(path, {})).status_code == 404
    assert (await service_world.nobody().post(path, {})).status_code == 401


async def test_the_address_goes_with_the_account_and_only_its_digest_is_kept(
    house: House, service_world: World
) -> None:
    noah = await house.person(email="n@example.org")
    own = await house.linked(noah)
    secret = (await own.post(f"{BASE}/people/{noah['id']}/calendar-address", {})).json()["secret"]
    async with house.databases_of("staffing").engine("owner").connect() as connection:
        statement = text("select t::text from calendar_addresses t where person_id = :id")
        assert secret not in (await connection.execute(statement, {"id": noah["id"]})).scalar_one()
    assert (await house.coordinator.change("DELETE", f"{BASE}/people/{noah['id']}/account")).status_code == 200
    assert (await service_world.nobody().get(f"{BASE}/calendars/{secret}")).status_code == 404

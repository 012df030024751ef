"""People who work and help, with papers and windows; who has an account links it; open shifts to sign up for."""

from maillage.demo.loading import MAIL_SECONDS, Loading, staff_of
from maillage.demo.workers import Worker
from maillage.signed_in import Refused, SignedIn
from maillage.together import together
from maillage.waiting import until

OPEN_SHIFTS = {"radio": 2, "devoirs": 2}
DAY_FROM, DAY_TO = 8 * 60, 23 * 60


async def load_workers(loading: Loading) -> None:
    """Independent of each other."""
    workers = [_record(loading, worker) for worker in loading.demo.workers]
    shifts = [_open_shift(loading, key, number) for key, count in OPEN_SHIFTS.items() for number in range(count)]
    await together([*workers, *shifts])


async def _record(loading: Loading, worker: Worker) -> None:
    planner = staff_of(worker.organisation)
    body = {
        "organisation_id": loading.state.organisations[worker.organisation],
        "kind": worker.kind,
        "display_name": worker.display_name,
        "email": worker.email,
        "phone": worker.phone,
        "language": worker.language,
        "started_on": loading.state.day.replace(year=loading.state.day.year - 1, day=1).isoformat(),
    }
    made = await loading.create(planner, "staffing", "/people", body, f"worker-{worker.key}")
    loading.state.workers[worker.key] = made["id"]
    path = f"/people/{made['id']}"
    for kind in worker.papers:
        paper = {"kind": kind, "issuer": "Fédération Wallonie-Bruxelles", "issued_on": "2024-06-30"}
        await loading.create(planner, "staffing", f"{path}/qualifications", paper, f"paper-{worker.key}-{kind}")
    person = await loading.platform.person(planner)
    known = await person.get("staffing", f"{path}/availability")
    if not known["windows"]:
        window = {"from_minute": DAY_FROM, "to_minute": DAY_TO, "kind": worker.windows}
        windows = [{"weekday": weekday, **window} for weekday in range(7)]
        await person.change("PUT", "staffing", f"{path}/availability", {"windows": windows}, known["version"])
    await _say_cost(person, path, worker)
    if worker.user_name is not None:
        await _link(loading, worker, path, worker.user_name)
    loading.advance(worker.display_name)


async def _say_cost(person: SignedIn, path: str, worker: Worker) -> None:
    known = await person.get("staffing", path)
    if known["hour_cost_minor"] != worker.hour_cost_minor:
        cost = {"hour_cost_minor": worker.hour_cost_minor}
        await person.change("PATCH", "staffing", path, cost, known["version"])


async def _link(loading: Loading, worker: Worker, path: str, user_name: str) -> None:
    """The association sends the code, the person signs in and shows it."""
    planner = await loading.platform.person(staff_of(worker.organisation))
    own = await loading.platform.person(user_name)

    async def linked() -> bool:
        for code in await loading.mail.codes_for(worker.email or ""):
            try:
                await own.do("staffing", "/people/link", {"code": code})
            except Refused as refusal:
                if refusal.slug != "invalid-link-code":
                    raise
            else:
                return True
        return False

    if not (await planner.get("staffing", path))["has_account"]:
        await planner.do("staffing", f"{path}/link-code")
        await until(linked, f"the code of {worker.display_name} arrives by mail", MAIL_SECONDS)


async def _open_shift(loading: Loading, series: str, number: int) -> None:
    session_id = loading.state.sessions[series][number]
    body = {"role": "helper", "is_open": True}
    path = f"/sessions/{session_id}/shifts"
    await loading.create(staff_of("tremplin"), "staffing", path, body, f"shift-{series}-{number}")
    loading.advance(f"Open shift, {series}")

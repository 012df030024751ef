"""When each service last looked for what has no purpose any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from maillage.doctor.findings import Finding, ok, warning
from maillage.doctor.platform import Platform
from maillage.doctor.reading import ask
from maillage.retention import kept_by

OVERDUE_AFTER = timedelta(days=1)
LOOKS = "select record, looked_at, forgotten from retention_looks"


async def check_retention(platform: Platform) -> list[Finding]:
    """Every kind of record was looked at within a day; the worker looks once an hour."""
    findings = []
    for service, settings in platform.settings.items():
        records = [kept.record for kept in kept_by(service)]
        if not records:
            findings.append(ok(f"{service} keeps no names: there is nothing to look for."))
            continue
        rows = {row["record"]: row for row in await ask(settings.auditor_database_url, LOOKS)}
        never = [record for record in records if record not in rows]
        if never:
            findings.append(warning(f"{service} has never looked for {', '.join(never)} past their period."))
        looked = [rows[record] for record in records if record in rows]
        findings += [_judge(service, row["record"], row["looked_at"], row["forgotten"]) for row in looked]
    return findings


def _judge(service: str, record: str, looked_at: datetime, forgotten: int) -> Finding:
    sentence = f"{service} last looked for {record} past their period at {looked_at:%Y-%m-%d %H:%M} UTC"
    if datetime.now(UTC) - looked_at > OVERDUE_AFTER:
        return warning(f"{sentence}, more than a day ago.")
    return ok(f"{sentence}; {forgotten} forgotten so far.")

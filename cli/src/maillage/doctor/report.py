"""What the examination found, for people and for machines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

from maillage.console import say
from maillage.doctor.checks import CHECKS
from maillage.doctor.findings import Check, Examined, State, failed, told
from maillage.doctor.platform import Platform

CHECK_SECONDS_MAX = 60.0
SIGNS = {State.ok: "✓", State.warning: "!", State.failed: "✗"}


def checks_before_installation() -> tuple[Check, ...]:
    """Those that ask nothing of an installed platform."""
    return tuple(check for check in CHECKS if not check.needs_installation)


async def examine(platform: Platform, checks: Sequence[Check] = CHECKS) -> list[Examined]:
    """Run the checks one after another; one that breaks counts as failed."""
    return [await _examine(check, platform) for check in checks]


async def _examine(check: Check, platform: Platform) -> Examined:
    try:
        async with asyncio.timeout(CHECK_SECONDS_MAX):
            return Examined(check, tuple(await check.run(platform)))
    except Exception as error:
        return Examined(check, (failed(f"This could not be found out: {type(error).__name__}: {told(error)}."),))


def is_healthy(examined: Sequence[Examined]) -> bool:
    """Warnings leave it healthy."""
    return all(one.state is not State.failed for one in examined)


def show(examined: Sequence[Examined]) -> None:
    """What is well in one line; what is wrong with each finding and the remedy."""
    for one in examined:
        if one.state is State.ok:
            summary = one.findings[0].sentence if len(one.findings) == 1 else f"{len(one.findings)} things are well."
            say(f"{SIGNS[one.state]} {one.check.title}: {summary}")
            continue
        say(f"{SIGNS[one.state]} {one.check.title}")
        for finding in (finding for finding in one.findings if finding.state is not State.ok):
            say(f"    {finding.sentence}")
        say(f"    → {one.check.fix} ({one.check.link})")
    worst = [one.check.id for one in examined if one.state is State.failed]
    say(f"{len(worst)} of {len(examined)} checks failed: {', '.join(worst)}." if worst else "Nothing is broken.")


def as_json(examined: Sequence[Examined]) -> str:
    """One object; `state` of a check is the worst of its findings."""
    checks = [
        {
            "id": one.check.id,
            "title": one.check.title,
            "state": one.state,
            "findings": [{"state": finding.state, "sentence": finding.sentence} for finding in one.findings],
            "fix": one.check.fix,
            "link": one.check.link,
        }
        for one in examined
    ]
    return json.dumps({"healthy": is_healthy(examined), "checks": checks}, indent=2, ensure_ascii=False)

"""Installs the chart into a real control plane and does with it what operators do: `python -m tests.cluster`.

Ends with 0 when every scenario held, or when it could not be tried here, which it then says in its last line. With
PLANT=<name> of plants.py a fault is in the chart, and it must end with 1.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from maillage.console import say
from tests.architecture.source_tree import ROOT
from tests.cluster.binaries import VERSION, NotHere, binaries
from tests.cluster.control_plane import control_plane
from tests.cluster.plants import PLANTS, chart_with
from tests.cluster.scenarios import SCENARIOS, Release, prepare

RESULT = ROOT / "build" / "cluster.json"
BAR = "every scenario holds under enforced `restricted`"


def play(built: Path, plant: str) -> dict[str, Any]:
    """Seconds by scenario up to the first that fails, and what it said."""
    seconds: dict[str, float] = {}
    failed = ""
    folder = Path(tempfile.mkdtemp(prefix="maillage-cluster-"))
    say(f"Kubernetes {VERSION}; logs are in {folder} until all is well")
    with control_plane(built, folder) as (kubernetes, kubeconfig):
        prepare(kubernetes)
        release = Release(kubernetes, kubeconfig, chart_with(plant, folder))
        for scenario in SCENARIOS:
            if plant and scenario.__name__ not in ("install", PLANTS[plant].scenario):
                continue
            name, started_at = scenario.__name__.replace("_", " "), time.monotonic()
            try:
                scenario(release)
            except Exception as error:
                failed = f"{name}: {type(error).__name__}: {error}"
                say(f"  {failed}")
                break
            seconds[name] = round(time.monotonic() - started_at, 1)
            say(f"  {name}: holds ({seconds[name]} s)")
    if not failed:
        shutil.rmtree(folder)
    return {"kubernetes": VERSION, "seconds": seconds, "failed": failed}


def main() -> int:
    # Whoever stops us stops the control plane too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        built = binaries()
    except NotHere as reason:
        say(f"SKIPPED: the chart was not installed into a control plane, because {reason}.")
        return 0
    plant = os.environ.get("PLANT", "")
    figures = play(built, plant)
    ok = not figures["failed"]
    if not plant:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps({"cluster": {"figures": figures, "bar": BAR, "ok": ok}}, indent=2) + "\n")
    say("The chart does what operators do with it." if ok else f"The chart does NOT hold: {figures['failed']}")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())

"""Plays the story of a booking on docker-compose.yml: `python -m tests.deploy.play_on_compose`.

Ends with 0 when it was played to its end, or could not be tried here, which it then says in its last line.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from typing import Any

from maillage.console import say
from tests.architecture.source_tree import ROOT

PROJECT = "maillage-test"
RESULT = ROOT / "build" / "compose.json"
UP_SECONDS = 900
FILES = ["docker-compose.yml", "deploy/compose/test.yaml"]
LOCAL = "deploy/compose/local.yaml"
FOREIGN = {"postgres", "kafka", "prometheus", "grafana"}
MEGABYTE = 1024 * 1024
NOT_ON_ONE_SERVER = {"certificates"}
"""Checks of the doctor that cannot hold here: the network between containers of one machine is not encrypted."""


class NotHere(Exception):
    """This machine has no part that is needed; the text says which."""


def run(*command: str, check: bool = True, capture: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=check, cwd=ROOT, text=True, capture_output=capture, timeout=UP_SECONDS)


def answers(*command: str) -> bool:
    return run(*command, check=False, capture=True).returncode == 0


class Composition:
    """The Compose project of the test."""

    def __init__(self, files: list[str]) -> None:
        self._command = ["docker", "compose", "--project-name", PROJECT]
        for name in files:
            self._command += ["--file", name]

    def __call__(self, *arguments: str, check: bool = True) -> int:
        return run(*self._command, *arguments, check=check).returncode

    def containers(self) -> dict[str, dict[str, Any]]:
        """What the engine says of each container that runs, by the service's name in the file."""
        ids = run(*self._command, "ps", "--quiet", capture=True).stdout.split()
        found = json.loads(run("docker", "inspect", *ids, capture=True).stdout)
        return {item["Config"]["Labels"]["com.docker.compose.service"]: item for item in found}

    def ailing(self) -> list[str]:
        """Ids of the doctor's checks that failed."""
        command = [*self._command, "run", "--rm", "doctor", "maillage.main", "doctor", "--json"]
        report = json.loads(run(*command, check=False, capture=True).stdout)
        return [check["id"] for check in report["checks"] if check["state"] == "failed"]

    def memory_megabytes(self) -> dict[str, float]:
        """Memory of each container now."""
        ids = {item["Id"]: name for name, item in self.containers().items()}
        lines = run(
            "docker", "stats", "--no-stream", "--no-trunc", "--format", "{{.ID}} {{.MemUsage}}", capture=True
        ).stdout
        used = {line.split()[0]: line.split()[1] for line in lines.splitlines()}
        return {name: _megabytes(used[number]) for number, name in sorted(ids.items(), key=lambda item: item[1])}


def _megabytes(text: str) -> float:
    units = {"GiB": 1024.0, "MiB": 1.0, "KiB": 1 / 1024, "B": 1 / MEGABYTE}
    unit = next(name for name in units if text.endswith(name))
    return round(float(text.removesuffix(unit)) * units[unit], 1)


def unconfined(containers: dict[str, dict[str, Any]]) -> list[str]:
    """Containers of ours that run with more than the chart allows."""
    return [
        name
        for name, item in containers.items()
        if name not in FOREIGN
        and (
            item["Config"]["User"] != "65532:65532"
            or not item["HostConfig"]["ReadonlyRootfs"]
            or item["HostConfig"]["CapDrop"] != ["ALL"]
            or item["HostConfig"]["CapAdd"]
            or not item["HostConfig"]["Memory"]
            or "no-new-privileges:true" not in item["HostConfig"]["SecurityOpt"]
        )
    ]


def restarted(containers: dict[str, dict[str, Any]]) -> list[str]:
    """Containers that died on the way; the engine starts them again and says nothing."""
    return [name for name, item in containers.items() if item["RestartCount"] or item["State"]["OOMKilled"]]


def prepared() -> Composition:
    """Builds what is missing; raises NotHere."""
    if shutil.which("docker") is None or not answers("docker", "info"):
        raise NotHere("no container engine answers")
    if not answers("docker", "compose", "version"):
        raise NotHere("the engine has no `docker compose` (version 2)")
    if not answers("docker", "image", "inspect", "maillage/tools:0.1.0"):
        run("deploy/images/build.sh")
    run(sys.executable, "-m", "maillage.main", "compose", "deploy/compose/settings")
    if answers("docker", "image", "inspect", "postgres:18") or answers("docker", "pull", "--quiet", "postgres:18"):
        return Composition(FILES)
    say("images cannot be pulled: PostgreSQL, Kafka and Prometheus are built here, Grafana is left out")
    if not answers("docker", "image", "inspect", "maillage/local-postgres:18", "maillage/local-kafka:4"):
        run("deploy/compose/local/build.sh")
    return Composition([*FILES, LOCAL])


def play(compose: Composition) -> dict[str, Any]:
    """Up, the doctor, the story; every outcome as it was."""
    started_at = time.monotonic()
    compose("up", "--detach", "--wait", "--wait-timeout", str(UP_SECONDS - 60))
    ready_seconds = round(time.monotonic() - started_at, 1)
    idle = compose.memory_megabytes()
    story = compose("run", "--rm", "story", check=False)
    ailing = compose.ailing()
    containers = compose.containers()
    return {
        "ready_seconds": ready_seconds,
        "story_exit": story,
        "doctor_finds": ailing,
        "unconfined": unconfined(containers),
        "restarted": restarted(containers),
        "containers": len(containers),
        "memory_megabytes_idle": idle,
        "memory_megabytes_after_story": compose.memory_megabytes(),
    }


def main() -> int:
    try:
        compose = prepared()
    except NotHere as reason:
        say(f"SKIPPED: the story was not played on Compose, because {reason}.")
        return 0
    try:
        outcome = play(compose)
    except subprocess.CalledProcessError:
        compose("logs", "--tail", "15", check=False)
        raise
    finally:
        compose("--profile", "tools", "down", "--volumes", "--timeout", "15", check=False)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(outcome, indent=1) + "\n")
    say(json.dumps(outcome, indent=1))
    unexpected = sorted(set(outcome["doctor_finds"]) - NOT_ON_ONE_SERVER)
    faults = [outcome["story_exit"], unexpected, outcome["unconfined"], outcome["restarted"]]
    say("The story holds on Compose." if not any(faults) else f"The story does NOT hold on Compose: {faults}")
    return 1 if any(faults) else 0


if __name__ == "__main__":
    sys.exit(main())

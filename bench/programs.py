"""Programs in processes of their own: started, asked about, and ended."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_LONGEST_START = 30.0
_BETWEEN_LOOKS = 0.005


class DidNotStart(Exception):
    """A program ended, or gave no 200, before it could be measured."""


class Program:
    """A running process."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self.seconds_to_health = 0.0
        self._log = log

    def wait_for_health(self, since: float) -> None:
        """Wait for the first 200 of ``/healthz``, looked for every 5 ms."""
        while not _is_healthy(self.port):
            if self.process.poll() is not None or time.perf_counter() - since > _LONGEST_START:
                said = self._log.read_text()[-3000:]
                raise DidNotStart(f"no 200 from /healthz; it said:\n{said}")
            time.sleep(_BETWEEN_LOOKS)
        self.seconds_to_health = time.perf_counter() - since

    def memory(self) -> float:
        """Return the resident memory in MB (a million bytes)."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
            kibibytes = line.split()[1]
        except OSError:
            command = ["ps", "-o", "rss=", "-p", str(self.process.pid)]
            kibibytes = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        return int(kibibytes) * 1024 / 1e6

    def cpu(self) -> float | None:
        """Return the seconds of processor time used so far; None where that cannot be told."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let it do nothing at all within this, whatever it has still to do."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a power cut would: no farewell."""
        self.process.kill()
        self.process.wait()


def unused_cores() -> float | None:
    """Return the core-seconds that this machine had nothing to do so far; None if unknown."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    except OSError:
        return None
    return int(fields[4]) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(
    command: list[str], environment: Mapping[str, str], port: int, folder: Path
) -> Iterator[Program]:
    """Start a program in ``folder`` and wait until it is healthy; end it if it still runs.

    Nothing that this machine has set for pollbot or Slack reaches it, nor does a ``.env``.
    """
    log = folder / "log"
    with log.open("wb") as written:
        since = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=clean_environment() | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
        )
    try:
        program = Program(process, port, log)
        program.wait_for_health(since)
        yield program
    finally:
        end(process)


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would change the measurement."""
    # With PYTHONDONTWRITEBYTECODE set, each start would compile pollbot anew: nobody runs it so.
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SLACK_", "POLLBOT_")) and name != "PYTHONDONTWRITEBYTECODE"
    }


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process that we started, gently if it lets us."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()

"""Broker, bridge and gateway beside Odoo: mosquitto found or unpacked, all watched."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from . import debian
from .announce import Refusal, step
from .database import DatabaseAddress
from .locations import Locations
from .processes import last_line, run_quietly

# The clients are what the tests put in the place of a device.
PACKAGES = {"stable": ("mosquitto", "mosquitto-clients")}
PROGRAMS_NEEDED = ("mosquitto", "mosquitto_pub", "mosquitto_sub")
PLUGIN = "usr/lib/*-linux-gnu*/mosquitto_dynamic_security.so"
START_SECONDS = 20
BRIDGE_USER = "ttcs-bridge"
# In the order in which they are stopped.
PROGRAMS = ("simulator", "gateway", "bridge", "broker")


def find_or_fetch(locations: Locations) -> Path | None:
    """The folder into which mosquitto was unpacked; None where the system has it installed."""
    if all(map(shutil.which, PROGRAMS_NEEDED)) and list(Path("/").glob(PLUGIN)):
        return None
    if list(locations.broker.glob(PLUGIN)) and list(locations.broker.glob("usr/bin/*_pub")):
        return locations.broker
    with step("Fetching the message broker (mosquitto)"):
        packages = debian.fetch(locations, "broker", PACKAGES, "the message broker")
        debian.unpack(packages, locations.broker, ["*/share/*"])
    return locations.broker


class Wire:
    """Broker, bridge and gateway of one instance, with simulated devices if there are any.

    :param password: the bridge's at the broker
    """

    def __init__(self, locations: Locations, password: str) -> None:
        self.locations = locations
        self.password = password
        self.processes: dict[str, subprocess.Popen] = {}

    @property
    def url(self) -> str:
        """Where devices find the broker."""
        return f"mqtt://localhost:{self.locations.mqtt_port}"

    @property
    def keys(self) -> Path:
        """The folder of the bridge's keys."""
        return self.locations.wire / "keys"

    @property
    def simulated(self) -> Path:
        """The accounts of simulated devices."""
        return self.locations.wire / "simulated-devices.jsonl"

    def make_keys(self) -> None:
        """The bridge's keys exist before the first device is enrolled."""
        run_quietly(
            [self.locations.python, "-m", "ttcs_wire.keys", self.keys, "make"],
            log=self._log("setup"),
            failure="Cannot make the keys of the bridge",
        )

    def start(self, database: DatabaseAddress) -> None:
        """Start both and wait until the broker answers.

        :raises Refusal: when the port is taken or the broker does not start
        """
        self._stop_leftovers()
        port = self.locations.mqtt_port
        if _answers(port):
            raise Refusal(
                f"Port {port} is in use by another program; stop it or choose another TTCS_PORT."
            )
        root = find_or_fetch(self.locations)
        program = [self.locations.python, "-m", "ttcs_wire.broker", self.locations.wire / "broker"]
        program += [str(port), "--interface", self.locations.interface]
        program += ["--root", root] if root else []
        secret = {"TTCS_BROKER_PASSWORD": self.password}
        self.processes["broker"] = self._spawn("broker", program, secret)
        until = time.monotonic() + START_SECONDS
        while not _answers(port):
            if self.processes["broker"].poll() is not None or time.monotonic() > until:
                log = self._log("broker")
                raise Refusal(f"The broker did not start (see {log}: {last_line(log)})")
            time.sleep(0.1)
        user = f"{BRIDGE_USER}:{quote(self.password, safe='')}"
        settings = {
            "TTCS_MQTT_URL": f"mqtt://{user}@127.0.0.1:{port}",
            "TTCS_BRIDGE_DSN": database.bridge_dsn,
            "TTCS_BRIDGE_KEYS": str(self.keys),
        }
        program = [self.locations.python, "-m", "ttcs_wire.bridge"]
        self.processes["bridge"] = self._spawn("bridge", program, settings)
        folder = self.locations.wire / "vendors"
        folder.mkdir(exist_ok=True)
        settings = {
            **settings,
            "TTCS_GATEWAY_LISTEN": f"{self.locations.interface}:{self.locations.gateway_port}",
            "TTCS_GATEWAY_FOLDER": str(folder),
        }
        program = [self.locations.python, "-m", "ttcs_wire.gateway"]
        self.processes["gateway"] = self._spawn("gateway", program, settings)
        if self.simulated.exists():
            program = [
                self.locations.python,
                "-m",
                "ttcs_wire.simulator",
                self.url,
                self.simulated,
            ]
            self.processes["simulator"] = self._spawn("simulator", program, {})

    def stop(self) -> None:
        """Stop what was started, the broker last."""
        for name in PROGRAMS:
            process = self.processes.pop(name, None)
            self._pid_file(name).unlink(missing_ok=True)
            if process is None or process.poll() is not None:
                continue
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=15)
            if process.poll() is None:
                process.kill()
                process.wait()

    def _spawn(self, name: str, program: list, settings: dict[str, str]) -> subprocess.Popen:
        self.locations.wire.mkdir(parents=True, exist_ok=True)
        log = self._log(name).open("ab")
        process = subprocess.Popen(
            [str(part) for part in program],
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self._pid_file(name).write_text(str(process.pid))
        return process

    def _stop_leftovers(self) -> None:
        """End what a killed run left behind: its pid is noted, its command line names ours."""
        for name in PROGRAMS:
            path = self._pid_file(name)
            with contextlib.suppress(OSError, ValueError):
                pid = int(path.read_text())
                command = Path(f"/proc/{pid}/cmdline").read_text()
                if "ttcs_wire" in command or str(self.locations.wire) in command:
                    os.kill(pid, signal.SIGTERM)
                    _until_gone(pid)
            path.unlink(missing_ok=True)

    def _pid_file(self, name: str) -> Path:
        return self.locations.wire / f"{name}.pid"

    def _log(self, name: str) -> Path:
        return self.locations.wire / f"{name}.log"


def _until_gone(pid: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and Path(f"/proc/{pid}").exists():
        time.sleep(0.1)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False

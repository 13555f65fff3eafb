"""A cable pulled between two ends of the line: packets vanish, nobody is told.

The bridge, or the devices, live in a network namespace of their own, joined to this one by
virtual cables.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from wire_line import Process, dsn, eventually, living

DEVICES = 10
CUT_SECONDS = 40
NOTICED = {"database": "The database does not answer", "broker": "Lost the broker"}
CABLES = ("database", "broker")
_numbers = itertools.count(1)


def unused_network() -> tuple[str, str]:
    """Two addresses of a small network that nothing here uses, not even a run that was killed."""
    taken = subprocess.run(
        ["ip", "-o", "address"], check=True, capture_output=True, text=True, timeout=20
    ).stdout
    while True:
        network = f"10.{random.randrange(100, 250)}.{random.randrange(256)}."
        if network not in taken:
            return f"{network}1", f"{network}2"


class Island:
    """A network namespace with a cable to each server; ``pull`` and ``plug`` one of them."""

    def __init__(self) -> None:
        if not shutil.which("ip"):
            raise RuntimeError("This test needs the program ip (package iproute2).")
        self.name = f"t{os.getpid() % 100_000}i{next(_numbers)}"
        self.here: dict[str, str] = {}
        self._run("netns", "add", self.name)
        self._run("-n", self.name, "link", "set", "lo", "up")
        for server in CABLES:
            near, far = self._ends(server)
            here, there = unused_network()
            self.here[server] = here
            self._run("link", "add", near, "type", "veth", "peer", far)
            self._run("link", "set", far, "netns", self.name)
            self._run("address", "add", f"{here}/30", "dev", near)
            self._run("link", "set", near, "up")
            self._run("-n", self.name, "address", "add", f"{there}/30", "dev", far)
            self._run("-n", self.name, "link", "set", far, "up")

    def _ends(self, server: str) -> tuple[str, str]:
        return f"{self.name}{server[0]}n", f"{self.name}{server[0]}f"

    @staticmethod
    def _run(*arguments: str) -> None:
        subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=20)

    def inside(self, command: list[str]) -> list[str]:
        return ["ip", "netns", "exec", self.name, *command]

    def pull(self, server: str) -> None:
        self._run("link", "set", self._ends(server)[0], "down")

    def plug(self, server: str) -> None:
        self._run("link", "set", self._ends(server)[0], "up")

    def remove(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("netns", "delete", self.name)


class Relay:
    """Lets the island reach a port of this machine that listens for itself only."""

    def __init__(self, here: str, port: int) -> None:
        self.port = port
        self.server = socket.create_server((here, 0))
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def way(self) -> str:
        return "{}:{}".format(*self.server.getsockname())

    def close(self) -> None:
        """End every connection too: behind a cut nobody else would."""
        for one in (self.server, *self.ends):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.server.accept()
                far = socket.create_connection(("127.0.0.1", self.port))
                self.ends += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    @staticmethod
    def _pass_on(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def island() -> Iterator[Island]:
    made = Island()
    yield made
    made.remove()


@pytest.mark.parametrize("pulled", CABLES)
def test_a_silent_network_is_noticed_and_loses_nothing(wire, server, island, pulled):
    """The bridge's way to one of them is cut for longer than either end waits for the other."""
    place = server["place"].rpartition(":")[2]
    ports = {"database": int(place), "broker": wire.port}
    relays = {name: Relay(island.here[name], port) for name, port in ports.items()}
    ways = {name: one.way for name, one in relays.items()}
    wire.bridge.stop()
    settings = wire.bridge.environment
    wire.bridge.environment = {
        **settings,
        "TTCS_MQTT_URL": settings["TTCS_MQTT_URL"].replace(
            f"127.0.0.1:{wire.port}", ways["broker"]
        ),
        "TTCS_BRIDGE_DSN": dsn({**server, "place": ways["database"]}, "ttcs_bridge"),
    }
    wire.bridge.command = island.inside(wire.bridge.command)
    wire.bridge.start()
    try:
        accounts = wire.enrol(DEVICES)
        with living(wire, accounts, interval=0.2) as fleet:
            links = list(fleet.links.values())
            time.sleep(2)
            commands = [wire.command(account.code, seconds=300) for account in accounts]
            island.pull(pulled)
            time.sleep(CUT_SECONDS)
            # Without patience of our own TCP would say nothing for a quarter of an hour.
            assert NOTICED[pulled] in wire.bridge.log.read_text()
            island.plug(pulled)
            fleet.interval = 1_000
            time.sleep(0.5)
            for link in links:
                link.drop()
            eventually(lambda: not any(link.device.held for link in links), 120)
            eventually(lambda: all(wire.state(one) == "done" for one in commands), 120)
            numbers = {link.device.code: link.device._number for link in links}
        rows = wire.books.execute(
            "SELECT code, count(*), count(DISTINCT seq) FROM ttcs_tele.sample"
            " JOIN ttcs_tele.device ON device.id = device_id GROUP BY 1"
        ).fetchall()
        assert {code: counts for code, *counts in rows} == {
            code: [number, number] for code, number in numbers.items()
        }
    finally:
        for one in relays.values():
            one.close()


def test_devices_behind_a_cut_cable_are_seen_to_be_gone_and_lose_nothing(wire, island):
    """What they measure meanwhile comes later; what is asked of them meanwhile is carried out."""
    relay = Relay(island.here["broker"], wire.port)
    accounts = wire.enrol(DEVICES)
    file = wire.folder / "accounts.jsonl"
    told = [{"code": one.code, "password": one.password, "keys": one.keys} for one in accounts]
    file.write_text("".join(json.dumps(one) + "\n" for one in told))
    program = [sys.executable, "-m", "ttcs_wire.simulator", f"mqtt://{relay.way}", str(file)]
    options = ["--interval", "0.5", "--keep-alive", "10"]
    devices = Process(
        island.inside(program + options), dict(os.environ), wire.folder / "devices.log"
    )
    devices.start()
    try:
        online = "SELECT count(*) FROM ttcs_tele.last WHERE online"
        eventually(lambda: wire.one(online) == DEVICES, 60)
        island.pull("broker")
        began = wire.one("SELECT now() AT TIME ZONE 'UTC'")
        eventually(lambda: wire.one(online) == 0, 60)
        commands = [wire.command(account.code, seconds=300) for account in accounts]
        time.sleep(5)
        ended = wire.one("SELECT now() AT TIME ZONE 'UTC'")
        island.plug("broker")
        eventually(lambda: wire.one(online) == DEVICES, 120)
        eventually(lambda: all(wire.state(one) == "done" for one in commands), 60)
        missed = """
            SELECT count(*) FROM (
                SELECT device_id FROM ttcs_tele.sample GROUP BY 1
                HAVING count(*) = max(seq) AND count(DISTINCT seq) = max(seq)
                    AND count(*) FILTER (WHERE ts BETWEEN %s AND %s)
                        >= extract(epoch FROM %s::timestamp - %s) - 3
            ) whole
        """
        eventually(lambda: wire.one(missed, began, ended, ended, began) == DEVICES, 60)
    finally:
        devices.stop()
        relay.close()
    assert wire.quarantine() == {}

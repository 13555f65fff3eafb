"""Odoo killed -9 while operators give orders: each order is carried out whole and once, or not.

Broker, bridge, database and devices are real and live on without Odoo.  ``TTCS_WIRE_KILLS`` says
how often it is killed; the long run asks for twenty.
"""

from __future__ import annotations

import configparser
import http.client
import json
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "wire"))

from wire_line import Wire, a_line, dsn, eventually, living  # noqa: E402

from ttcs_wire.sealing import seal  # noqa: E402
from ttcs_wire.simulator import Account  # noqa: E402

KILLS = int(os.environ.get("TTCS_WIRE_KILLS", "2"))
PATIENCE = 120


class Operator:
    """Who gives one order after the other to a device, and looks again when no answer came."""

    def __init__(self, server, login: str, password: str, agency: int, device: int) -> None:
        self.server = server
        self.account = {"db": server.database, "login": login, "password": password}
        self.agency = agency
        self.device = device
        self.cookie = ""
        self.orders: list[int] = []

    def sign_in(self) -> None:
        answer, headers = self._post("/web/session/authenticate", self.account)
        assert answer.get("uid")
        self.cookie = headers["Set-Cookie"].partition(";")[0]

    def live(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            self.order(f"Thử lần {len(self.orders) + 1} của {self.device}")

    def order(self, reason: str) -> None:
        """An order, written and sent; after a cut it is looked up by its reason."""
        values = {
            "operation": "volume",
            "volume": random.randrange(10, 90),
            "agency_id": self.agency,
            "device_ids": [(6, 0, [self.device])],
            "reason": reason,
        }
        found = None
        while not found:
            self._try("create", [values])
            found = self._surely("search_read", [("reason", "=", reason)], ["state"])
        while (
            self._surely("search_read", [("reason", "=", reason)], ["state"])[0]["state"]
            == "draft"
        ):
            self._try("action_submit", [found[0]["id"]])
        self.orders += [one["id"] for one in found]

    def _surely(self, method: str, *arguments) -> list:
        until = time.monotonic() + PATIENCE
        while (answer := self._try(method, *arguments)) is None:
            assert time.monotonic() < until, "Odoo did not come back"
            time.sleep(0.2)
        return answer

    def _try(self, method: str, *arguments):
        """What Odoo answers; None when it was not there or ended meanwhile."""
        path = f"/web/dataset/call_kw/ttcs.device.order/{method}"
        params = {"model": "ttcs.device.order", "method": method, "args": arguments, "kwargs": {}}
        try:
            answer, _headers = self._post(path, params)
        except (OSError, http.client.HTTPException):
            return None
        return answer

    def _post(self, path: str, params: dict) -> tuple:
        place = self.server.root.removeprefix("http://")
        connection = http.client.HTTPConnection(place, timeout=60)
        headers = {"Content-Type": "application/json", "Cookie": self.cookie}
        connection.request("POST", path, json.dumps({"params": params}), headers)
        response = connection.getresponse()
        told = json.loads(response.read())
        assert "error" not in told, told["error"]["data"]["message"]
        return told["result"], response.headers


@pytest.fixture
def line(field_server, odoo_settings, tmp_path) -> Iterator[Wire]:
    """Broker and bridge on the database of the server."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(odoo_settings)
    options = parser["options"]
    names = {
        "place": f"{options['db_host']}:{options['db_port']}",
        options["db_user"]: options["db_password"],
        "ttcs_bridge": (odoo_settings.parent / "bridge.secret").read_text(),
    }
    books = psycopg.connect(dsn(names, options["db_user"], field_server.database), autocommit=True)
    with books, a_line(tmp_path, books, dsn(names, "ttcs_bridge", field_server.database)) as made:
        yield made
        # Other tests of this server count what is on its way and who is connected.
        books.execute("TRUNCATE ttcs_tele.command, ttcs_tele.command_move, ttcs_tele.last")


def let_in(line: Wire, devices: list[int]) -> list[Account]:
    """Devices that the books know, given a password each."""
    public = line.keys.sealing.public_key().public_bytes_raw()
    rows = line.books.execute(
        "SELECT code FROM ttcs_tele.device WHERE id = ANY(%s) ORDER BY id", [devices]
    ).fetchall()
    accounts = [Account(code, f"secret-{code}", line.keys.told()["keys"]) for (code,) in rows]
    for account in accounts:
        line.books.execute(
            "INSERT INTO ttcs_tele.credential (device, act, sealed) VALUES (%s, 'set', %s)",
            [account.code, seal(account.password, account.code, public)],
        )
    waiting = "SELECT count(*) FROM ttcs_tele.credential WHERE done_at IS NULL"
    eventually(lambda: not line.one(waiting), 60)
    return accounts


def test_orders_are_whole_and_devices_live_on(field_server, line):
    known = field_server.run(HERE / "killed_data.py")
    accounts = let_in(line, known["devices"])
    field_server.start()
    operators = [
        Operator(field_server, known["login"], known["password"], known["agency"], device)
        for device in known["devices"]
    ]
    for operator in operators:
        operator.sign_in()
    stopping = threading.Event()
    with living(line, accounts, interval=0.2) as fleet:
        threads = [threading.Thread(target=one.live, args=[stopping]) for one in operators]
        for thread in threads:
            thread.start()
        for _ in range(KILLS):
            time.sleep(random.uniform(1, 3))
            field_server.kill()
            before = line.one("SELECT count(*) FROM ttcs_tele.sample")
            # Nobody needs Odoo for what devices say to be kept.
            eventually(lambda b=before: line.one("SELECT count(*) FROM ttcs_tele.sample") > b, 20)
            field_server.start()
        time.sleep(2)
        stopping.set()
        for thread in threads:
            thread.join(timeout=PATIENCE)
        assert not any(thread.is_alive() for thread in threads)
        open_ = "SELECT count(*) FROM ttcs_tele.command WHERE state NOT IN ('done', 'refused')"
        eventually(lambda: not line.one(open_), 60)
        carried_out = {
            link.device.code: len(link.device.carried_out) for link in fleet.links.values()
        }
    for operator, account in zip(operators, accounts, strict=True):
        assert operator.orders
        rows = line.books.execute(
            "SELECT ordered.id, count(command.id) FROM ttcs_device_order ordered"
            " LEFT JOIN ttcs_tele.command ON command.order_id = ordered.id"
            " WHERE ordered.id = ANY(%s) AND ordered.state <> 'draft' GROUP BY 1",
            [operator.orders],
        ).fetchall()
        # As many as the operator knows of, a single command each, carried out once.
        assert sorted(rows) == [(order, 1) for order in sorted(operator.orders)]
        assert carried_out[account.code] == len(operator.orders)

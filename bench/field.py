"""A phone in the field: its area, a day's actions, its first visit and opening without a network.

    make bench ARGS=field

Asks a real server over HTTP, on a copy of the database, and a real browser.  The baseline does
the same work as a plain client of Odoo does: one JSON-RPC call for each action, as the same user,
without the ledger that makes an action happen once.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import _target
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "browser"))

from odoo_server import OdooServer  # noqa: E402

# The app sends so many at once.
BATCH = 100
# Of 200 actions of a day: work orders closed, conditions, positions, faults.
DAY = {"close_order": 60, "set_condition": 60, "set_position": 50, "report_fault": 30}
SLOWDOWN = 4
OPENINGS = 7
ZXING = "zxing"
# When the first work order stands on the screen, in milliseconds since the page was asked for.
STOPWATCH = """
    new MutationObserver((_changes, watch) => {
        if (document.querySelector("main .item")) {
            self.opened = performance.now();
            watch.disconnect();
        }
    }).observe(document, { childList: true, subtree: true });
"""


class Client:
    """One connection that is kept open, as a browser does."""

    def __init__(self, root: str):
        self._connection = http.client.HTTPConnection(urlsplit(root).netloc, timeout=300)
        self.headers: dict[str, str] = {}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers) -> tuple:
        """Status, headers and body of the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, path, body, {**self.headers, **named})
        response = self._connection.getresponse()
        return response.status, response.headers, response.read()

    def post_json(self, path: str, data: dict) -> dict:
        body = json.dumps(data).encode()
        status, _headers, answer = self.ask("POST", path, body, Content_Type="application/json")
        assert status == 200, answer[:500]
        return json.loads(answer)


class Phone(Client):
    """A client of the field interface, signed in."""

    def __init__(self, root: str, known: dict):
        super().__init__(root)
        account = {"login": known["login"], "password": known["password"]}
        token = self.post_json("/kt/api/sign-in", account)["token"]
        self.headers["Authorization"] = f"Bearer {token}"

    def send(self, actions: list[dict]) -> int:
        """Send actions as the app does; gives how many were done."""
        now = datetime.now(UTC).isoformat()
        mark = uuid.uuid4().hex
        fields = {"actions": json.dumps(actions), "sent_at": now, "waiting": "0"}
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        body = ("".join(parts) + f"--{mark}--\r\n").encode()
        kind = f"multipart/form-data; boundary={mark}"
        status, _headers, answer = self.ask("POST", "/kt/api/actions", body, Content_Type=kind)
        assert status == 200, answer[:500]
        verdicts = json.loads(answer)["verdicts"].values()
        return sum(verdict["verdict"] == "done" for verdict in verdicts)


class PlainClient(Client):
    """A client of Odoo's own interface, signed in with a session."""

    def __init__(self, root: str, known: dict, database: str):
        super().__init__(root)
        params = {"db": database, "login": known["login"], "password": known["password"]}
        body = json.dumps({"params": params}).encode()
        _status, headers, _answer = self.ask(
            "POST", "/web/session/authenticate", body, Content_Type="application/json"
        )
        self.headers["Cookie"] = headers["Set-Cookie"].partition(";")[0]

    def call(self, model: str, method: str, *arguments) -> None:
        params = {"model": model, "method": method, "args": arguments, "kwargs": {}}
        answer = self.post_json(f"/web/dataset/call_kw/{model}/{method}", {"params": params})
        assert "error" not in answer, answer["error"]["data"]["message"]

    def do(self, kind: str, payload: dict, done: int) -> None:
        """Do what an action of a phone means."""
        if kind == "close_order":
            values = {"result": payload["result"], "stage_id": done}
            self.call("maintenance.request", "write", [payload["order"]], values)
        elif kind == "set_condition":
            values = {"condition": payload["condition"]}
            self.call("maintenance.equipment", "write", [payload["asset"]], values)
        elif kind == "set_position":
            place = payload["position"]
            values = {name: place[name] for name in ("latitude", "longitude")}
            values["position_accuracy"] = place["accuracy"]
            self.call("maintenance.equipment", "write", [payload["asset"]], values)
        else:
            values = {
                "name": payload["text"],
                "equipment_id": payload["asset"],
                "maintenance_type": "corrective",
            }
            self.call("maintenance.request", "create", [values])


def actions_of(kinds: dict[str, int], assets: list[int], orders: list[int]) -> list[dict]:
    """Actions of these kinds, about other assets each, mixed as in a day's work."""
    place = {"latitude": 10.4, "longitude": 105.6, "accuracy": 4}
    made = []
    for kind, count in kinds.items():
        for number in range(count):
            payload = {
                "close_order": lambda: {"order": orders.pop(), "result": "repaired"},
                "set_condition": lambda: {"asset": assets.pop(), "condition": "degraded"},
                "set_position": lambda: {
                    "asset": assets.pop(),
                    "position": place,
                    "force": True,
                },
                "report_fault": lambda: {
                    "asset": assets.pop(),
                    "text": "Loa rè",
                    "severity": "major",
                },
            }[kind]()
            made.append((number / count, kind, payload))
    now = datetime.now(UTC).isoformat()
    return [
        {"uuid": str(uuid.uuid4()), "kind": kind, "payload": payload, "created_at": now}
        for _share, kind, payload in sorted(made, key=lambda one: one[0])
    ]


def row(title: str, count: int, seconds: float, note: str = "") -> None:
    print(f"| {title} | {count:,} | {seconds:.2f} | {note} |", flush=True)


def measure_area(phone: Phone) -> None:
    for note in ("just started", "again"):
        started = time.perf_counter()
        _status, _headers, body = phone.ask("GET", "/kt/api/area", Accept_Encoding="gzip")
        seconds = time.perf_counter() - started
        _status, _headers, plain = phone.ask("GET", "/kt/api/area")
        count = len(json.loads(plain)["assets"]["rows"])
        sizes = f"{len(plain) / 1024:,.0f} kB, {len(body) / 1024:.0f} kB sent; {note}"
        row("Area downloaded, assets", count, seconds, sizes)


def measure_sync(server: OdooServer, phone: Phone, known: dict) -> None:
    assets, orders = list(known["assets"]), list(known["orders"])
    half = {kind: count // 2 for kind, count in DAY.items()}
    phone.send(actions_of({"set_condition": 2, "report_fault": 2}, assets, orders))
    for title, kinds in (
        ("Sync of a day's actions, two requests", half),
        *((f"Of one kind: {kind}", {kind: 20}) for kind in DAY),
    ):
        rounds = 2 if kinds is half else 1
        batches = [actions_of(kinds, assets, orders) for _round in range(rounds)]
        forget_peak(server)
        started = time.perf_counter()
        done = sum(phone.send(actions) for actions in batches)
        seconds = time.perf_counter() - started
        count = sum(map(len, batches))
        note = f"{1000 * seconds / count:.1f} ms each; peak {peak(server):.0f} MB"
        assert done == count, f"{done} of {count} done"
        row(title, count, seconds, note)


def measure_baseline(server: OdooServer, known: dict) -> None:
    assets, orders = list(reversed(known["assets"])), list(reversed(known["orders"]))
    client = PlainClient(server.root, known, server.database)
    for action in actions_of({"set_condition": 2, "report_fault": 2}, assets, orders):
        client.do(action["kind"], action["payload"], known["done"])
    actions = actions_of(DAY, assets, orders)
    forget_peak(server)
    started = time.perf_counter()
    for action in actions:
        client.do(action["kind"], action["payload"], known["done"])
    seconds = time.perf_counter() - started
    note = f"{1000 * seconds / len(actions):.1f} ms each; peak {peak(server):.0f} MB"
    row("Baseline: the same, one JSON-RPC call each", len(actions), seconds, note)


def forget_peak(server: OdooServer) -> None:
    Path(f"/proc/{server.process_id}/clear_refs").write_text("5")


def peak(server: OdooServer) -> float:
    """Megabytes that the server used at most since ``forget_peak``."""
    lines = Path(f"/proc/{server.process_id}/status").read_text().splitlines()
    [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(kilobytes) / 1024


def measure_browser(server: OdooServer, known: dict) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["TTCS_CHROMIUM"], args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
        page = context.new_page()
        page.goto(f"{server.root}/kt/")
        page.fill("input[autocomplete=username]", known["login"])
        page.fill("input[type=password]", known["password"])
        page.click("button[type=submit]")
        page.wait_for_selector("main .item", timeout=60_000)
        data = json.loads(page.locator("#light-page").text_content())
        reader = data["files"][ZXING]
        kept = "(address) => caches.match(address).then(Boolean)"
        while not page.evaluate(kept, reader):
            time.sleep(0.1)
        first_visit(server, page.evaluate(KEPT_FILES), reader)
        server.kill()
        orders, times = 0, []
        for _opening in range(OPENINGS):
            opened = context.new_page()
            opened.add_init_script(STOPWATCH)
            protocol = context.new_cdp_session(opened)
            protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
            opened.goto(f"{server.root}/kt/#work")
            opened.wait_for_selector("main .item")
            times.append(opened.evaluate("opened") / 1000)
            orders = opened.locator("main .item").count()
            opened.close()
        note = f"{SLOWDOWN} times slower processor; slowest of {OPENINGS}: {max(times):.2f} s"
        row("Opened offline, orders on the screen", orders, statistics.median(times), note)
        browser.close()


KEPT_FILES = """async () => {
    const [name] = (await caches.keys()).filter((one) => !one.endsWith("answers"));
    const requests = await (await caches.open(name)).keys();
    return requests.map(({ url }) => new URL(url).pathname);
}"""


def first_visit(server: OdooServer, kept: list[str], reader: str) -> None:
    """What goes over the network before the phone can work offline."""
    client = Client(server.root)
    sizes = {}
    for path in {*kept, "/kt/worker.js", "/kt/manifest.webmanifest"}:
        _status, _headers, body = client.ask("GET", path, Accept_Encoding="gzip")
        sizes[path] = len(body) / 1024
    later = sizes.pop(reader)
    note = f"{sum(sizes.values()):.0f} kB; the QR reader for old phones follows: {later:.0f} kB"
    print(f"| First visit, files | {len(sizes)} | | {note} |", flush=True)


def main() -> None:
    print("## A phone in the field: 1,000 assets, 200 orders\n")
    print("| Case | Items | Seconds | |\n|---|--:|--:|---|")
    with tempfile.TemporaryDirectory() as folder:
        server = OdooServer(Path(_target.SETTINGS), _target.PROVINCE, Path(folder))
        try:
            server.copy_database()
            known = server.run(HERE / "_field_people.py")
            server.start()
            phone = Phone(server.root, known)
            measure_area(phone)
            measure_browser(server, known)
            server.start()
            measure_baseline(server, known)
            measure_sync(server, Phone(server.root, known), known)
        finally:
            server.kill()
            server.drop_database()


if __name__ == "__main__":
    main()

"""A network between a phone and the server that fails by a plan: the same seed, the same faults.

Of the requests to the field interface a given share meets one of these:

* ``lost``: the connection breaks before the server hears anything;
* ``upload cut``: it breaks while the request is being sent;
* ``unanswered``: the server does its work, its answer is lost;
* ``answer cut``: the answer breaks off in the middle;
* ``portal``: a gateway answers in the server's place, after the server did its work;
* ``slow``: the answer comes late.
"""

from __future__ import annotations

import http.client
import random
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAULTS = ("lost", "upload cut", "unanswered", "answer cut", "portal", "slow")
FAILING = "/kt/api/"
LATE = 0.5
REBUILT = ("/kt/", "/kt/worker.js")
CACHING = ("accept-encoding", "if-none-match")
HOP_HEADERS = ("connection", "keep-alive", "transfer-encoding", "host")


class FaultyNetwork:
    """Listens on a port of its own and passes everything on to the server's.

    :param port: of the server
    :param seed: of the faults
    :param share: of the requests that fail, 0 to 1; may be changed at any time
    """

    def __init__(self, port: int, seed: int, share: float = 0.0):
        self.share = share
        # Nothing reaches the field interface, while the pages of the app still come.
        self.is_silent = False
        # Answers to actions are kept back until the event is set.
        self.hold: threading.Event | None = None
        # The app is passed on as of another build: the old number and the new one.
        self.build: tuple[str, str] | None = None
        self.met: list[str] = []
        self.passed = 0
        self._server_port = port
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"network": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.root = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next_fault(self) -> str | None:
        """What the next request meets, drawn in the order in which requests arrive."""
        with self._lock:
            if self.is_silent:
                return "lost"
            if self._chance.random() >= self.share:
                self.passed += 1
                return None
            fault = self._chance.choice(FAULTS)
            self.met.append(fault)
            return fault

    def forward(self, method: str, path: str, headers: dict, body: bytes) -> tuple:
        """Ask the server; gives status, headers and body."""
        if self.build and path in REBUILT:
            headers = {name: headers[name] for name in headers if name.lower() not in CACHING}
        connection = http.client.HTTPConnection("127.0.0.1", self._server_port, timeout=120)
        try:
            connection.request(method, path, body=body or None, headers=headers)
            response = connection.getresponse()
            answer = response.status, response.getheaders(), response.read()
        finally:
            connection.close()
        return self._rebuilt(*answer) if self.build and path in REBUILT else answer

    def _rebuilt(self, status: int, headers: list, body: bytes) -> tuple:
        old, new = self.build
        headers = [(name, value.replace(old, new)) for name, value in headers]
        return status, headers, body.replace(old.encode(), new.encode())

    def send_half(self, method: str, path: str, headers: dict, body: bytes) -> None:
        """Begin a request and break off."""
        connection = http.client.HTTPConnection("127.0.0.1", self._server_port, timeout=120)
        connection.putrequest(method, path, skip_host=True)
        for name, value in {**headers, "Host": "localhost"}.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        connection.send(body[: len(body) // 2])
        connection.close()


class _Handler(BaseHTTPRequestHandler):
    network: FaultyNetwork

    def do_GET(self):
        self._pass_on()

    def do_POST(self):
        self._pass_on()

    def _pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in (*HOP_HEADERS, "content-length")
        }
        fault = self.network.next_fault() if self.path.startswith(FAILING) else None
        request = (self.command, self.path, headers, body)
        if fault == "lost":
            return self._break()
        try:
            if fault == "upload cut" and body:
                self.network.send_half(*request)
                return self._break()
            answer = self.network.forward(*request)
        except (OSError, http.client.HTTPException):
            return self._break()
        if fault == "unanswered" or fault == "upload cut":
            return self._break()
        if fault == "portal":
            answer = (502, [("Content-Type", "text/html")], b"<h1>Bad gateway</h1>")
        if self.network.hold and self.command == "POST":
            self.network.hold.wait()
        if fault == "slow":
            threading.Event().wait(LATE)
        self._answer(*answer, cut=fault == "answer cut")

    def _answer(self, status: int, headers: list, body: bytes, cut: bool):
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in (*HOP_HEADERS, "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            self.wfile.write(body[: len(body) // 2] if cut else body)
        except OSError:
            # The browser was closed meanwhile.
            return
        if cut:
            self._break()

    def _break(self):
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            # The other side was quicker.
            return

    def log_message(self, *_arguments):
        """Keep the test's output for the test."""

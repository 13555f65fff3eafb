"""Our contract over HTTP, for devices and vendors' servers that speak nothing else.

``POST /v1/<device>/up/<kind>``  a message of the contract as the body: 204 once it is kept
``POST /v1/up``                  ``[{"dev", "kind", "body"}, …]``: 200 with what was refused
``GET /v1/<device>/down?wait=25&cfg=0&sched=0``  signed commands, and what is newer than told

The secret of the connection is the bearer's.  A 2xx answer means committed, and only then may the
sender forget; 503 means that it may not.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
import psycopg

from ..bridge.downward import desired_body
from ..contract import MAX_MESSAGE_BYTES
from ..contract.commands import OPERATIONS
from ..contract.topics import UP_KINDS
from ..keys import BridgeKeys
from .keeper import Keeper
from .orders import claim, mark_sent

_log = logging.getLogger(__name__)

BATCH_BYTES = 1_048_576
BATCH_MESSAGES = 1_000
LONGEST_WAIT = 30.0
LOOK_EVERY = 0.5
# Requests at a time: past it a caller is told to come again.
AT_ONCE = 256
SOCKET_SECONDS = 40
UP = re.compile(r"/v1/([^/]{1,200})/up/([a-z]+)")
DOWN = re.compile(r"/v1/([^/]{1,200})/down")

DESIRED = """
    SELECT code, kind, version, body FROM ttcs_tele.desired
    JOIN ttcs_tele.device ON device.id = device_id AND active
    WHERE connection_id = %s AND external_code = %s
"""


class PushServer(ThreadingHTTPServer):
    """Serves every push connection of the books."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, place: tuple[str, int], keys: BridgeKeys) -> None:
        super().__init__(place, PushHandler)
        self.keys = keys
        self.signer = keys.signer()
        self.places = threading.BoundedSemaphore(AT_ONCE)
        self._keepers: dict[bytes, Keeper] = {}

    def serve_connections(self, keepers: dict[str, Keeper]) -> None:
        """From now on these: a keeper for each secret."""
        self._keepers = {_digest(secret.encode()): keeper for secret, keeper in keepers.items()}

    def keeper(self, secret: str) -> Keeper | None:
        """The connection whose secret this is; takes as long for a wrong one."""
        # Headers come as Latin-1, whatever their bytes mean.
        wanted = _digest(secret.encode("latin-1", "replace"))
        found = None
        for digest, keeper in self._keepers.items():
            if hmac.compare_digest(digest, wanted):
                found = keeper
        return found

    def handle_error(self, request, client_address) -> None:
        _log.info("A caller went away: %s", client_address[0])


class PushHandler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    timeout = SOCKET_SECONDS
    server: PushServer

    def do_POST(self) -> None:
        self._served(self._post)

    def do_GET(self) -> None:
        self._served(self._get)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a line for each sample would fill the disk."""

    def _served(self, serve: Callable[[Keeper], None]) -> None:
        if not self.server.places.acquire(blocking=False):
            self._refuse(429, "too-many", {"Retry-After": "5"})
            return
        try:
            scheme, _, secret = self.headers.get("Authorization", "").partition(" ")
            keeper = self.server.keeper(secret.strip()) if scheme.lower() == "bearer" else None
            if keeper is None:
                self._refuse(401, "unknown-secret", {"WWW-Authenticate": "Bearer"})
                return
            serve(keeper)
        except psycopg.OperationalError as error:
            _log.warning("The database does not answer: %s", str(error).strip())
            self._refuse(503, "not-kept", {"Retry-After": "5"})
        finally:
            self.server.places.release()

    def _post(self, keeper: Keeper) -> None:
        path = urlsplit(self.path).path
        match = UP.fullmatch(path)
        if match and match[2] in UP_KINDS:
            self._take_one(keeper, unquote(match[1]), match[2])
        elif path == "/v1/up":
            self._take_batch(keeper)
        else:
            self._refuse(404, "unknown-path")

    def _take_one(self, keeper: Keeper, name: str, kind: str) -> None:
        body = self._body(MAX_MESSAGE_BYTES)
        if body is None:
            return
        message = keeper.said(name, kind, body)
        reason = keeper.keep([message]).reasons.get(message)
        if reason:
            self._refuse(422, reason)
        else:
            self._answer(204)

    def _take_batch(self, keeper: Keeper) -> None:
        body = self._body(BATCH_BYTES)
        if body is None:
            return
        try:
            items = json.loads(body)
        except (ValueError, RecursionError):
            items = None
        if not isinstance(items, list) or not 0 < len(items) <= BATCH_MESSAGES:
            keeper.keep([keeper.refused(body, "malformed")])
            self._refuse(422, "malformed")
            return
        messages = [batch_message(keeper, item) for item in items]
        reasons = keeper.keep(messages).reasons
        refused = [
            {"index": index, "reason": reasons[message]}
            for index, message in enumerate(messages)
            if message in reasons
        ]
        self._answer(200, {"kept": len(messages) - len(refused), "refused": refused})

    def _get(self, keeper: Keeper) -> None:
        parts = urlsplit(self.path)
        match = DOWN.fullmatch(parts.path)
        if not match:
            self._refuse(404, "unknown-path")
            return
        asked = parse_qs(parts.query)
        wait = min(LONGEST_WAIT, _number(asked, "wait"))
        known = {kind: int(_number(asked, kind)) for kind in ("cfg", "sched")}
        name = unquote(match[1])
        until = time.monotonic() + wait
        while True:
            told = self._desired(keeper, name, known)
            due = claim(keeper, OPERATIONS, name)
            if told or due or time.monotonic() >= until:
                break
            time.sleep(LOOK_EVERY)
        signer = self.server.signer
        told["cmd"] = [json.loads(signer.envelope("cmd", one.command.body())) for one in due]
        self._answer(200, told)
        # Only what went into the socket has been sent; what did not is due again.
        mark_sent(keeper, [one.command.id for one in due])

    def _desired(self, keeper: Keeper, name: str, known: dict[str, int]) -> dict[str, Any]:
        told = {}
        for code, kind, version, body in keeper.execute(DESIRED, [keeper.connection, name]):
            text = desired_body(self.server.keys, code, kind, version, body)
            if json.loads(text)["ver"] > known[kind]:
                told[kind] = json.loads(self.server.signer.envelope(kind, text))
        return told

    def _body(self, most: int) -> bytes | None:
        """The body; None when it was refused."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self._refuse(411, "length-required")
            return None
        if int(length) > most:
            # What follows is not read: the connection ends.
            self.close_connection = True
            self._refuse(413, "oversized")
            return None
        return self.rfile.read(int(length))

    def _refuse(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        self._answer(status, {"error": reason}, headers)

    def _answer(
        self, status: int, body: Any = None, headers: dict[str, str] | None = None
    ) -> None:
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()


def batch_message(keeper: Keeper, item: Any):
    """A message ``{"dev", "kind", "body"}`` of a batch or of a file."""
    if (
        isinstance(item, dict)
        and isinstance(item.get("dev"), str)
        and item.get("kind") in UP_KINDS
        and "body" in item
    ):
        return keeper.said(item["dev"], item["kind"], msgspec.json.encode(item["body"]))
    return keeper.refused(json.dumps(item)[:1024].encode(), "malformed")


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()


def _number(asked: dict[str, list[str]], name: str) -> float:
    text = asked.get(name, ["0"])[0]
    return float(text) if re.fullmatch(r"\d{1,10}", text) else 0.0

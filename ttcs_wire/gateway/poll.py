"""Asks a vendor's console, again and again, how all its devices are, and asks it to act.

A command counts as sent when the console has taken it, and as done when a later answer of the
console shows what was asked; if none does in time it has expired.  The console's word for having
taken it is not the device's for having done it.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import urllib.error
import urllib.request
import zlib
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg

from ..contract import Acknowledgement, Refused
from .keeper import Keeper, now
from .mapping import code_of, pick, translate
from .orders import Due, claim, mark_sent
from .settings import PollSettings, Request

_log = logging.getLogger(__name__)

ANSWER_SECONDS = 20
LARGEST_ANSWER = 16_777_216
LONGEST_PAUSE = 3_600.0
LOOK_EVERY = 1.0
NEAR = 5  # percent: consoles count volume in coarse steps

SHOWN = """
    SELECT command.id::text, device.code FROM ttcs_tele.command
    JOIN ttcs_tele.device ON device.id = command.device_id
    JOIN ttcs_tele.last ON last.device_id = command.device_id
    WHERE connection_id = %(connection)s AND command.state = 'sent' AND last.ts > command.sent_at
        AND CASE operation
            WHEN 'volume' THEN abs(last.volume - (arguments ->> 'level')::int) <= %(near)s
            WHEN 'stop' THEN NOT last.on_air
        END
"""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A console that sends us elsewhere would get our secret there."""

    def redirect_request(self, *_args, **_kwargs):
        return None


_opener = urllib.request.build_opener(_NoRedirect)


class Poll:
    """One console; ``run`` until stopped."""

    def __init__(self, keeper: Keeper, settings: PollSettings, secret: str | None) -> None:
        self.keeper = keeper
        self.settings = settings
        self.secret = secret
        self._stopping = threading.Event()
        self._failures = 0
        self._tag: str | None = None

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Ask at once, then each interval, later after failures; look for commands between."""
        due = time.monotonic()
        while not self._stopping.is_set():
            try:
                if time.monotonic() >= due:
                    self._ask()
                    due = time.monotonic() + self._pause()
                self._hand_over()
            except psycopg.OperationalError as error:
                _log.warning("The database does not answer: %s", str(error).strip())
            self._stopping.wait(LOOK_EVERY)

    def _pause(self) -> float:
        if not self._failures:
            return self.settings.interval
        return min(LONGEST_PAUSE, self.settings.interval * 2 ** min(self._failures, 10))

    def _ask(self) -> None:
        try:
            items = self._items()
        except Refused as refusal:
            self._failures += 1
            self.keeper.note_trouble(refusal.reason)
            return
        self._failures = 0
        self.keeper.keep([message for item in items for message in self._messages(item)])
        shown = self.keeper.execute(SHOWN, {"connection": self.keeper.connection, "near": NEAR})
        if shown:
            self.keeper.keep(
                [
                    self.keeper.answered(code, Acknowledgement(identifier, "done"))
                    for identifier, code in shown
                ]
            )

    def _items(self) -> list[Any]:
        """The records of the console's answer; none when nothing has changed.

        :raises Refused: for the books to show
        """
        headers = {"If-None-Match": self._tag} if self._tag else {}
        status, body, tag = self._request("GET", self.settings.url, None, headers)
        if status == 304:
            return []
        if status != 200:
            raise Refused(f"HTTP {status}")
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            raise Refused("the answer is no JSON") from None
        path = self.settings.mapping.items
        items = pick(answer, path) if path else answer
        if not isinstance(items, list):
            raise Refused("the answer has no list of devices where the mapping looks for it")
        self._tag = tag
        return items

    def _messages(self, item: Any) -> list:
        content = json.dumps(item, ensure_ascii=False).encode()[:4_096]
        name = code_of(item, self.settings.mapping)
        if name is None:
            return [self.keeper.refused(content, "unnamed")]
        try:
            told = translate(item, self.settings.mapping, now(), zlib.crc32(content) & 0x7FFFFFFE)
        except Refused as refusal:
            return [self.keeper.refused(content, refusal.reason, name)]
        return self.keeper.told(name, *told)

    def _hand_over(self) -> None:
        if not self.settings.orders:
            return
        taken = [
            due.command.id
            for due in claim(self.keeper, self.settings.orders)
            if self._taken(self.settings.orders[due.command.operation], due)
        ]
        mark_sent(self.keeper, taken)

    def _taken(self, request: Request, due: Due) -> bool:
        """Whether the console took a command."""
        level = due.command.arguments.get("level", 0)
        values = {"code": due.name, "level": round(level * request.scale)}
        site = urlsplit(self.settings.url)
        path = request.path.replace("{code}", quote(due.name, safe=""))
        path = path.replace("{level}", str(values["level"]))
        body = json.dumps(_filled(request.body, values)).encode()
        headers = {"Content-Type": "application/json"}
        try:
            url = f"{site.scheme}://{site.netloc}{path}"
            status, _body, _tag = self._request(request.method, url, body, headers)
        except Refused as refusal:
            self.keeper.note_trouble(refusal.reason)
            return False
        if not 200 <= status < 300:
            self.keeper.note_trouble(f"{due.command.operation} {due.name}: HTTP {status}")
        return 200 <= status < 300

    def _request(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes, str | None]:
        if self.secret:
            headers = {**headers, self.settings.header: f"{self.settings.prefix}{self.secret}"}
        request = urllib.request.Request(url, data=body, headers=headers, method=method)
        try:
            with _opener.open(request, timeout=ANSWER_SECONDS) as answer:
                content = answer.read(LARGEST_ANSWER + 1)
                status, tag = answer.status, answer.headers.get("ETag")
        except urllib.error.HTTPError as error:
            return error.code, b"", None
        except (OSError, ValueError) as error:
            raise Refused(f"the console does not answer: {error}") from None
        if len(content) > LARGEST_ANSWER:
            raise Refused("the answer is too long")
        return status, content, tag


def _filled(body: Any, values: dict[str, Any]) -> Any:
    """A body with its placeholders filled in; ``"{level}"`` alone becomes a number.

    >>> _filled({"volume": "{level}", "name": "loa {code}"}, {"code": "A", "level": 7})
    {'volume': 7, 'name': 'loa A'}
    """
    if isinstance(body, dict):
        return {name: _filled(value, values) for name, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, values) for value in body]
    if body == "{level}":
        return values["level"]
    if isinstance(body, str):
        return body.replace("{code}", values["code"]).replace("{level}", str(values["level"]))
    return body

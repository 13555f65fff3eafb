"""A small real server for the light kit: the same pages and modules as Odoo sends, no Odoo.

It is a process of its own, so that a test can stop it, kill it and start it again.  What it
receives it keeps in SQLite under the action's uuid; which faults it commits it reads there too:

* ``500``: fails before it keeps anything;
* ``401``: does not know the phone;
* ``portal``: a public network answers in its place, with a page of its own and status 200;
* ``cut``: keeps the actions, then cuts the connection without an answer;
* ``hold``: keeps the actions, then never answers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import socket
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

from light import page
from light.app import ZXING, LightApp
from light.bundle import ADDRESS, Bundles
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

SCHEMA = """
CREATE TABLE IF NOT EXISTS action (
    uuid TEXT PRIMARY KEY, kind TEXT, asset TEXT, value REAL, sequence INTEGER, files TEXT
);
CREATE TABLE IF NOT EXISTS request (uuids TEXT);
CREATE TABLE IF NOT EXISTS fault (kind TEXT);
"""
APP = LightApp(
    scope="/demo/",
    name="Demonstration",
    short_name="Demo",
    module="demo/demo.js",
    lazy_files={"zxing": ZXING},
    fresh=("/demo/api/assets",),
)


class Books:
    """What the server keeps; one connection per thread, since a held request blocks its own."""

    def __init__(self, path: Path):
        self._path = path
        with self.connect() as connection:
            connection.executescript(SCHEMA)

    def connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10)
        connection.execute("PRAGMA journal_mode=WAL")
        return connection

    def next_fault(self) -> str | None:
        with self.connect() as connection:
            row = connection.execute(
                "DELETE FROM fault WHERE rowid = (SELECT min(rowid) FROM fault) RETURNING kind"
            ).fetchone()
        return row and row[0]

    def note_request(self, uuids: list[str]) -> None:
        with self.connect() as connection:
            connection.execute("INSERT INTO request VALUES (?)", [json.dumps(uuids)])

    def keep(self, actions: list[dict], files: dict[str, bytes]) -> dict[str, dict]:
        """Keep each action once, in one transaction; gives a verdict for each."""
        with self.connect() as connection:
            # The write lock before the first look: the same action may come twice at once.
            connection.execute("BEGIN IMMEDIATE")
            return {action["uuid"]: self._judge(connection, action, files) for action in actions}

    def _judge(self, connection, action: dict, files: dict[str, bytes]) -> dict:
        uuid, payload = action["uuid"], action["payload"]
        known = connection.execute("SELECT rowid FROM action WHERE uuid = ?", [uuid]).fetchone()
        if known:
            return {"verdict": "repeated", "result": {"number": known[0]}}
        value = payload["value"]
        if value < 0:
            return {"verdict": "refused", "message": "A reading is never negative."}
        if "before" in payload and payload["before"] != self._latest(connection, payload["asset"]):
            return {"verdict": "conflict", "message": "Someone else has read it since."}
        digests = [hashlib.sha256(files[file["field"]]).hexdigest() for file in action["files"]]
        row = (uuid, action["kind"], payload["asset"], 1 / value, action["sequence"])
        number = connection.execute(
            "INSERT INTO action VALUES (?, ?, ?, ?, ?, ?)", [*row, json.dumps(digests)]
        ).lastrowid
        return {"verdict": "done", "result": {"number": number}}

    def _latest(self, connection, asset: str) -> float | None:
        row = connection.execute(
            "SELECT round(1 / value) FROM action WHERE asset = ? ORDER BY rowid DESC", [asset]
        ).fetchone()
        return row and row[0]

    def count(self) -> int:
        with self.connect() as connection:
            return connection.execute("SELECT count(*) FROM action").fetchone()[0]


class Handler(BaseHTTPRequestHandler):
    bundles: Bundles
    books: Books

    def do_GET(self):
        bundle = self.bundles.of(APP)
        text = page.shell(APP, bundle, lambda term, _language: term, [], "No JavaScript")
        if self.path == APP.scope:
            headers = {**page.PAGE_HEADERS, "Light-Build": page.build_number(text)}
            self.answer(text, "text/html; charset=utf-8", headers)
        elif self.path == f"{APP.scope}{page.WORKER_NAME}":
            self.answer(page.worker(APP, bundle, text), "text/javascript", page.PAGE_HEADERS)
        elif self.path == f"{APP.scope}{page.MANIFEST_NAME}":
            manifest = page.manifest(APP, bundle, lambda term, _language: term)
            self.answer(manifest, "application/manifest+json")
        elif self.path.startswith(ADDRESS):
            file = bundle.find(self.path)
            if file:
                headers = {"Cache-Control": page.KEPT_FOR_EVER}
                self.answer(file.content, file.media_type, headers)
            else:
                self.answer("", "text/plain", status=404)
        elif self.path == "/demo/api/assets":
            self.answer(json.dumps({"count": self.books.count()}), "application/json")
        else:
            self.answer("", "text/plain", status=404)

    def do_POST(self):
        form, files = self.form()
        actions = json.loads(form["actions"])
        self.books.note_request([action["uuid"] for action in actions])
        fault = self.books.next_fault()
        if fault == "portal":
            self.answer("<h1>Welcome to our network</h1>", "text/html")
        elif fault in ("401", "500"):
            self.answer('{"message": "No."}', "application/json", status=int(fault))
        else:
            self.keep(actions, files, fault)

    def keep(self, actions: list[dict], files: dict[str, bytes], fault: str | None):
        try:
            verdicts = self.books.keep(actions, files)
        except ZeroDivisionError:
            # A mistake that this server makes with one kind of reading, every time.
            self.answer('{"message": "Failed."}', "application/json", status=500)
            return
        if fault == "cut":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault == "hold":
            threading.Event().wait()
        else:
            self.answer(json.dumps({"verdicts": verdicts}), "application/json")

    def form(self) -> tuple[dict, dict[str, bytes]]:
        media_type, options = parse_options_header(self.headers["Content-Type"])
        length = int(self.headers["Content-Length"])
        body = BytesIO(self.rfile.read(length))
        parser = FormDataParser(max_form_memory_size=None)
        _stream, form, files = parser.parse(body, media_type, length, options)
        return form, {name: file.read() for name, file in files.items()}

    def answer(self, content, media_type, headers=None, status=200):
        content = content.encode() if isinstance(content, str) else content
        self.send_response(status)
        for name, value in {"Cache-Control": "no-cache", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments):
        """Keep the test's output for the test."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("books", type=Path)
    parser.add_argument("places", type=json.loads, help="folder or file by path prefix")
    arguments = parser.parse_args()

    def locate(path: str) -> Path:
        for prefix, place in arguments.places.items():
            if path.startswith(prefix):
                return Path(place + path[len(prefix) :])
        raise FileNotFoundError(path)

    Handler.bundles = Bundles(locate)
    Handler.books = Books(arguments.books)
    server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()

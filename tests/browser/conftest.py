"""The browser, the demonstration server, and short ways to drive both."""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest
from odoo_server import OdooServer
from playwright.sync_api import Error, Page, sync_playwright

from odoo.tools.misc import file_path

HERE = Path(__file__).resolve().parent
BASE = HERE.parents[1] / "addons" / "ttcs_base"
OUTBOX = "static/light/outbox.js"
ZXING = "web/static/lib/zxing-library/zxing-library.js"
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--mute-audio",
)
PATIENCE = 15


# The pages of the running test, for its report when it fails.
PAGES: list[Page] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Say with a failure what the pages showed."""
    report = yield
    if call.when == "call":
        if report.failed:
            shown = [_shown(page) for page in PAGES if not page.is_closed()]
            report.sections.append(("Pages", "\n\n".join(shown)))
        PAGES.clear()
    return report


def _shown(page: Page) -> str:
    try:
        return f"{page.url}\n{page.locator('body').inner_text(timeout=2_000)}"
    except Error as error:
        return f"{page.url}: {error}"


def eventually(condition: Callable[[], object], what: str) -> None:
    """Wait until a condition holds that no event announces, such as a row in a database."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"Waited {PATIENCE} s in vain: {what}"
        time.sleep(0.02)


class DemoServer:
    """The process of ``light_server.py`` and the books it keeps."""

    def __init__(self, folder: Path):
        self.pages = folder / "pages"
        # A copy, so that a test may put a newer one in its place.
        self.outbox = folder / "outbox.js"
        self._books = folder / "books.sqlite"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.root = f"http://localhost:{self._port}"
        self.address = f"{self.root}/demo/"
        self._process: subprocess.Popen | None = None

    def reset(self) -> None:
        """Run with the pages as they are here and with empty books."""
        shutil.copytree(HERE / "pages", self.pages, dirs_exist_ok=True)
        shutil.copy(BASE / OUTBOX, self.outbox)
        if not self._process:
            self.start()
        for table in ("action", "request", "fault"):
            self.query(f"DELETE FROM {table}")

    def start(self) -> None:
        places = {
            "demo/": f"{self.pages}/",
            f"ttcs_base/{OUTBOX}": str(self.outbox),
            "ttcs_base/": f"{BASE}/",
            ZXING: file_path(ZXING),
        }
        self._process = subprocess.Popen(
            [
                sys.executable,
                HERE / "light_server.py",
                str(self._port),
                self._books,
                json.dumps(places),
            ],
            env={**os.environ, "PYTHONPATH": str(BASE)},
        )
        eventually(self._answers, "the demonstration server starts")

    def _answers(self) -> bool:
        try:
            with urlopen(self.address, timeout=5) as response:
                return response.status == 200
        except OSError:
            return False

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def query(self, statement: str, *values) -> list[tuple]:
        connection = sqlite3.connect(self._books, timeout=10)
        try:
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def commit_faults(self, *kinds: str) -> None:
        """Have the server commit these faults at its next requests, one each."""
        for kind in kinds:
            self.query("INSERT INTO fault VALUES (?)", kind)

    def kept(self) -> list[str]:
        """The assets of the actions it has kept, in the order in which they came."""
        return [row[0] for row in self.query("SELECT asset FROM action ORDER BY rowid")]

    def sent_uuids(self) -> list[str]:
        """Every uuid of every request, in order, as often as it was sent."""
        rows = self.query("SELECT uuids FROM request ORDER BY rowid")
        return [uuid for row in rows for uuid in json.loads(row[0])]


@pytest.fixture(scope="session")
def chromium() -> str:
    path = os.environ.get("TTCS_CHROMIUM") or shutil.which("chromium")
    assert path, "The browser tests need Chromium."
    return path


@pytest.fixture(scope="session")
def playwright():
    # Odoo limits the memory of its process and thereby of every program started from it; a
    # browser reserves far more addresses than it uses and dies.
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limits[1], limits[1]))
    with sync_playwright() as running:
        resource.setrlimit(resource.RLIMIT_AS, limits)
        yield running


@pytest.fixture(scope="session")
def browser(playwright, chromium):
    running = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_OPTIONS))
    yield running
    running.close()


@pytest.fixture
def context(browser):
    made = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
    made.complaints = watch(made)
    yield made
    made.close()
    assert made.complaints == []


def watch(context) -> list[str]:
    """Collect what scripts fail at and what the security policy forbids, on every page."""
    complaints: list[str] = []

    def note(message):
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    context.on("weberror", lambda failure: complaints.append(str(failure.error)))
    context.on("console", note)
    return complaints


@pytest.fixture(scope="session")
def one_server(tmp_path_factory):
    running = DemoServer(tmp_path_factory.mktemp("demo"))
    yield running
    running.kill()


@pytest.fixture
def server(one_server) -> DemoServer:
    one_server.reset()
    return one_server


@pytest.fixture
def demo(context, server) -> Page:
    """The demonstration page, opened."""
    return open_demo(context, server)


def open_demo(context, server: DemoServer) -> Page:
    """Open the demonstration page in a tab."""
    page = context.new_page()
    page.goto(server.address)
    # Not wait_for_function: the security policy forbids the eval() behind it.
    eventually(lambda: page.evaluate("Boolean(globalThis.demo?.kept)"), "the page starts")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


@pytest.fixture(scope="session")
def field_server(odoo_settings, tmp_path_factory):
    """Odoo on a copy of the test database, with ``network_data.py`` loaded as ``known``."""
    folder = tmp_path_factory.mktemp("odoo")
    running = OdooServer(odoo_settings, os.environ["TTCS_TEST_DB"], folder)
    running.copy_database()
    running.known = running.run(HERE / "network_data.py")
    yield running
    running.kill()
    running.drop_database()

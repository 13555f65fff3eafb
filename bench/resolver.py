"""How many scans of a tag one server process answers, beside a page of Odoo's own.

    make bench ARGS=resolver

Asks a real server over HTTP, two clients at once, no keep-alive.  The baselines are the home page
of Odoo's website, with which one would publish such pages otherwise, and Odoo's sign-in page, the
least that a page of Odoo does.
"""

from __future__ import annotations

import configparser
import http.client
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import _target
import psycopg2

CLIENTS = 2
REQUESTS = 2_000
WARM_UP = 20
START_PATIENCE = 120
AGENT = "Mozilla/5.0 (Linux; Android 12; Mobile) Chrome/120.0"


def connect(settings: Path, database: str) -> psycopg2.extensions.connection:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(settings)
    options = parser["options"]
    return psycopg2.connect(
        host=options["db_host"],
        port=options["db_port"],
        user=options["db_user"],
        password=options["db_password"],
        dbname=database,
    )


def codes(settings: Path, database: str, count: int) -> list[tuple[str, str]]:
    """Codes and call codes of tags in use."""
    connection = connect(settings, database)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, spoken_code FROM ttcs_tag WHERE state = 'assigned' ORDER BY id LIMIT %s",
            [count],
        )
        rows = cursor.fetchall()
    connection.close()
    if not rows:
        raise SystemExit("The database has no tag in use.")
    return rows


class Server:
    """An Odoo server process on a database; its peak memory can be asked and forgotten."""

    def __init__(self, settings: Path, database: str, port: int):
        self.port = port
        command = [sys.executable, "-m", "odoo", "-c", str(settings), "-d", database]
        command += ["--http-port", str(port), "--workers", "0", "--max-cron-threads", "0"]
        command += ["--load", "base,web", "--log-level", "error"]
        self._process = subprocess.Popen(command)
        end = time.monotonic() + START_PATIENCE
        while not self._answers():
            if time.monotonic() > end or self._process.poll() is not None:
                raise SystemExit("The server does not start.")
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            return self.ask("/a")[0] == 200
        except OSError:
            return False

    def ask(self, path: str) -> tuple[int, float]:
        """Status and seconds of one request."""
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"User-Agent": AGENT})
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status, time.perf_counter() - started

    def forget_peak(self) -> None:
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")

    def peak(self) -> float:
        """Megabytes at most since ``forget_peak``."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmHWM")]
        return int(kilobytes) / 1024

    def processor_seconds(self) -> float:
        """Processor time used so far, which other work on the machine hardly changes."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


def measure(server: Server, title: str, paths: list[str], status: int) -> None:
    """Ask for the paths, two at a time, and print the row."""
    for path in paths[:WARM_UP]:
        server.ask(path)
    server.forget_peak()
    used = server.processor_seconds()
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(server.ask, paths))
    seconds = time.perf_counter() - started
    wrong = [answer for answer, _time in answers if answer != status]
    if wrong:
        raise SystemExit(f"{title}: {len(wrong)} answers were {wrong[0]} instead of {status}.")
    processor = 1000 * (server.processor_seconds() - used) / len(paths)
    milliseconds = sorted(1000 * took for _status, took in answers)
    median, late = statistics.median(milliseconds), milliseconds[int(len(milliseconds) * 0.95)]
    print(
        f"| {title} | {len(paths):,} | {len(paths) / seconds:,.0f} | {median:.1f} | {late:.1f} "
        f"| {processor:.1f} | {server.peak():,.0f} |",
        flush=True,
    )


def main() -> None:
    settings = Path(_target.SETTINGS)
    tags = codes(settings, _target.PROVINCE, REQUESTS)
    spread = [tags[number % len(tags)] for number in range(REQUESTS)]
    forged = [f"/A/{number:018d}" for number in range(REQUESTS)]
    print(f"## Scans of a tag, one server process, {CLIENTS} clients\n")
    print("| Case | Requests | Per second | Median, ms | 95 %, ms | CPU, ms | Peak, MB |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    port = int(os.environ["TTCS_BENCH_PORT"])
    server = Server(settings, _target.PROVINCE, port)
    try:
        measure(server, "Genuine code", [f"/A/{code}" for code, _spoken in spread], 200)
        measure(server, "Call code", [f"/a/{spoken}" for _code, spoken in spread], 200)
        measure(server, "Forged code", forged, 404)
        few = REQUESTS // 10
        measure(server, "Baseline: Odoo's sign-in page", ["/web/login"] * few, 200)
    finally:
        server.stop()
    server = Server(settings, _target.WEBSITE, port)
    try:
        measure(server, "Baseline: home page of Odoo's website", ["/"] * few, 200)
    finally:
        server.stop()


if __name__ == "__main__":
    main()

"""A real Odoo of its own, on a copy of the test database, that a test may kill and start."""

from __future__ import annotations

import configparser
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg2

import odoo.sql_db

START_PATIENCE = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class OdooServer:
    """One server process and its database.

    :param settings: the settings file of the test run
    :param source: the test database, which is copied and left as it is
    :param folder: for the copy's settings, files and log
    """

    def __init__(self, settings: Path, source: str, folder: Path):
        self._folder = folder
        self._source = source
        self.database = f"{source}_browser"
        self.port = free_port()
        self.root = f"http://localhost:{self.port}"
        self._options, self._settings = self._write_settings(settings)
        self._process: subprocess.Popen | None = None

    def _write_settings(self, settings: Path) -> tuple[dict[str, str], Path]:
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(settings)
        options = parser["options"]
        files = Path(options["data_dir"]) / "filestore" / self._source
        data = self._folder / "data"
        if files.exists():
            shutil.copytree(files, data / "filestore" / self.database)
        options.update(
            data_dir=str(data),
            db_name=self.database,
            http_port=str(self.port),
            gevent_port=str(free_port()),
            max_cron_threads="0",
            server_wide_modules="base,rpc,web",
            workers="0",
        )
        own = self._folder / "odoo.conf"
        with own.open("w", encoding="utf-8") as stream:
            parser.write(stream)
        return dict(options), own

    def connect(self, database: str | None = None) -> psycopg2.extensions.connection:
        connection = psycopg2.connect(
            host=self._options["db_host"],
            port=self._options["db_port"],
            user=self._options["db_user"],
            password=self._options["db_password"],
            dbname=database or self.database,
        )
        connection.autocommit = True
        return connection

    def query(self, statement: str, *values) -> list[tuple]:
        """Ask or change the copy; gives the rows."""
        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def stored(self, name: str) -> bytes:
        """The content of a file that Odoo keeps, by its name in the file store."""
        store = Path(self._options["data_dir"]) / "filestore" / self.database
        return (store / name).read_bytes()

    def copy_database(self) -> None:
        # A database is copied only while nobody is connected to it.
        odoo.sql_db.close_db(self._source)
        self.drop_database()
        self._administer(f'CREATE DATABASE "{self.database}" TEMPLATE "{self._source}"')

    def drop_database(self) -> None:
        self._administer(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        connection = self.connect("postgres")
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def run(self, program: Path) -> dict:
        """Feed a program to ``odoo shell``; gives the JSON of the last line that it prints."""
        finished = subprocess.run(
            [*self._command("shell"), "--no-http", "--log-level=error"],
            input=program.read_text(encoding="utf-8"),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=_lift_limits,
        )
        lines = finished.stdout.strip().splitlines()
        assert lines and lines[-1].startswith("{"), finished.stdout + finished.stderr
        return json.loads(lines[-1])

    def start(self) -> None:
        """Start the server unless it runs, and wait until it answers."""
        if self._process:
            return
        with (self._folder / "odoo.log").open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*self._command(), "--log-level=warn"],
                stdout=log,
                stderr=log,
                preexec_fn=_lift_limits,
            )
        end = time.monotonic() + START_PATIENCE
        while not self._answers():
            assert time.monotonic() < end, (self._folder / "odoo.log").read_text()
            time.sleep(0.1)

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "odoo", *words, "-c", str(self._settings)]

    def _answers(self) -> bool:
        assert self._process and self._process.poll() is None, "Odoo has ended"
        try:
            with urlopen(f"{self.root}/a", timeout=30) as response:
                return response.status == 200
        except HTTPError:
            raise
        except OSError:
            return False

    @property
    def process_id(self) -> int:
        assert self._process
        return self._process.pid

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


def _lift_limits() -> None:
    # What Odoo allows its own process is no measure for another one that it starts.
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    os.setsid()

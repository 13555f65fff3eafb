"""One running copy of the suite: settings, installed add-ons, province, server process."""

from __future__ import annotations

import configparser
import hashlib
import json
import os
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .announce import Refusal, step
from .database import ROLE, DatabaseAddress, prepare
from .environment import site_packages
from .locations import Locations
from .postgres import (
    EmbeddedServer,
    ServerAddress,
    foreign_server,
    process_is_listening,
    stop_quietly,
)
from .processes import last_line, run_quietly

DATABASE = "ttcs"
START_SECONDS = 120


class Instance:
    """Set-up steps in the order in which they are needed; each is harmless when repeated."""

    def __init__(self, locations: Locations, odoo: Path, fonts: Path, *, durable: bool) -> None:
        self.locations = locations
        self.odoo = odoo
        self.fonts = fonts
        self.durable = durable
        self.embedded: EmbeddedServer | None = None
        self.server: ServerAddress | None = None
        self.process: subprocess.Popen | None = None

    def start_database_server(self) -> None:
        self.server = foreign_server()
        if self.server is None:
            with step("Starting PostgreSQL"):
                self.embedded = EmbeddedServer(self.locations, durable=self.durable)
                self.server = self.embedded.start()

    def prepare_database(self, name: str = DATABASE) -> DatabaseAddress:
        """Make role, database and extensions, and write the settings file for them."""
        assert self.server is not None
        address = prepare(
            self.locations, self.server, name, self.secret("database"), self.secret("bridge")
        )
        self._write_settings(address)
        return address

    def replace_database(self, name: str, template: str | None) -> None:
        """Drop a database and, when there is one to copy, make it again as a copy."""
        assert self.server is not None
        binaries = getattr(self.embedded, "binaries", None)
        program = str(binaries / "bin" / "psql") if binaries else "psql"
        statements = [f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)']
        if template:
            statements.append(f'CREATE DATABASE "{name}" OWNER {ROLE} TEMPLATE "{template}"')
        for statement in statements:
            subprocess.run(
                [program, "-q", "-X", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c", statement],
                env={**os.environ, **self.server.environment()},
                check=True,
                stdout=subprocess.DEVNULL,
            )

    def install(self, database: DatabaseAddress) -> None:
        """Install the add-ons, or upgrade them when their files changed since."""
        modules = ",".join(sorted(addon_names(self.locations)))
        fingerprint = addons_fingerprint(self.locations)
        stamp = self.locations.state / f"installed-{database.name}.json"
        known = json.loads(stamp.read_text()) if stamp.exists() else {}
        if known == {"fingerprint": fingerprint, "server": self._server_label()}:
            return
        installed = self._is_installed(database)
        verb, option = ("Upgrading", "-u") if installed else ("Installing", "-i")
        with step(f"{verb} the suite (Odoo modules in Vietnamese)"):
            self.run_odoo(
                database,
                *(option, modules if not installed else "ttcs_base"),
                # Without it, Vietnamese that changed in the files never reaches the database.
                *(["-i", modules, "--i18n-overwrite"] if installed else []),
                *("--load-language", "vi_VN", "--stop-after-init", "--no-http"),
                failure=f"{verb} the suite failed",
            )
        stamp.write_text(json.dumps({"fingerprint": fingerprint, "server": self._server_label()}))

    def run_odoo(self, database: DatabaseAddress, *arguments: str, failure: str) -> None:
        run_quietly(
            [self.locations.python, "-m", "odoo", "-c", self.locations.settings]
            + ["-d", database.name, *arguments],
            log=self.locations.log,
            failure=failure,
        )

    def run_program(self, database: DatabaseAddress, program: Path, failure: str) -> str:
        """Run a Python program with an Odoo ``env``; gives what it prints on its last line."""
        result = subprocess.run(
            [self.locations.python, "-m", "odoo", "shell", "-c", self.locations.settings]
            + ["-d", database.name, "--no-http", "--log-level=warn"],
            input=program.read_text(),
            env={**os.environ, "TTCS_STATE_DIR": str(self.locations.state)},
            capture_output=True,
            text=True,
            check=False,
        )
        with self.locations.log.open("a") as log:
            log.write(result.stderr)
        if result.returncode or "Traceback (most recent call last)" in result.stderr:
            raise Refusal(f"{failure} (see {self.locations.log}: {last_line(self.locations.log)})")
        lines = result.stdout.strip().splitlines()
        return lines[-1] if lines else ""

    def serve(self, database: DatabaseAddress, *options: str) -> subprocess.Popen:
        """Start Odoo and wait until it answers."""
        port = self.locations.port
        if process_is_listening(port):
            raise Refusal(
                f"Port {port} is in use by another program; stop it or choose another: "
                f"TTCS_PORT={port + 10} make run"
            )
        log = self.locations.log.open("ab")
        self.process = subprocess.Popen(
            [self.locations.python, "-m", "odoo", "-c", self.locations.settings]
            + ["-d", database.name, *options],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self._wait_until_it_answers()
        return self.process

    def stop(self) -> None:
        """Stop what this instance started, the server before its database."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        stop_quietly(self.embedded)

    def addons_path(self) -> str:
        """Odoo's own add-ons, those installed as wheels, then this suite's."""
        folders = [
            self.odoo / "odoo" / "addons",
            self.odoo / "addons",
            site_packages(self.locations) / "odoo" / "addons",
            self.locations.addons,
        ]
        return ",".join(str(folder) for folder in folders if folder.is_dir())

    def _write_settings(self, database: DatabaseAddress) -> None:
        settings = configparser.ConfigParser(interpolation=None)
        settings["options"] = {
            "addons_path": self.addons_path(),
            "admin_passwd": self.secret("master"),
            "data_dir": str(self.locations.state / "data"),
            "db_host": database.server.host,
            "db_port": str(database.server.port),
            "db_user": ROLE,
            "db_password": database.password,
            # The one database there is.  A "dbfilter" would make Odoo connect once more at every
            # request without a session, to list all databases: two thirds of a scan's time.
            "db_name": database.name,
            "http_port": str(self.locations.port),
            "http_interface": self.locations.interface,
            "gevent_port": str(self.locations.port + 1),
            "list_db": "False",
            "unaccent": "True",
            "server_wide_modules": "base,rpc,web,queue_job",
            "max_cron_threads": "1",
            "workers": "0",
        }
        settings["queue_job"] = {"channels": "root:1"}
        settings["ttcs"] = {
            "fonts": str(self.fonts),
            "key_ring": str(self.locations.state / "tag-keys.json"),
            "wire_keys": str(self.locations.wire / "keys"),
            "mqtt_port": str(self.locations.mqtt_port),
        }
        path = self.locations.settings
        path.touch(mode=0o600)
        path.chmod(0o600)
        with path.open("w") as stream:
            settings.write(stream)

    def secret(self, name: str) -> str:
        """A password of this instance, made at the first call and kept."""
        path = self.locations.state / f"{name}.secret"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(18))
        return path.read_text()

    def _server_label(self) -> str:
        assert self.server is not None
        return f"{self.server.host} {self.locations.label}"

    def _is_installed(self, database: DatabaseAddress) -> bool:
        program = (
            "import sys, psycopg2; c = psycopg2.connect(sys.argv[1]).cursor(); "
            "c.execute(\"SELECT to_regclass('public.ttcs_unit') IS NOT NULL\"); "
            "print(c.fetchone()[0])"
        )
        result = subprocess.run(
            [self.locations.python, "-c", program, database.dsn],
            capture_output=True,
            text=True,
            check=False,
        )
        return result.stdout.strip() == "True"

    def _wait_until_it_answers(self) -> None:
        address = f"http://127.0.0.1:{self.locations.port}/web/health"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(address, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
        raise Refusal(
            f"Odoo did not start (see {self.locations.log}: {last_line(self.locations.log)})"
        )


def addon_names(locations: Locations) -> list[str]:
    """The add-ons of this suite."""
    return [path.parent.name for path in sorted(locations.addons.glob("*/__manifest__.py"))]


def addons_fingerprint(locations: Locations) -> str:
    """A hash of every file of the add-ons that an upgrade would read."""
    digest = hashlib.sha256()
    for path in sorted(locations.addons.rglob("*")):
        relative = path.relative_to(locations.addons)
        if (
            path.is_file()
            and "__pycache__" not in relative.parts
            and "tests" not in relative.parts
        ):
            digest.update(str(relative).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()

"""Starts and stops adapters as the books say."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import NamedTuple, Protocol

import psycopg

from ..contract import Refused
from ..keys import BridgeKeys
from ..sealing import unseal
from ..store import connect
from .files import Files
from .foreign import Heartbeats
from .keeper import NOTE_TROUBLE, Keeper
from .poll import Poll
from .push import PushServer
from .settings import (
    FileSettings,
    HeartbeatSettings,
    PollSettings,
    PushSettings,
    Settings,
    read_settings,
)

_log = logging.getLogger(__name__)

CHANNEL = "ttcs_connection"
READ_EVERY = 30.0
STOP_SECONDS = 15

CONNECTIONS = """
    SELECT id, kind, settings, sealed, version FROM ttcs_tele.connection WHERE active ORDER BY id
"""


class Adapter(Protocol):
    """What runs in a thread of its own until it is told to stop."""

    def run(self) -> None: ...

    def stop(self) -> None: ...


class Running(NamedTuple):
    """A connection at work; a push connection has no thread, the server is all of theirs."""

    version: int
    keeper: Keeper
    secret: str | None
    adapter: Adapter | None
    thread: threading.Thread | None


class Supervisor:
    """Keeps a running adapter for each active connection.

    :param folder: under which connections have their folders of files; None refuses such
    """

    def __init__(
        self, dsn: str, keys: BridgeKeys, server: PushServer, folder: Path | None
    ) -> None:
        self.dsn = dsn
        self.keys = keys
        self.server = server
        self.folder = folder
        self._running: dict[int, Running] = {}
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask the loop to end."""
        self._stopping.set()

    def run(self) -> None:
        """Follow the books until stopped; a database that goes away is waited for."""
        try:
            while not self._stopping.is_set():
                try:
                    self._follow()
                except psycopg.OperationalError as error:
                    _log.warning("The database does not answer: %s", str(error).strip())
                    self._stopping.wait(1)
        finally:
            for identifier in list(self._running):
                self._end(identifier)

    def _follow(self) -> None:
        with connect(self.dsn) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            while not self._stopping.is_set():
                self._arrange(connection)
                self._wait(connection)

    def _wait(self, connection: psycopg.Connection) -> None:
        until = time.monotonic() + READ_EVERY
        while time.monotonic() < until and not self._stopping.is_set():
            if list(connection.notifies(timeout=0.5, stop_after=1)):
                return

    def _arrange(self, connection: psycopg.Connection) -> None:
        wanted = {row[0]: row for row in connection.execute(CONNECTIONS)}
        for identifier, running in list(self._running.items()):
            row = wanted.get(identifier)
            if row is None or row[4] != running.version or _has_died(running):
                self._end(identifier)
        for identifier, kind, settings, sealed, version in wanted.values():
            if identifier in self._running:
                continue
            try:
                self._running[identifier] = self._begin(
                    identifier, kind, settings, bytes(sealed or b""), version
                )
            except (Refused, ValueError) as error:
                connection.execute(NOTE_TROUBLE, [str(error), identifier])
        self.server.serve_connections(
            {
                running.secret: running.keeper
                for running in self._running.values()
                if running.adapter is None and running.secret
            }
        )

    def _begin(
        self, identifier: int, kind: str, settings: dict, sealed: bytes, version: int
    ) -> Running:
        """:raises Refused: when the settings or the secret cannot be used; the text says why"""
        read = read_settings(kind, settings)
        secret = unseal(sealed, f"connection-{identifier}", self.keys.sealing) if sealed else None
        if isinstance(read, PushSettings) and not secret:
            raise Refused("a push connection needs a secret")
        keeper = Keeper(self.dsn, identifier)
        adapter = self._adapter(keeper, read, secret)
        thread = None
        if adapter is not None:
            thread = threading.Thread(target=self._until_it_ends, args=[adapter], daemon=True)
            thread.start()
        _log.info("Connection %s (%s) begins", identifier, kind)
        return Running(version, keeper, secret, adapter, thread)

    def _adapter(self, keeper: Keeper, settings: Settings, secret: str | None) -> Adapter | None:
        if isinstance(settings, PollSettings):
            return Poll(keeper, settings, secret)
        if isinstance(settings, HeartbeatSettings):
            return Heartbeats(keeper, settings, secret)
        if isinstance(settings, FileSettings):
            if self.folder is None:
                raise Refused("the gateway has no folder for files (TTCS_GATEWAY_FOLDER)")
            return Files(keeper, settings, self.folder)
        return None

    def _until_it_ends(self, adapter: Adapter) -> None:
        try:
            adapter.run()
        except Exception:
            # The others go on; this one is begun anew.
            _log.exception("An adapter ended")

    def _end(self, identifier: int) -> None:
        running = self._running.pop(identifier)
        if running.adapter is not None and running.thread is not None:
            running.adapter.stop()
            running.thread.join(timeout=STOP_SECONDS)
        running.keeper.close()
        _log.info("Connection %s ends", identifier)


def _has_died(running: Running) -> bool:
    return running.thread is not None and not running.thread.is_alive()

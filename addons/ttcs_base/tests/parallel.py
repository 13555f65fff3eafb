"""Two transactions on real connections: what they do to each other cannot be seen in one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import odoo.sql_db
from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name

LONGEST_WAIT = 60


class ParallelCase(BaseCase):
    """Commits what it does: a test that uses it takes its own records away again."""

    def setUp(self):
        super().setUp()
        self.database = odoo.sql_db.db_connect(get_db_name())

    @contextmanager
    def committed(self, user: int = SUPERUSER_ID) -> Iterator[api.Environment]:
        """An environment whose changes stand when the block ends."""
        context = {"tracking_disable": True, "no_reset_password": True}
        with self.database.cursor() as cursor:
            yield api.Environment(cursor, user, context)

    def meet(
        self,
        first: Callable[[api.Environment], Any],
        second: Callable[[api.Environment], Any],
        users: tuple[int, int] = (SUPERUSER_ID, SUPERUSER_ID),
    ) -> tuple[Any, Any]:
        """Do one thing while another is being done; gives both results.

        The second waits for the first, which commits only then, and starts anew where Odoo
        would.  What the second raises is raised here.
        """
        results: dict[str, Any] = {}

        def do_second():
            try:
                with self.committed(users[1]) as env:
                    results["second"] = retrying(lambda: second(env), env)
            except Exception as error:
                results["error"] = error

        thread = threading.Thread(target=do_second)
        with self.committed(users[0]) as env:
            results["first"] = first(env)
            env.flush_all()
            thread.start()
            self.wait_until_blocked()
        thread.join(timeout=LONGEST_WAIT)
        self.assertFalse(thread.is_alive(), "the second never ended")
        if "error" in results:
            raise results["error"]
        return results["first"], results["second"]

    def in_both(self, work: Callable[[api.Environment], Any]) -> None:
        """Do the same work on two connections at once, each again where Odoo would."""
        gate = threading.Barrier(2)
        failures = []

        def once():
            try:
                with self.committed() as env:
                    gate.wait(timeout=LONGEST_WAIT)
                    retrying(lambda: work(env), env)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=once) for _each in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=LONGEST_WAIT)
        self.assertFalse(failures)

    def wait_until_blocked(self):
        """Return as soon as a transaction of this database waits for another one."""
        limit = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < limit:
            with self.database.cursor() as cursor:
                cursor.execute(
                    "SELECT 1 FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                if cursor.rowcount:
                    return
        self.fail("the second did not wait for the first")

    def take_away(self, statements: list[str], values: dict, kept: tuple[str, ...] = ()):
        """Delete what the test committed.

        :param kept: tables whose triggers refuse that, and stand aside for it
        """
        with self.database.cursor() as cursor:
            for table in kept:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement, values)
            for table in kept:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

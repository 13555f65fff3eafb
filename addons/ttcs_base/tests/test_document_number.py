import threading
from contextlib import closing

import psycopg2

import odoo.sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from .common import TtcsCase

YEAR = 2026


@tagged("post_install", "-at_install")
class TestDocumentNumber(TtcsCase):
    def issue(self, agency=None, kind="other", year=YEAR):
        record = agency or self.department
        return self.env["ttcs.document.series"]._issue(record, kind, record, year)

    def refused(self, statement, *parameters):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation, msg=statement),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(statement, parameters)

    def test_numbers_follow_each_other_per_agency_year_and_kind(self):
        self.assertEqual([self.issue().number for _time in range(3)], [1, 2, 3])
        self.assertEqual(self.issue(self.committee_c).number, 1)
        self.assertEqual(self.issue(year=YEAR + 1).number, 1)
        fourth = self.issue()
        self.assertEqual((fourth.name, fourth.series_id.last_number), ("04/2026", 4))
        self.assertEqual((fourth.res_model, fourth.res_id), ("ttcs.agency", self.department.id))

    def test_number_of_what_failed_is_given_again(self):
        first = self.issue()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.issue()
            raise UserError("Không phát hành")
        self.assertEqual(self.issue().number, first.number + 1)

    def test_void_number_keeps_its_place_and_its_reason(self):
        number = self.issue()
        with self.assert_refused(UserError):
            number._void("  ")
        number._void("Phát hành nhầm")
        self.assertEqual((number.state, number.void_reason), ("void", "Phát hành nhầm"))
        self.assertEqual(self.issue().number, number.number + 1)
        with self.assert_refused(UserError):
            number._void("Lần nữa")

    def test_database_keeps_numbers_and_leaves_no_gap(self):
        number = self.issue()
        number._void("Phát hành nhầm")
        self.env.flush_all()
        series = number.series_id.id
        self.refused("DELETE FROM ttcs_document_number WHERE id = %s", number.id)
        self.refused("UPDATE ttcs_document_number SET number = 7 WHERE id = %s", number.id)
        self.refused("UPDATE ttcs_document_number SET state = 'issued' WHERE id = %s", number.id)
        self.refused("UPDATE ttcs_document_series SET last_number = 5 WHERE id = %s", series)
        self.refused("UPDATE ttcs_document_series SET last_number = 0 WHERE id = %s", series)
        self.refused("UPDATE ttcs_document_series SET year = 1999 WHERE id = %s", series)
        self.refused(
            "INSERT INTO ttcs_document_number (series_id, number, issued_at, issued_by, state)"
            " VALUES (%s, 9, now(), %s, 'issued')",
            series,
            SUPERUSER_ID,
        )

    def test_numbers_are_seen_by_those_who_reach_the_agency(self):
        of_c, of_g = self.issue(self.committee_c), self.issue(self.committee_g)
        user = self.make_user(self.committee_c)
        self.assertEqual(self.seen_by(user, of_c | of_g), of_c)
        self.assertEqual(self.seen_by(user, (of_c | of_g).series_id), of_c.series_id)


@tagged("post_install", "-at_install")
class TestDocumentNumberAtOnce(BaseCase):
    """Threads with connections of their own, each of which commits or gives up."""

    WRITERS = 4
    EACH = 6

    def setUp(self):
        super().setUp()
        with closing(self.cursor()) as cursor:
            env = Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
            kind = env["ttcs.unit.kind"].search([("code", "=", "province")])
            unit = env["ttcs.unit"].create(
                {"name": "Tỉnh Số Hiệu", "kind_id": kind.id, "code": "NUMBERS"}
            )
            agency = env["ttcs.agency"].create(
                {"name": "Sở Số Hiệu", "unit_id": unit.id, "kind": "department"}
            )
            self.unit, self.agency = unit.id, agency.id
            cursor.commit()
        self.addCleanup(self.remove)

    @staticmethod
    def cursor():
        return odoo.sql_db.db_connect(get_db_name()).cursor()

    def remove(self):
        """Numbers are kept by a trigger, which the test's own rows must pass once."""
        with closing(self.cursor()) as cursor:
            cursor.execute("ALTER TABLE ttcs_document_number DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM ttcs_document_number WHERE agency_id = %s", [self.agency])
            cursor.execute("ALTER TABLE ttcs_document_number ENABLE TRIGGER USER")
            cursor.execute("DELETE FROM ttcs_document_series WHERE agency_id = %s", [self.agency])
            cursor.execute("DELETE FROM ttcs_agency WHERE id = %s", [self.agency])
            cursor.execute("DELETE FROM ttcs_unit WHERE id = %s", [self.unit])
            cursor.commit()

    def issue_once(self, gives_up):
        """One number in a transaction of its own; None when it lost the race or gave up."""
        with closing(self.cursor()) as cursor:
            env = Environment(cursor, SUPERUSER_ID, {})
            agency = env["ttcs.agency"].browse(self.agency)
            try:
                number = env["ttcs.document.series"]._issue(agency, "other", agency, YEAR).number
                env.flush_all()
                if gives_up:
                    cursor.rollback()
                    return None
                cursor.commit()
            except psycopg2.errors.SerializationFailure:
                self.lost.append(1)
                cursor.rollback()
                return None
            return number

    def write(self, start):
        """A request as Odoo runs it: tried again until it is through."""
        start.wait()
        for turn in range(self.EACH):
            if turn % 3 == 2:
                self.issue_once(gives_up=True)
            number = None
            while number is None:
                number = self.issue_once(gives_up=False)
            self.given.append(number)

    def test_no_two_have_the_same_number_and_none_is_left_out(self):
        self.given, self.lost = [], []
        start = threading.Barrier(self.WRITERS)
        writers = [threading.Thread(target=self.write, args=[start]) for _ in range(self.WRITERS)]
        with mute_logger("odoo.sql_db"):
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
        self.assertEqual(sorted(self.given), list(range(1, self.WRITERS * self.EACH + 1)))
        with closing(self.cursor()) as cursor:
            cursor.execute(
                "SELECT array_agg(number ORDER BY number) FROM ttcs_document_number"
                " WHERE agency_id = %s",
                [self.agency],
            )
            self.assertEqual(cursor.fetchone()[0], sorted(self.given))

    def test_second_writer_waits_for_the_first(self):
        with closing(self.cursor()) as first, closing(self.cursor()) as second:
            env = Environment(first, SUPERUSER_ID, {})
            agency = env["ttcs.agency"].browse(self.agency)
            env["ttcs.document.series"]._issue(agency, "other", agency, YEAR)
            env.flush_all()
            second.execute("SET LOCAL lock_timeout = '200ms'")
            other = Environment(second, SUPERUSER_ID, {})
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.LockNotAvailable):
                agency = other["ttcs.agency"].browse(self.agency)
                other["ttcs.document.series"]._issue(agency, "other", agency, YEAR)
            second.rollback()
            first.rollback()

import doctest
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import plausible
from ..plausible import fault_of
from .common import TtcsCase

KINDS = ("date", "datetime", "integer", "float", "monetary", "char", "text")


@tagged("post_install", "-at_install")
class TestPlausible(TtcsCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(plausible).failed, 0)

    @given(st.sampled_from(KINDS), st.one_of(st.text(), st.floats(), st.integers(), st.none()))
    def test_no_value_makes_the_judgement_fail(self, kind, value):
        fault = fault_of(kind, value)
        if fault is None and value and kind in ("date", "datetime"):
            # What is let through is what Odoo can read.
            read = fields.Date.to_date if kind == "date" else fields.Datetime.to_datetime
            self.assertIsInstance(read(value), date)

    @given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
    def test_every_day_of_three_centuries_is_taken(self, day):
        moment = datetime.combine(day, datetime.max.time())
        for kind, value in (("date", day), ("date", str(day)), ("datetime", moment)):
            self.assertIsNone(fault_of(kind, value))

    def test_what_cannot_be_meant_is_refused_in_words(self):
        documents = self.env["ttcs.legal.document"]
        common = {"number": "01/QĐ-THỬ", "subject": "Đề án", "issuer": "Cơ quan thử"}
        for values, words in (
            ({"issue_date": "0001-01-01"}, "1900"),
            ({"issue_date": "9999-12-31"}, "2199"),
            ({"issue_date": "31/12/2026"}, "31/12/2026"),
            ({"subject": "a\0b"}, "cannot be stored"),
            ({"subject": "dài" * 1000}, "2000"),
        ):
            with self.subTest(**values), self.assertRaisesRegex(ValidationError, words):
                documents.create({**common, **values})

    def test_a_form_that_is_changed_is_judged_like_a_new_one(self):
        with self.assertRaises(ValidationError):
            self.committee_c.valid_from = "0026-07-01"

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_in_words(self):
        """Odoo speaks English here, of models and constraints."""
        agency = self.committee_c.with_context(lang="vi_VN")
        for statement in (
            "UPDATE ttcs_agency SET name = NULL WHERE id = %s",
            "DELETE FROM ttcs_unit WHERE id = (SELECT unit_id FROM ttcs_agency WHERE id = %s)",
            "UPDATE ttcs_agency SET unit_id = 2147483647 WHERE id = %s",
        ):
            with self.subTest(statement), self.assertRaises(IntegrityError) as refusal:
                with self.env.cr.savepoint():
                    self.env.cr.execute(statement, [agency.id])
            message = agency._sql_error_to_message(refusal.exception)
            self.assertNotRegex(message, "(?i)constraint|model|ttcs_|record")

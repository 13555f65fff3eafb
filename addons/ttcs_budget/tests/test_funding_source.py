"""Funding sources: period, successor, nature, who may change them."""

from datetime import timedelta

from psycopg2 import errors

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ttcs_base.tests.common import TtcsCase


@tagged("post_install", "-at_install")
class TestFundingSource(TtcsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = cls.env["ttcs.funding.source"]
        cls.source = cls.sources.create(
            {
                "name": "Nguồn thử",
                "code": "THU",
                "level": "province",
                "nature": "recurrent",
                "valid_from": "2021-01-01",
            }
        )

    def assert_database_refuses(self, exception, constraint, statement, *parameters):
        with (
            self.assertRaises(exception) as caught,
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.flush_all()
            self.env.cr.execute(statement, parameters)
        self.assertEqual(caught.exception.diag.constraint_name, constraint)

    def test_the_merged_programmes_lead_to_their_successor(self):
        old = self.env.ref("ttcs_budget.ttcs_funding_source_ntm_2021")
        self.assertFalse(old.in_force)
        self.assertTrue(old.successor_id.in_force)
        self.assertEqual(old.programme_id.successor_id, old.successor_id.programme_id)

    def test_in_force_on_its_first_and_last_day(self):
        for start, end, expected in (
            (self.today, self.today, True),
            (self.tomorrow, False, False),
            (self.today - timedelta(days=5), self.yesterday, False),
        ):
            with self.subTest(start=start, end=end):
                self.source.write({"valid_from": start, "valid_to": end})
                found = self.sources.search([("in_force", "=", True)])
                self.assertEqual(self.source.in_force, expected)
                self.assertEqual(self.source in found, expected)
                self.assertEqual(
                    self.source in self.sources.search([("in_force", "=", False)]), not expected
                )

    def test_a_code_may_come_back_after_its_period_only(self):
        values = {"code": "THU", "level": "province", "nature": "recurrent", "name": "Kế tiếp"}
        self.source.valid_to = self.yesterday
        self.env.flush_all()
        self.sources.create({**values, "valid_from": self.today})
        with self.assertRaises(errors.ExclusionViolation), mute_logger("odoo.sql_db"):
            self.sources.create({**values, "valid_from": self.yesterday})

    def test_budget_money_has_a_nature_and_a_gift_need_not(self):
        self.sources.create(
            {"name": "Hiện vật", "level": "other", "in_kind": True, "valid_from": "2021-01-01"}
        )
        self.assert_database_refuses(
            errors.CheckViolation,
            "ttcs_funding_source_budget_has_nature",
            "UPDATE ttcs_funding_source SET nature = NULL WHERE id = %s",
            self.source.id,
        )

    def test_a_source_does_not_follow_itself_nor_end_before_it_begins(self):
        self.assert_database_refuses(
            errors.CheckViolation,
            "ttcs_funding_source_not_itself",
            "UPDATE ttcs_funding_source SET successor_id = id WHERE id = %s",
            self.source.id,
        )
        self.assert_database_refuses(
            errors.CheckViolation,
            "ttcs_funding_source_period_ordered",
            "UPDATE ttcs_funding_source SET valid_to = '2020-12-31' WHERE id = %s",
            self.source.id,
        )

    def test_only_a_budget_manager_changes_a_source(self):
        officer = self.make_user(self.committee_g, "budget")
        source = self.source.with_user(officer)
        self.assertEqual(source.name, "Nguồn thử")
        with self.assertRaises(AccessError):
            source.name = "Khác"
        manager = self.make_user(self.department, "budget_manager")
        self.source.with_user(manager).name = "Khác"
        self.assertEqual(self.source.name, "Khác")

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AssetsCase


@tagged("post_install", "-at_install")
class TestOrderGuard(AssetsCase):
    """What a screen shows read-only cannot be written past the screen either."""

    def setUp(self):
        super().setUp()
        self.cluster = self.make_asset("cluster", self.committee_c, self.hamlet_c)
        self.officer = self.make_user(self.committee_c, "assets")
        self.order = self.env["maintenance.request"].create(
            {"name": "Loa rè", "equipment_id": self.cluster.id}
        )

    def test_what_the_steps_write_nobody_writes_by_hand(self):
        for values in (
            {"repair_due": "2099-01-01 00:00:00"},
            {"responded_at": "2020-01-01 00:00:00"},
            {"service_contract_id": False},
            {"closed_at": "2026-01-01 00:00:00"},
            {"closed_by_id": self.officer.id},
            {"unit_id": self.hamlet_g.id},
            {"occurrence_id": False},
            {"condition_before": "good"},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                self.order.with_user(self.officer).write(values)
            with self.subTest("in a new one", **values):
                if "unit_id" not in values:
                    with self.assertRaises(UserError):
                        self.order.with_user(self.officer).create(
                            {"name": "Giả", "equipment_id": self.cluster.id, **values}
                        )
        # Nor with a word in the context that a program could guess.
        with self.assertRaises(UserError):
            self.order.with_user(self.officer).with_context(ttcs_step=True).write(
                {"responded_at": fields.Datetime.now()}
            )

    def test_an_order_is_neither_born_closed_nor_without_a_stage(self):
        done = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        orders = self.order.with_user(self.officer)
        with self.assertRaises(UserError):
            orders.create({"name": "Xong", "equipment_id": self.cluster.id, "stage_id": done.id})
        with self.assertRaises(UserError):
            orders.stage_id = False

    def test_the_buttons_still_write_it(self):
        order = self.order.with_user(self.officer)
        order.action_respond()
        self.assertTrue(order.responded_at)
        order._close("repaired", "Thay màng loa")
        self.assertEqual(order.closed_by_id, self.officer)

    def test_a_repair_is_closed_with_its_result(self):
        done = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self.order.with_user(self.officer).stage_id = done
                self.env.flush_all()
        self.env.invalidate_all()
        self.order.with_user(self.officer).write({"stage_id": done.id, "result": "repaired"})
        self.assertTrue(self.order.closed_at)

    def test_only_who_closed_an_order_or_is_in_charge_reopens_it(self):
        technician = self.make_user(self.committee_c, "maintenance")
        manager = self.make_user(self.committee_c, "maintenance_manager")
        self.order.with_user(technician)._close("repaired", "Thay màng loa")
        stage = self.env["maintenance.stage"].search([("done", "=", False)], limit=1)
        with self.assertRaises(AccessError):
            self.order.with_user(self.officer).stage_id = stage
        self.order.with_user(technician).stage_id = stage
        self.assertFalse(self.order.closed_at)
        self.order.with_user(technician)._close("repaired", "Thay màng loa")
        self.order.with_user(manager).stage_id = stage
        self.assertFalse(self.order.closed_at)

    def test_days_that_cannot_be_meant(self):
        orders = self.env["maintenance.request"].with_user(self.officer)
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        for values in (
            {"equipment_id": self.cluster.id, "reported_at": tomorrow},
            {"equipment_id": self.cluster.id, "due_date": "2020-01-01"},
            {"equipment_id": self.cluster.id, "name": "  "},
            {"equipment_id": False},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                orders.create({"name": "Loa rè", **values})

    def test_a_closed_order_stays_as_it_was_closed(self):
        other = self.make_asset("cluster", self.committee_c, self.hamlet_c)
        order = self.order.with_user(self.officer)
        order._close("repaired", "Thay màng loa")
        for values in (
            {"equipment_id": other.id},
            {"result": "no_fault"},
            {"resolution": "Khác"},
            {"reported_at": "2026-01-01 00:00:00"},
            {"priority": "0"},
        ):
            with self.subTest(**values), mute_logger("odoo.sql_db"):
                with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                    order.write(values)
                    self.env.flush_all()
            self.env.invalidate_all()
        order.stage_id = self.env["maintenance.stage"].search([("done", "=", False)], limit=1)
        order.resolution = "Thay cả loa"
        self.env.flush_all()

    def test_minutes_are_drawn_for_those_who_read_the_order(self):
        stranger = self.make_user(self.committee_g, "assets")
        for action in ("action_form_docx", "action_form_pdf"):
            order = self.order.with_user(stranger).with_context(form="repair")
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(order, action)()

import doctest

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..maintenance import cost
from .common import AssetsCase


class OrderCase(AssetsCase):
    """A work order for the cluster in commune C."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_order()
        cls.technician = cls.make_user(cls.committee_c, "maintenance")

    @classmethod
    def make_order(cls, asset=None, **values):
        """A corrective order, of the cluster unless an asset is given."""
        return cls.env["maintenance.request"].create(
            {"name": "Mất tiếng", "equipment_id": (asset or cls.cluster).id, **values}
        )

    def use_part(self, order=None, **values):
        return self.env["ttcs.order.part"].create(
            {
                "request_id": (order or self.order).id,
                "name": "Cầu chì 5A",
                "unit_price": 5000,
                **values,
            }
        )

    def work(self, order=None, **values):
        return self.env["ttcs.order.labour"].create(
            {
                "request_id": (order or self.order).id,
                "person_id": self.make_person(self.committee_c).id,
                "minutes": 90,
                "hourly_rate": 50_000,
                **values,
            }
        )

    def refused(self, action):
        """The database refuses an action; what it would have written is gone."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as refusal,
            self.cr.savepoint(),
        ):
            action()
            self.env.flush_all()
        self.env.invalidate_all(flush=False)
        return refusal.exception.diag.constraint_name


@tagged("post_install", "-at_install")
class TestCostExamples(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(cost)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)


@tagged("post_install", "-at_install")
class TestOrderCost(OrderCase):
    def test_an_order_adds_up_what_it_cost(self):
        self.use_part(quantity=2)
        self.work()
        self.order.other_cost = 20_000
        self.assertEqual(self.order.parts_cost, 10_000)
        self.assertEqual(self.order.labour_cost, 75_000)
        self.assertEqual(self.order.cost_total, 105_000)

    def test_the_catalogue_fills_a_line_and_a_new_price_leaves_it(self):
        part = self.env["ttcs.spare.part"].create(
            {"code": "MANG-30", "name": "Màng loa 30 W", "uom": "cái", "unit_price": 180_000}
        )
        line = self.env["ttcs.order.part"].create(
            {"request_id": self.order.id, "part_id": part.id, "quantity": 2}
        )
        self.assertEqual((line.name, line.uom), ("Màng loa 30 W", "cái"))
        self.assertEqual(line.amount, 360_000)
        part.unit_price = 200_000
        self.assertEqual(line.amount, 360_000)
        self.assertIn("MANG-30", part.display_name)

    def test_costs_add_up_in_charts(self):
        """A chart asks the server by which function a measure is summed."""
        for model, field in (
            ("maintenance.request", "cost_total"),
            ("ttcs.contract.penalty", "amount"),
        ):
            described = self.env[model].fields_get([field], ["aggregator"])
            with self.subTest(model=model):
                self.assertEqual(described[field]["aggregator"], "sum")

    def test_impossible_lines_are_refused(self):
        contractor = self.make_agency(self.province, "Nhà thầu Thử", kind="contractor")
        for values in ({"quantity": 0}, {"quantity": -1}, {"unit_price": -1}):
            with self.subTest(**values):
                self.assertIn("ttcs_order_part", self.refused(lambda v=values: self.use_part(**v)))
        for values in (
            {"minutes": 0},
            {"hourly_rate": -1},
            {"person_id": False},
            {"contractor_id": contractor.id},
        ):
            with self.subTest(**values):
                self.assertIn("ttcs_order_labour", self.refused(lambda v=values: self.work(**v)))

    def test_an_amount_is_what_its_line_says(self):
        line, labour = self.use_part(), self.work()
        self.env.flush_all()
        for record in (line, labour):
            name = self.refused(
                lambda record=record: self.env.cr.execute(
                    f"UPDATE {record._table} SET amount = amount + 1"  # noqa: S608
                )
            )
            self.assertTrue(name.endswith("_amount_adds_up"))

    def test_costs_are_frozen_with_the_closed_order(self):
        line, labour = self.use_part(), self.work()
        self.order._close("repaired", "Thay cầu chì")
        self.env.flush_all()
        for action in (
            lambda: line.write({"quantity": 3}),
            lambda: line.unlink(),
            lambda: self.use_part(),
        ):
            self.assertEqual(self.refused(action), "ttcs_order_part_is_frozen")
        for action in (
            lambda: labour.write({"minutes": 3}),
            lambda: labour.unlink(),
            lambda: self.work(),
        ):
            self.assertEqual(self.refused(action), "ttcs_order_labour_is_frozen")
        for values in (
            {"other_cost": 1000},
            {"paid_by": "insurance"},
            {"no_claim_reason": "x"},
        ):
            self.assertEqual(
                self.refused(lambda v=values: self.order.write(v)),
                "maintenance_request_cost_is_frozen",
            )

    def test_lines_saved_together_with_the_closing_are_in_it(self):
        line = self.use_part()
        done = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        self.order.write(
            {
                "part_ids": [(1, line.id, {"quantity": 4})],
                "stage_id": done.id,
                "result": "repaired",
            }
        )
        self.env.flush_all()
        self.assertEqual(self.order.cost_total, 20_000)

    def test_who_reopens_an_order_may_correct_its_costs(self):
        line = self.use_part()
        self.order._close("repaired", "Thay cầu chì")
        self.order.stage_id = self.env["maintenance.stage"].search([("done", "=", False)])[:1]
        line.quantity = 3
        self.env.flush_all()
        self.assertEqual(self.order.cost_total, 15_000)

    def test_another_commune_neither_sees_nor_writes_the_costs(self):
        line = self.use_part()
        other = self.make_user(self.committee_g, "maintenance")
        self.assertFalse(self.seen_by(other, line))
        self.assertTrue(self.seen_by(self.technician, line))
        with self.assert_refused(AccessError):
            self.env["ttcs.order.part"].with_user(other).create(
                {"request_id": self.order.id, "name": "x", "unit_price": 1}
            )


@tagged("post_install", "-at_install")
class TestOrderWarranty(OrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.partner"].create({"name": "Công ty Cung cấp"})
        cls.cluster.write({"warranty_date": cls.tomorrow, "partner_id": cls.supplier.id})

    def test_the_order_says_until_when_and_whose_warranty_runs(self):
        self.assertEqual(self.order.warranty_until, self.tomorrow)
        self.assertEqual(self.order.warranty_supplier_id, self.supplier)
        self.cluster.warranty_date = self.yesterday
        self.assertFalse(self.order.warranty_until)
        self.assertFalse(self.order.warranty_supplier_id)

    def test_the_day_of_the_report_decides_by_the_local_clock(self):
        self.cluster.warranty_date = "2026-03-01"
        # 18:00 UTC is 01:00 of the next day in Vietnam.
        inside = self.make_order(reported_at="2026-03-01 16:00:00", other_cost=1000)
        outside = self.make_order(reported_at="2026-03-01 18:00:00", other_cost=1000)
        self.assertTrue(inside.warranty_until)
        self.assertFalse(outside.warranty_until)
        outside._close("repaired", "Xong")
        self.env.flush_all()
        name = self.refused(lambda: inside._close("repaired", "Xong"))
        self.assertEqual(name, "maintenance_request_warranty_is_claimed")

    def test_a_paid_repair_under_warranty_needs_a_reason(self):
        self.use_part()
        self.env.flush_all()
        name = self.refused(lambda: self.order._close("repaired", "Thay cầu chì"))
        self.assertEqual(name, "maintenance_request_warranty_is_claimed")
        self.order.no_claim_reason = "Cây đổ, ngoài phạm vi bảo hành"
        self.order._close("repaired", "Thay cầu chì")
        self.env.flush_all()
        self.assertTrue(self.order.closed_at)

    def test_what_the_supplier_pays_or_costs_nothing_needs_none(self):
        self.use_part()
        self.order.paid_by = "warranty"
        self.order._close("repaired", "Nhà cung cấp thay")
        free = self.make_order()
        free._close("no_fault", "Không có lỗi")
        self.env.flush_all()
        self.assertTrue(free.closed_at)

    def test_a_warranty_recorded_later_leaves_closed_orders_alone(self):
        self.cluster.warranty_date = False
        self.use_part()
        self.order._close("repaired", "Thay cầu chì")
        self.env.flush_all()
        self.cluster.warranty_date = self.tomorrow
        self.order.description = "Thay cầu chì 5A"
        self.env.flush_all()
        self.assertIn("Thay cầu chì 5A", self.order.description)

    def test_a_closed_order_may_not_be_written_with_costs_at_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make_order(closed_at=fields.Datetime.now(), other_cost=5000)
            self.env.flush_all()

from datetime import datetime, timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_order_cost import OrderCase


class ContractCase(OrderCase):
    """The department pays a contractor for the clusters of the province."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ttcs.calendar.day"].search([]).unlink()
        cls.contractor = cls.make_agency(cls.province, "Công ty Sửa chữa", kind="contractor")
        cls.contract = cls.make_contract(
            unit_ids=[(6, 0, cls.province.ids)], category_ids=[(6, 0, cls.kind("cluster").ids)]
        )

    @classmethod
    def make_contract(cls, number="01/2026/HĐ", agency=None, **values):
        """A contract for urgent orders around the clock and others in working hours."""
        return cls.env["ttcs.service.contract"].create(
            {
                "number": number,
                "contractor_id": cls.contractor.id,
                "agency_id": (agency or cls.department).id,
                "valid_from": "2026-01-01",
                "monthly_fee": 50_000_000,
                "penalty_percent": 0.5,
                "penalty_per": "hour",
                "penalty_cap": 8,
                "line_ids": [
                    (0, 0, {"priority": "3", "response_minutes": 60, "repair_minutes": 240,
                            "runs": "always"}),
                    (0, 0, {"priority": "1", "response_minutes": 120, "repair_minutes": 960,
                            "runs": "working"}),
                ],
                **values,
            }
        )  # fmt: skip

    def report(self, asset=None, **values):
        """An order reported on Friday 6 March 2026, 16:00 local time."""
        return self.make_order(
            asset, **{"reported_at": "2026-03-06 09:00:00", "priority": "1", **values}
        )


@tagged("post_install", "-at_install")
class TestServiceContract(ContractCase):
    def test_an_order_finds_its_contract_and_starts_its_clocks(self):
        order = self.report()
        self.assertEqual(order.service_contract_id, self.contract)
        self.assertEqual(order.contractor_id, self.contractor)
        # 16:00 to 17:00 on Friday, then from Monday 07:00.
        self.assertEqual(order.response_due, datetime(2026, 3, 9, 1, 0))
        # 60 minutes on Friday, 480 on Monday, and 420 on Tuesday until 16:00.
        self.assertEqual(order.repair_due, datetime(2026, 3, 10, 9, 0))
        urgent = self.report(priority="3")
        self.assertEqual(urgent.repair_due, datetime(2026, 3, 6, 13, 0))

    def test_days_off_are_those_of_the_calendar(self):
        self.env["ttcs.calendar.day"].create({"date": "2026-03-09", "name": "Nghỉ"})
        self.assertEqual(self.report().response_due, datetime(2026, 3, 10, 1, 0))

    def test_without_a_line_for_the_priority_no_clock_runs(self):
        order = self.report(priority="0")
        self.assertEqual(order.service_contract_id, self.contract)
        self.assertFalse(order.repair_due)
        order.priority = "3"
        self.assertEqual(order.repair_due, datetime(2026, 3, 6, 13, 0))

    def test_preventive_work_has_a_contract_but_no_clock(self):
        order = self.report(maintenance_type="preventive")
        self.assertEqual(order.service_contract_id, self.contract)
        self.assertFalse(order.repair_due)

    def test_what_a_contract_covers(self):
        self.assertFalse(self.report(self.station).service_contract_id)
        self.assertFalse(self.report(reported_at="2025-12-31 10:00:00").service_contract_id)
        # 31/12 18:00 UTC is New Year in Vietnam.
        self.assertTrue(self.report(reported_at="2025-12-31 18:00:00").service_contract_id)
        own = self.make_contract("02", self.committee_c)
        self.assertEqual(self.report(self.station).service_contract_id, own)
        named = self.make_contract(
            "03", valid_from="2025-01-01", equipment_ids=[(6, 0, self.cluster.ids)]
        )
        self.assertEqual(self.report().service_contract_id, named)
        named.active = False
        self.assertEqual(self.report().service_contract_id, own)
        own.valid_to = "2026-03-05"
        self.assertEqual(self.report().service_contract_id, self.contract)

    def test_another_asset_means_another_contract(self):
        order = self.report(self.station)
        self.assertFalse(order.service_contract_id)
        order.equipment_id = self.cluster
        self.assertEqual(order.service_contract_id, self.contract)
        self.assertEqual(order.repair_due, datetime(2026, 3, 10, 9, 0))

    def test_a_pause_moves_the_deadlines(self):
        order = self.report(priority="3")
        pause = self.env["ttcs.order.pause"].create(
            {
                "request_id": order.id,
                "reason": "parts",
                "started_at": "2026-03-06 10:00:00",
                "ended_at": "2026-03-06 12:00:00",
            }
        )
        self.assertEqual(order.repair_due, datetime(2026, 3, 6, 15, 0))
        pause.ended_at = "2026-03-06 11:00:00"
        self.assertEqual(order.repair_due, datetime(2026, 3, 6, 14, 0))
        pause.unlink()
        self.assertEqual(order.repair_due, datetime(2026, 3, 6, 13, 0))

    def test_while_it_lasts_a_pause_holds_the_clock(self):
        now = fields.Datetime.now()
        order = self.report(priority="3", reported_at=now - timedelta(hours=5))
        self.assertTrue(order.is_repair_late)
        held = self.report(priority="3", reported_at=now - timedelta(hours=5))
        self.env["ttcs.order.pause"].create(
            {
                "request_id": held.id,
                "reason": "access",
                "started_at": now - timedelta(hours=3),
            }
        )
        self.env.invalidate_all()
        self.assertTrue(held.is_paused)
        self.assertFalse(held.is_repair_late)
        # The answer was due before the pause began.
        self.assertTrue(held.is_response_late)
        found = order.search([("is_repair_late", "=", True)])
        self.assertIn(order, found)
        self.assertNotIn(held, found)
        held.with_user(self.technician).action_resume()
        self.assertFalse(held.is_paused)
        pause = held.pause_ids
        lasted = pause.ended_at - pause.started_at
        self.assertEqual(held.repair_due, held.reported_at + timedelta(hours=4) + lasted)
        with self.assert_refused(UserError):
            held.action_resume()

    def test_two_pauses_of_an_order_never_overlap_and_stay_once_it_is_closed(self):
        order = self.report(priority="3")
        self.halt(order)
        name = self.refused(lambda: self.halt(order))
        self.assertEqual(name, "ttcs_order_pause_one_at_a_time")
        order._close("repaired", "Xong")
        self.env.flush_all()
        self.assertTrue(order.pause_ids.ended_at)
        name = self.refused(lambda: order.pause_ids.write({"note": "x"}))
        self.assertEqual(name, "ttcs_order_pause_is_frozen")

    def halt(self, order):
        wizard = self.env["ttcs.order.halt"].with_user(self.technician)
        wizard.with_context(active_id=order.id).create({"reason": "access"}).action_pause()

    def test_taking_it_on_stops_the_first_clock(self):
        order = self.report(priority="3")
        order.with_user(self.technician).action_respond()
        self.assertTrue(order.responded_at)
        self.assertFalse(order.stage_id.done)
        self.assertTrue(order.is_response_late)
        when = order.responded_at
        order.with_user(self.technician).action_respond()
        self.assertEqual(order.responded_at, when)

    def close_at(self, order, moment):
        self.patch(fields.Datetime, "now", lambda: moment)
        order._close("repaired", "Xong")
        self.env.flush_all()

    def test_the_clocks_stop_when_the_work_ended_not_when_the_office_hears_of_it(self):
        order = self.report(priority="3")
        self.env["ttcs.order.pause"].create(
            {"request_id": order.id, "reason": "access", "started_at": "2026-03-06 09:30:00"}
        )
        ended = datetime(2026, 3, 6, 10, 0)
        order._close("repaired", "Xong", ended)
        self.env.flush_all()
        self.assertEqual((order.closed_at, order.responded_at), (ended, ended))
        self.assertEqual(order.pause_ids.ended_at, ended)
        self.assertFalse(order.is_response_late)
        self.assertEqual((order.repair_late_minutes, order.penalty_percent), (0, 0))

    def test_late_hours_begun_are_counted_and_capped_by_month(self):
        late = self.report(priority="3")
        in_time = self.report(priority="3")
        very_late = self.report(priority="3", reported_at="2026-03-01 00:00:00")
        self.close_at(in_time, datetime(2026, 3, 6, 12, 59))
        self.close_at(late, datetime(2026, 3, 6, 14, 1))
        self.assertEqual(late.repair_late_minutes, 61)
        self.assertEqual(late.penalty_percent, 1)
        self.assertEqual(in_time.penalty_percent, 0)
        row = self.env["ttcs.contract.penalty"].search([("contract_id", "=", self.contract.id)])
        self.assertEqual(row.month, fields.Date.to_date("2026-03-01"))
        self.assertEqual((row.order_count, row.late_repair_count), (2, 1))
        self.assertEqual((row.percent, row.amount), (1, 500_000))
        self.close_at(very_late, datetime(2026, 3, 3, 0, 0))
        self.env.invalidate_all()
        row = self.env["ttcs.contract.penalty"].search([("contract_id", "=", self.contract.id)])
        self.assertEqual(very_late.penalty_percent, 22)
        self.assertEqual((row.counted_percent, row.percent), (23, 8))
        self.assertEqual(row.amount, 4_000_000)
        orders = self.order.search(row.action_open_orders()["domain"])
        self.assertEqual(orders, late | in_time | very_late)

    def test_a_fee_agreed_later_changes_no_month_before_it(self):
        late = self.report(priority="3")
        self.close_at(late, datetime(2026, 3, 6, 14, 1))
        self.contract.write({"monthly_fee": 90_000_000, "penalty_cap": 0})
        self.env.flush_all()
        row = self.env["ttcs.contract.penalty"].search([("contract_id", "=", self.contract.id)])
        self.assertEqual((row.percent, row.amount), (1, 500_000))

    def test_what_is_easily_not_meant_is_told(self):
        self.assertFalse(self.contract.advice)
        other = self.make_contract("02/2026/HĐ")
        self.assertIn(self.contract.number, other.advice)
        other.write({"valid_to": "2026-01-31"})
        self.contract.valid_from = "2026-02-01"
        self.assertFalse(other.advice)
        other.penalty_cap = 0
        self.assertTrue(other.advice)

    def test_a_day_late_is_a_day_of_its_clock(self):
        self.contract.penalty_per = "day"
        order = self.report()
        # Due on Tuesday 16:00; one hour that day and 450 minutes of Wednesday: 510 of 480 a day.
        self.close_at(order, datetime(2026, 3, 11, 9, 30))
        self.assertEqual(order.repair_late_minutes, 60 + 450)
        self.assertEqual(order.penalty_percent, 1)

    def test_who_only_reads_orders_opens_them_without_the_terms(self):
        order = self.report(priority="3")
        self.halt(order)
        reader = self.make_user(self.committee_c, "budget")
        order = order.with_user(reader)
        self.env.invalidate_all()
        for kind in ("form", "list", "kanban"):
            view = self.env["maintenance.request"].with_user(reader).get_view(view_type=kind)
            shown = etree.fromstring(view["arch"]).xpath("//field[not(ancestor::field)]/@name")
            with self.subTest(kind=kind):
                self.assertTrue(order.web_read({name: {} for name in shown}))
        self.assertTrue(order.is_response_late)

    def test_terms_that_make_no_sense_are_refused(self):
        for hours in ("sáng và chiều", "17:00-07:00", "07:00-12:00, 11:00-17:00"):
            with self.subTest(hours=hours), self.assert_refused(ValidationError):
                self.contract.working_hours = hours
        owner = {"contractor_id": self.department.id}
        self.assertTrue(self.refused(lambda: self.contract.write(owner)))
        terms = self.contract.line_ids[0]
        for minutes in (10, 1_000_000):
            self.assertEqual(
                self.refused(lambda m=minutes: terms.write({"repair_minutes": m})),
                "ttcs_service_contract_line_minutes_possible",
            )
        for values in ({"valid_to": "2025-01-01"}, {"penalty_percent": 101}, {"monthly_fee": -1}):
            with self.subTest(**values):
                self.assertTrue(self.refused(lambda v=values: self.contract.write(v)))
        line = self.contract.line_ids[0]
        name = self.refused(lambda: line.copy({"contract_id": self.contract.id}))
        self.assertEqual(name, "ttcs_service_contract_line_priority_unique")

    def test_who_reads_and_who_sets_the_terms(self):
        manager = self.make_user(self.committee_c, "maintenance_manager")
        payer = self.make_user(self.department, "maintenance_manager")
        self.contract.with_user(payer).monthly_fee = 60_000_000
        self.assertFalse(self.seen_by(manager, self.contract))
        order = self.report()
        self.assertTrue(order.with_user(self.technician).repair_due)
        self.assertEqual(
            order.with_user(self.technician).service_contract_id.sudo().display_name, "01/2026/HĐ"
        )
        with self.assert_refused(AccessError):
            self.make_contract("04", self.committee_c).with_user(self.technician).number = "x"
        with self.assert_refused(AccessError):
            self.contract.line_ids[0].with_user(manager).repair_minutes = 1

    def test_a_technician_reports_and_closes_what_the_department_pays_for(self):
        order = (
            self.env["maintenance.request"]
            .with_user(self.technician)
            .create({"name": "Mất tiếng", "equipment_id": self.cluster.id, "priority": "3"})
        )
        self.assertTrue(order.repair_due)
        order._close("repaired", "Xong")
        self.env.flush_all()
        self.assertTrue(order.responded_at)

    def test_orders_by_the_hundred_cost_no_query_each(self):
        def run(count):
            vals = [
                {
                    "name": f"Mất tiếng {number}",
                    "equipment_id": self.cluster.id,
                    "priority": "1",
                    "maintenance_team_id": team.id,
                    "user_id": False,
                    "stage_id": stage.id,
                }
                for number in range(count)
            ]
            before = self.env.cr.sql_log_count
            orders = self.env["maintenance.request"]._with_contract(vals)
            self.assertTrue(all(order["repair_due"] for order in orders))
            return self.env.cr.sql_log_count - before

        team = self.env["maintenance.team"].search([], limit=1)
        stage = self.env["maintenance.stage"].search([], limit=1)
        run(2)
        self.assertLessEqual(run(300), run(10))

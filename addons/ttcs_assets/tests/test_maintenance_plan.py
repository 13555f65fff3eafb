from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..maintenance import plan_document, total_cost
from .maintenance_common import MaintenanceCase


@tagged("post_install", "-at_install")
class TestMaintenancePlan(MaintenanceCase):
    """The plan of next year for communes C and G, drawn up by the department."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.year = cls.today.year + 1
        cls.task.material_cost = 10_000
        cls.rule = cls.make_rule("family", unit_id=cls.province.id, every=3)
        cls.env["ttcs.maintenance.rule"]._expand()
        cls.manager = cls.make_user(cls.department, "maintenance_manager")
        cls.leader = cls.make_user(cls.department, "leader")
        cls.technician = cls.make_user(cls.committee_c, "maintenance")
        cls.neighbour = cls.make_user(cls.committee_g, "maintenance")
        cls.root = (
            cls.env["ttcs.maintenance.plan"]
            .with_user(cls.manager)
            .create({"year": cls.year, "agency_id": cls.department.id})
        )
        cls.root.action_prepare()
        cls.plan_c = cls.root.child_ids.filtered(lambda plan: plan.agency_id == cls.committee_c)
        cls.plan_g = cls.root.child_ids.filtered(lambda plan: plan.agency_id == cls.committee_g)

    def times_by_sql(self, *agencies):
        """Independently of the code that fills plans: due dates of the year."""
        self.env.cr.execute(
            """
            SELECT count(*) FROM ttcs_maintenance_occurrence o
            JOIN maintenance_equipment e ON e.id = o.equipment_id
            WHERE e.agency_id = ANY(%s) AND extract(year FROM o.due_date) = %s
                AND o.state <> 'skipped' AND o.rule_id = %s
            """,
            [[agency.id for agency in agencies], self.year, self.rule.id],
        )
        return self.env.cr.fetchone()[0]

    def test_each_owner_gets_a_plan_filled_from_the_rules(self):
        self.assertEqual(len(self.plan_c), 1)
        line = self.plan_c.line_ids
        self.assertEqual((line.task_id, line.family, line.asset_count), (self.task, "cluster", 2))
        self.assertEqual(line.times, self.times_by_sql(self.committee_c))
        self.assertEqual(line.times, 8)
        self.assertEqual(line.cost, 8 * 60_000)
        both = self.times_by_sql(self.committee_c, self.committee_g)
        self.assertEqual(self.root.total_cost, both * 60_000)

    def test_filling_again_adds_nothing_and_keeps_what_was_explained(self):
        line = self.plan_c.line_ids
        line.with_user(self.technician).write({"times": 4, "note": "Đã thay mới nửa số loa"})
        self.make_asset("cluster", self.committee_c, self.hamlet_c)
        self.env["ttcs.maintenance.rule"]._expand()
        self.root.action_prepare()
        self.assertEqual(self.plan_c.line_ids, line)
        self.assertEqual((line.asset_count, line.planned_times, line.times), (3, 12, 4))
        self.assertEqual(line.cost, 4 * 60_000)

    def test_work_after_completion_is_counted_for_the_whole_year(self):
        self.rule.active = False
        rule = self.make_rule(trigger="completion", every=6, unit_id=self.commune_g.id)
        self.env["ttcs.maintenance.rule"]._expand()
        self.plan_g.line_ids.unlink()
        self.plan_g.with_user(self.neighbour).action_prepare()
        first = self.due(self.cluster_g, rule).due_date
        months = range(0, 40, 6)
        expected = [
            month
            for month in months
            if (first.year * 12 + first.month - 1 + month) // 12 == self.year
        ]
        self.assertEqual(self.plan_g.line_ids.times, len(expected))

    def test_submitted_approved_and_frozen_with_its_costs(self):
        plan = self.plan_c.with_user(self.technician)
        plan.action_submit()
        colleague = self.make_user(self.committee_c, "maintenance")
        with self.assert_refused(AccessError):
            plan.with_user(colleague).action_approve()
        self.plan_c.with_user(self.manager).action_approve()
        self.assertEqual(self.plan_c.state, "approved")
        self.assertEqual(self.plan_c.approved_by_id, self.manager)
        self.assertTrue(self.plan_c.number_id)
        cost = self.plan_c.own_cost
        self.task.labour_cost = 99_000
        self.root.action_prepare()
        self.assertEqual(self.plan_c.own_cost, cost)
        with mute_logger("odoo.sql_db"):
            for change in (
                lambda: self.plan_c.write({"purpose": "Khác"}),
                lambda: self.plan_c.line_ids.write({"times": 1, "note": "Khác"}),
                lambda: self.plan_c.line_ids.unlink(),
            ):
                with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                    change()
                    self.env.flush_all()
                self.env.invalidate_all()

    def test_nobody_approves_what_he_submitted(self):
        self.plan_c.with_user(self.manager).action_submit()
        with self.assert_refused(UserError):
            self.plan_c.with_user(self.manager).action_approve()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.plan_c.sudo().write({"state": "approved", "approved_by_id": self.manager.id})
            self.env.flush_all()

    def test_nobody_approves_lines_that_he_wrote(self):
        self.plan_c.line_ids[:1].with_user(self.manager).write({"times": 9, "note": "Thêm lần"})
        self.plan_c.with_user(self.technician).action_submit()
        with self.assert_refused(UserError):
            self.plan_c.with_user(self.manager).action_approve()

    def test_the_plan_of_the_area_waits_for_those_below_and_its_leader(self):
        with self.assert_refused(UserError):
            self.root.action_submit()
        for plan, user in ((self.plan_c, self.technician), (self.plan_g, self.neighbour)):
            plan.with_user(user).action_submit()
        self.root.child_ids.with_user(self.manager).action_approve()
        self.root.action_submit()
        other = self.make_user(self.department, "maintenance_manager")
        with self.assert_refused(AccessError):
            self.root.with_user(other).action_approve()
        self.root.with_user(self.leader).action_approve()
        self.assertEqual(self.root.state, "approved")

    def test_a_returned_plan_says_why_and_comes_again(self):
        self.plan_c.with_user(self.technician).action_submit()
        wizard = self.env["ttcs.maintenance.plan.return"].with_user(self.manager)
        with self.assert_refused(UserError):
            wizard.create({"plan_ids": self.plan_c.ids, "reason": " "})
        wizard = wizard.create({"plan_ids": self.plan_c.ids, "reason": "Thiếu"})
        with self.assert_refused(AccessError):
            wizard.with_user(self.leader).reason = "Khác"
        wizard.reason = "Thiếu tiền vật tư"
        wizard.action_confirm()
        self.assertEqual(self.plan_c.return_reason, "Thiếu tiền vật tư")
        self.plan_c.with_user(self.technician).action_submit()
        self.assertEqual(self.plan_c.state, "submitted")

    def test_another_number_of_times_needs_a_reason(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.plan_c.line_ids.with_user(self.technician).times = 1
            self.env.flush_all()

    def test_the_steps_are_not_written_by_hand(self):
        with self.assert_refused(AccessError):
            self.plan_c.with_user(self.technician).write({"state": "approved"})

    def test_a_commune_neither_sees_nor_fills_the_plan_of_another(self):
        self.assertFalse(self.seen_by(self.neighbour, self.plan_c))
        with self.assert_refused(AccessError):
            self.plan_c.with_user(self.neighbour).action_prepare()

    def test_a_year_that_the_rules_do_not_reach_is_refused(self):
        later = self.env["ttcs.maintenance.plan"].create(
            {"year": self.year + 1, "agency_id": self.department.id}
        )
        with self.assert_refused(UserError):
            later.action_prepare()

    def test_the_document_tells_what_the_lines_tell(self):
        works = self.root._works()
        lines = (self.root | self.root.child_ids).line_ids
        self.assertEqual(total_cost(works), sum(lines.mapped("cost")))
        self.assertEqual(total_cost(works), self.root.total_cost)
        document = plan_document(
            works, year=2027, agency="Sở Thử", parent_body="UBND", symbol="KH-SVH", place="Thử"
        )
        self.assertIn("2027", document.subject)
        for action in (self.root.action_form_pdf(), self.root.action_form_docx()):
            self.assertIn(f"{self.year}", action["params"]["name"])
            self.assertTrue(action["params"]["content"])

    def test_filling_costs_no_statement_per_agency(self):
        def prepare(count):
            units = [
                self.make_unit(f"Đo {count} {number}", "commune", self.province)
                for number in range(count)
            ]
            for unit in units:
                self.make_asset("cluster", self.make_agency(unit), unit)
            self.env["ttcs.maintenance.rule"]._expand(date(self.year, 12, 31))
            self.env.flush_all()
            self.env.invalidate_all()
            plans = self.env["ttcs.maintenance.plan"]
            before = self.env.cr.sql_log_count
            plans.browse(self.root.id).with_user(self.manager).action_prepare()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        prepare(1)
        self.assertLessEqual(prepare(20), prepare(3) + 4)

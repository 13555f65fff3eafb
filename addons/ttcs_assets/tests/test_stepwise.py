from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .decision_common import DecisionCase


@tagged("post_install", "-at_install")
class TestStepwise(DecisionCase):
    """What the steps of a record write cannot be written past its screen."""

    def test_nobody_forges_the_approval_of_a_dossier(self):
        dossier = self.submit(self.make_dossier()).with_user(self.officer)
        for values in (
            {"state": "approved"},
            {"approved_by_id": self.chair.id},
            {"decision_number": "9/QĐ-UBND"},
            {"decision_date": self.today},
            {"level_id": False},
            {"approver_agency_id": self.committee_c.id},
            {"proposer_id": self.chair.id},
            {"original_cost": 1},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                dossier.write(values)
        self.assertEqual(dossier.state, "submitted")
        self.assertFalse(dossier.approved_by_id)

    def test_no_dossier_begins_approved(self):
        with self.assertRaises(UserError):
            self.make_dossier(state="approved", approved_by_id=self.chair.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self.make_dossier(user=self.env.user, state="submitted")
                self.env.flush_all()

    def test_the_database_asks_for_the_opinion_behind_an_approval(self):
        """Red without the trigger: a program that writes as superuser forges nothing either."""
        forged = {
            "state": "approved",
            "approved_by_id": self.governor.id,
            "decision_number": "9/QĐ-UBND",
            "decision_date": self.today,
        }
        dossier = self.submit(self.make_dossier())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                dossier.sudo().write(forged)
                self.env.flush_all()
        self.env.invalidate_all()
        # Nor does an opinion of a round before it was returned and submitted anew.
        dossier.with_user(self.chair)._note("approved", "Đồng ý")
        dossier.with_user(self.chair)._send_back("returned", "Thiếu hồ sơ")
        self.submit(dossier)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                dossier.sudo().write({**forged, "approved_by_id": self.chair.id})
                self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.approve(dossier).state, "approved")

    def test_values_of_its_lines_are_those_of_the_register(self):
        line = self.make_dossier().line_ids.with_user(self.officer)
        for values in ({"original_cost": 1}, {"state": "carried_out"}, {"name": "Khác"}):
            with self.subTest(**values), self.assertRaises(UserError):
                line.write(values)

    def test_nobody_signs_a_hand_over_but_by_signing(self):
        paper = self.env["ttcs.handover"].with_user(self.officer)
        values = {"agency_id": self.committee_c.id, "giver_name": "A", "receiver_name": "B"}
        with self.assertRaises(UserError):
            paper.create({**values, "state": "signed", "signed_at": fields.Datetime.now()})
        draft = paper.create(values)
        with self.assertRaises(UserError):
            draft.write({"state": "signed", "signed_at": fields.Datetime.now()})

    def test_nobody_forges_a_maintenance_plan(self):
        manager = self.make_user(self.committee_c, "maintenance_manager")
        plans = self.env["ttcs.maintenance.plan"].with_user(manager)
        values = {"agency_id": self.committee_c.id, "year": self.today.year + 1}
        with self.assertRaises(UserError):
            plans.create({**values, "state": "approved"})
        plan = plans.create(values)
        task = self.env["ttcs.maintenance.task"].create({"name": "Vệ sinh", "code": "VS-1"})
        line = {
            "plan_id": plan.id,
            "task_id": task.id,
            "family": "cluster",
            "times": 2,
            "note": "Phát sinh",
        }
        lines = self.env["ttcs.maintenance.plan.line"].with_user(manager)
        with self.assertRaises(UserError):
            lines.create({**line, "planned_times": 2, "asset_count": 5})
        made = lines.create(line)
        with self.assertRaises(UserError):
            made.write({"planned_times": 2})

    def test_an_asset_keeps_the_days_found_by_its_steps(self):
        cluster = self.cluster.with_user(self.officer)
        for values in ({"disposed_on": "2026-01-01"}, {"condition_since": "2020-01-01"}):
            with self.subTest(**values), self.assertRaises(UserError):
                cluster.write(values)
        cluster.condition = "degraded"
        self.assertEqual(cluster.condition_since, self.today)
        cluster.life_state = "stored"
        self.assertFalse(cluster.disposed_on)

    def test_a_word_in_the_context_opens_nothing(self):
        dossier = self.submit(self.make_dossier()).with_user(self.officer)
        with self.assertRaises(UserError):
            dossier.with_context(ttcs_step=True).write({"state": "approved"})

    def test_every_model_with_steps_is_watched(self):
        """Whoever adds a model with fields that people do not write gives it the mixin."""
        unwatched = []
        # An import belongs to who uploads it, and the preview of a reform is drawn anew.
        exempt = {"ttcs.import.batch", "ttcs.reform.line"}
        for name, model in self.env.registry.items():
            if not name.startswith(("ttcs.", "maintenance.")) or not model._auto:
                continue
            model = self.env[name]
            if model._abstract or model._transient or name in exempt:
                continue
            writable = self.env["ir.model.access"].search_count(
                [("model_id.model", "=", name), ("perm_write", "=", True)]
            )
            steps = [
                field.name
                for field in model._fields.values()
                if field.store
                and field.readonly
                and not field.compute
                and (field._module or "").startswith("ttcs_")
            ]
            if writable and steps and not hasattr(model, "_by_steps"):
                unwatched.append((name, steps))
        self.assertFalse(unwatched)

    def test_lines_written_along_with_a_step_are_written_by_hand(self):
        """Red when the step of a record lets the lines through that come with it."""
        station = self.make_asset("station", self.committee_c, self.commune_c)
        part = self.make_asset("board", self.committee_c, self.commune_c)
        part.parent_asset_id = station
        keeper = self.make_user(self.committee_c, "assets", "maintenance")
        for forged in ({"agency_id": self.committee_g.id}, {"active": False}):
            with self.subTest(**forged), self.assertRaises(UserError):
                station.with_user(keeper).write(
                    {"life_state": "stored", "component_ids": [(1, part.id, forged)]}
                )
            self.env.invalidate_all()
        self.assertEqual((part.agency_id, part.active), (self.committee_c, True))
        order = self.env["maintenance.request"].create(
            {"name": "Hỏng", "equipment_id": station.id}
        )
        downtime = self.env["ttcs.downtime"].create({"equipment_id": station.id})
        downtime.request_id = order
        with self.assertRaises(UserError):
            order.with_user(keeper).write(
                {"downtime_ids": [(1, downtime.id, {"agency_id": self.committee_g.id})]}
            )

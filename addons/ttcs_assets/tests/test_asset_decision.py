import doctest
from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..decisions import approval
from .decision_common import LIMIT, DecisionCase


@tagged("post_install", "-at_install")
class TestAssetDecisionSteps(DecisionCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(approval).failed, 0)

    def test_the_values_are_those_of_the_dossiers_day_and_stay(self):
        dossier = self.submit(self.make_dossier())
        line = dossier.line_ids
        expected = self.cluster.with_context(ttcs_as_of=dossier.date).residual_value
        self.assertEqual((line.original_cost, line.residual_value), (20_000_000, expected))
        self.cluster.original_cost = 90_000_000
        self.env.invalidate_all()
        self.assertEqual(line.original_cost, 20_000_000)
        self.assertEqual(dossier.original_cost, 20_000_000)

    def test_values_follow_the_day_while_it_is_a_draft(self):
        dossier = self.make_dossier()
        before = dossier.line_ids.residual_value
        dossier.date = self.cluster.in_use_date
        self.assertEqual(dossier.line_ids.residual_value, 20_000_000)
        self.assertLess(before, 20_000_000)

    def test_the_limit_itself_still_belongs_to_the_lower_level(self):
        self.cluster.original_cost = LIMIT
        self.assertEqual(self.submit(self.make_dossier()).approver_agency_id, self.committee_c)
        self.cluster_at_commune.original_cost = LIMIT + 1
        above = self.submit(self.make_dossier(self.cluster_at_commune))
        self.assertEqual(above.approver_agency_id, self.committee)

    def test_only_a_leader_of_the_approving_agency_approves(self):
        dossier = self.submit(self.make_dossier())
        for user in (self.officer, self.governor, self.neighbour):
            with self.subTest(user=user.name), self.assert_refused(AccessError):
                self.approve(dossier, user)
        self.approve(dossier)
        self.assertEqual((dossier.state, dossier.approved_by_id), ("approved", self.chair))

    def test_a_leader_whose_assignment_ended_approves_nothing(self):
        former = self.make_user(
            self.committee_c, "leader", valid_to=self.yesterday, groups=["base.group_user"]
        )
        dossier = self.submit(self.make_dossier())
        with self.assert_refused(AccessError):
            self.approve(dossier, former)

    def test_nobody_approves_his_own_dossier(self):
        both = self.make_user(self.committee_c, "assets", "leader")
        dossier = self.submit(self.make_dossier(user=both), both)
        with self.assert_refused(AccessError):
            self.approve(dossier, both)
        with mute_logger("odoo.sql_db"), self.assert_refused(CheckViolation):
            dossier.sudo().write(
                {
                    "state": "approved",
                    "approved_by_id": both.id,
                    "decision_number": "1",
                    "decision_date": self.today,
                }
            )

    def test_two_steps_when_the_table_says_so(self):
        self.make_level("disposal", step=2, relation="provincial_committee")
        dossier = self.submit(self.make_dossier())
        self.approve(dossier, number=None)
        self.assertEqual(
            (dossier.state, dossier.approver_agency_id), ("submitted", self.committee)
        )
        self.approve(dossier, self.governor)
        self.assertEqual(dossier.state, "approved")
        self.assertEqual(dossier.approval_ids.mapped("act"), ["submitted", "agreed", "approved"])
        self.assertEqual(
            dossier.approval_ids.mapped("user_id"), self.officer | self.chair | self.governor
        )

    def test_a_required_position_is_asked_for(self):
        self.env["ttcs.approval.level"].search(
            [("kind", "=", "disposal")]
        ).position_id = self.env.ref("ttcs_base.ttcs_position_commune_chair")
        dossier = self.submit(self.make_dossier())
        with self.assert_refused(AccessError):
            self.approve(dossier)
        person = self.chair.ttcs_person_ids
        self.assign(
            person,
            self.committee_c,
            "leader",
            position=self.env.ref("ttcs_base.ttcs_position_commune_chair"),
        )
        self.approve(dossier)
        self.assertEqual(dossier.state, "approved")

    def test_who_was_competent_yesterday_does_not_decide_today(self):
        dossier = self.submit(self.make_dossier())
        levels = self.env["ttcs.approval.level"]
        levels.search([("kind", "=", "disposal")]).valid_to = self.yesterday
        self.make_level("disposal", relation="provincial_committee", valid_from=self.today)
        with self.assert_refused(UserError):
            self.approve(dossier)
        dossier.with_user(self.chair)._send_back("returned", "Thẩm quyền đã thay đổi")
        self.submit(dossier)
        self.assertEqual(dossier.approver_agency_id, self.committee)

    def test_a_table_that_names_nobody_says_so(self):
        self.env["ttcs.approval.level"].search([("kind", "=", "disposal")]).active = False
        with self.assert_refused(UserError):
            self.submit(self.make_dossier())

    def test_the_row_for_an_agency_comes_before_the_general_one(self):
        self.make_level(
            "disposal", agency_id=self.committee_c.id, relation="named", sequence=99,
            approver_agency_id=self.department.id,
        )  # fmt: skip
        self.assertEqual(self.submit(self.make_dossier()).approver_agency_id, self.department)

    def test_an_incomplete_dossier_is_not_submitted(self):
        empty = self.env["maintenance.equipment"]
        for values in (
            {"assets": empty},
            {"kind": "transfer", "receiver_agency_id": False},
            {"method": False},
            {"kind": "loss", "cause": False},
            {"reason": False},
            {"date": self.tomorrow},
            {"agency_id": self.committee_c.id, "assets": self.cluster_g, "user": self.env.user},
        ):
            with self.subTest(values=values), self.assert_refused(UserError):
                dossier = self.make_dossier(**values)
                self.submit(dossier, values.get("user"))

    def test_a_decision_before_the_proposal_or_in_the_future_is_refused(self):
        dossier = self.submit(self.make_dossier())
        for number, on in (
            ("1", dossier.date - timedelta(days=1)),
            ("1", self.tomorrow),
            ("", self.today),
            ("1", False),
        ):
            with self.subTest(on=on), self.assert_refused(UserError):
                dossier.with_user(self.chair)._approve("", number, on)

    def test_returned_with_a_reason_corrected_and_approved(self):
        dossier = self.submit(self.make_dossier())
        with self.assert_refused(UserError):
            dossier.with_user(self.chair)._send_back("returned", " ")
        dossier.with_user(self.chair)._send_back("returned", "Thiếu ảnh")
        self.assertEqual((dossier.state, dossier.closing_reason), ("returned", "Thiếu ảnh"))
        number = dossier.name
        dossier.reason = "Đã bổ sung"
        self.approve(self.submit(dossier))
        self.assertEqual((dossier.state, dossier.name), ("approved", number))

    def test_rejected_and_cancelled_dossiers_free_their_assets(self):
        rejected = self.submit(self.make_dossier())
        rejected.with_user(self.chair)._send_back("rejected", "Còn dùng được")
        cancelled = self.submit(self.make_dossier())
        cancelled._cancel("Nhập nhầm")
        again = self.make_dossier()
        self.assertEqual(rejected.line_ids.state, "closed")
        self.assertEqual(cancelled.state, "cancelled")
        self.assertEqual(self.cluster.open_decision_id, again.with_env(self.env))

    def test_the_neighbour_reads_a_dossier_only_as_receiver(self):
        disposal = self.make_dossier().with_env(self.env)
        transfer = self.make_dossier(self.cluster_at_commune, "transfer").with_env(self.env)
        both = disposal | transfer
        self.assertEqual(self.seen_by(self.neighbour, both), transfer)
        with self.assert_refused(AccessError):
            transfer.with_user(self.neighbour).reason = "Khác"
        with self.assert_refused(AccessError):
            transfer.with_user(self.neighbour)._cancel("Không nhận")

    def test_the_list_opens_a_dossier_of_one_agency(self):
        assets = self.cluster | self.cluster_at_commune
        action = assets.with_user(self.officer).action_propose_decision()
        self.assertEqual(len(action["context"]["default_line_ids"]), 2)
        with self.assert_refused(UserError):
            (assets | self.cluster_g).action_propose_decision()
        self.make_dossier()
        with self.assert_refused(UserError):
            assets.with_user(self.officer).action_propose_decision()


@tagged("post_install", "-at_install")
class TestAssetDecisionFreeze(DecisionCase):
    """What the database keeps, whoever writes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier = cls.submit(cls.make_dossier()).with_env(cls.env)

    def refused(self, error, action):
        with mute_logger("odoo.sql_db"), self.assert_refused(error):
            action()

    def test_an_asset_stands_in_one_open_dossier(self):
        self.refused(UniqueViolation, lambda: self.make_dossier())

    def test_a_submitted_dossier_does_not_change(self):
        for values in (
            {"kind": "sale", "method": "auction"},
            {"reason": "Khác"},
            {"expected_cost": 5},
            {"state": "draft"},
        ):
            with self.subTest(values=values):
                self.refused(CheckViolation, lambda values=values: self.dossier.write(values))
        self.refused(
            CheckViolation,
            lambda: self.env.cr.execute(
                "DELETE FROM ttcs_asset_decision WHERE id = %s", [self.dossier.id]
            ),
        )

    def test_its_lines_neither_change_nor_come_nor_go(self):
        line = self.dossier.line_ids
        self.refused(CheckViolation, lambda: line.write({"original_cost": 1}))
        self.refused(CheckViolation, lambda: line.unlink())
        self.refused(
            CheckViolation,
            lambda: line.create(
                {"decision_id": self.dossier.id, "equipment_id": self.cluster_at_commune.id}
            ),
        )
        self.refused(
            CheckViolation,
            lambda: line.write({"state": "carried_out", "carried_out_on": self.today}),
        )

    def test_nothing_is_submitted_without_an_asset(self):
        empty = self.make_dossier(self.env["maintenance.equipment"]).with_env(self.env)
        self.refused(CheckViolation, lambda: empty.write({"state": "submitted"}))

    def test_opinions_are_kept(self):
        opinion = self.dossier.approval_ids
        self.refused(CheckViolation, lambda: opinion.write({"opinion": "Khác"}))
        self.refused(CheckViolation, lambda: opinion.unlink())

    def test_approved_without_number_or_backwards_is_refused(self):
        self.refused(CheckViolation, lambda: self.dossier.write({"state": "approved"}))
        self.approve(self.dossier)
        self.refused(CheckViolation, lambda: self.dossier.write({"state": "submitted"}))
        self.refused(CheckViolation, lambda: self.dossier.write({"decision_number": "99"}))

    def test_the_receiver_is_another_agency(self):
        self.refused(
            CheckViolation,
            lambda: self.make_dossier(
                self.cluster_at_commune, "transfer", receiver_agency_id=self.committee_c.id
            ),
        )
